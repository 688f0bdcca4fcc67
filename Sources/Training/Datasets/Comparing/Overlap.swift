/// How many rows of a file say what others say already.
package struct Overlap: Sendable, Encodable {
  /// From which similarity two texts count as nearly the same.
  package static let nearness = 0.7
  /// Rows beyond this many are not looked at: it bounds the memory.
  package static let mostRows = 500_000

  /// Two rows that are alike.
  package struct Pair: Sendable, Encodable {
    /// The lines on which they begin.
    package let line: Int
    package let otherLine: Int
    /// 1 for the same letters and digits.
    package let similarity: Double
    package let text: String
    package let otherText: String
    package let labels: [String]
    package let otherLabels: [String]

    enum CodingKeys: String, CodingKey {
      case line, similarity, text, labels
      case otherLine = "other_line"
      case otherText = "other_text"
      case otherLabels = "other_labels"
    }
  }

  enum CodingKeys: CodingKey { case rows, same, relabelled, near, pairs }

  /// Rows that were looked at; of questions, paragraphs.
  package private(set) var rows = 0
  /// Those with the same letters and digits as one before them, or in the other file.
  package private(set) var same = 0
  /// Of these, those with other labels.
  package private(set) var relabelled = 0
  /// Those that are nearly the same.
  package private(set) var near = 0
  /// The first of each kind, the relabelled ones first.
  package private(set) var pairs: [Pair] = []
  private var counts: [Kind: Int] = [:]

  private enum Kind: Int { case relabelled, same, near }
  private static let mostPairs = 3

  /// Counts a row that is like another; `pair` tells about both where they are to be shown.
  fileprivate mutating func add(isSame: Bool, isRelabelled: Bool, pair: () throws -> Pair) rethrows {
    if isSame { same += 1 } else { near += 1 }
    if isRelabelled { relabelled += 1 }
    let kind: Kind = isSame ? isRelabelled ? .relabelled : .same : .near
    guard counts[kind, default: 0] < Self.mostPairs else { return }
    counts[kind, default: 0] += 1
    let place = counts.filter { $0.key.rawValue <= kind.rawValue }.reduce(0) { $0 + $1.value } - 1
    pairs.insert(try pair(), at: place)
  }

  fileprivate mutating func count() { rows += 1 }
}

extension DataSet {
  /// Rows that are like one before them in the same file.
  /// - Parameter advance: told how many rows are done; stops the work by throwing
  package func duplicates(advance: (Int) throws -> Void = { _ in }) throws -> Overlap {
    var overlap = Overlap()
    let first = try rows.prefix(Overlap.mostRows)
    var index = TextIndex(capacity: first.count)
    try forEachText(of: first, advance) { place, row, text in
      let sketch = TextSketch(text)
      overlap.count()
      let isSame = try compare(row, text, sketch, index, self, first, &overlap)
      if !isSame { index.add(text, sketch, .init(row: place, labels: labelPrint(row))) }
    }
    return overlap
  }

  /// Rows that are like one of another file: what leaks from training into a measurement.
  package func overlap(with other: some DataSet, advance: (Int) throws -> Void = { _ in }) throws -> Overlap {
    var overlap = Overlap()
    let others = try other.rows.prefix(Overlap.mostRows)
    var index = TextIndex(capacity: others.count)
    try other.forEachText(of: others, advance) { place, row, text in
      index.add(text, TextSketch(text), .init(row: place, labels: other.labelPrint(row)))
    }
    try forEachText(of: rows, advance) { _, row, text in
      overlap.count()
      _ = try compare(row, text, TextSketch(text), index, other, others, &overlap)
    }
    return overlap
  }

  /// Goes through the texts that are compared; neighbours that share one count once.
  private func forEachText(
    of rows: DataRows<Row>, _ advance: (Int) throws -> Void, _ body: (Int, Row, PlainText) throws -> Void
  ) throws {
    var last: String?
    try rows.forEach(in: 0..<min(rows.count, Overlap.mostRows)) { place, row in
      if place.isMultiple(of: 512) { try advance(place) }
      let text = compared(row)
      defer { last = text }
      if Self.sharesTexts, text == last { return }
      try body(place, row, PlainText(text))
    }
  }

  /// Looks for a text like this one among `others`, rows of `other`, and counts it.
  /// - Returns: whether the same text is there
  private func compare<Other: DataSet>(
    _ row: Row, _ text: PlainText, _ sketch: TextSketch, _ index: TextIndex, _ other: Other,
    _ others: DataRows<Other.Row>, _ overlap: inout Overlap
  ) throws -> Bool {
    func pair(_ found: Other.Row, _ similarity: Double) -> Overlap.Pair {
      Overlap.Pair(
        line: line(of: row), otherLine: other.line(of: found), similarity: similarity, text: compared(row),
        otherText: other.compared(found), labels: labels(of: row), otherLabels: other.labels(of: found))
    }
    if let same = index.same(as: text) {
      let isRelabelled = !Self.sharesTexts && same.labels != labelPrint(row)
      try overlap.add(isSame: true, isRelabelled: isRelabelled) { pair(try others.row(same.row), 1) }
      return true
    }
    // The sketch errs by about 0.06; the texts themselves decide.
    for (entry, promised) in index.candidates(sketch).prefix(3) where promised > Overlap.nearness - 0.2 {
      let found = try others.row(entry.row)
      let similarity = text.similarity(PlainText(other.compared(found)))
      guard similarity >= Overlap.nearness else { continue }
      overlap.add(isSame: false, isRelabelled: false) { pair(found, similarity) }
      break
    }
    return false
  }

  fileprivate func labelPrint(_ row: Row) -> UInt64 { textFingerprint(labels(of: row).joined(separator: "\n")) }
}
