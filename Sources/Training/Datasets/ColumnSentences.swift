/// Sentences as CoNLL files have them: a word a line with its columns, an empty line after a sentence.
struct ColumnSentences: RowParser {
  private var lines: LineWalker
  private let columns: ColumnLayout

  var source: SourceText? { lines.source }
  var offset: Int { lines.offset }
  var layout: RowLayout { .paragraphs(shared: columns.shared) }

  init(_ source: SourceText, _ options: ReadingOptions) throws(DataError) {
    columns = try ColumnLayout(of: source, tagColumn: options.tagColumn)
    lines = LineWalker(source)
  }

  mutating func next() throws(DataError) -> TaggedSentence? {
    var words: [String] = []
    var tags: [String] = []
    var first = 0
    while let (range, line) = lines.next() {
      let cells = columns.cells(range, in: lines.source)
      if columns.isBoundary(cells, in: lines.source) {
        if words.isEmpty { continue }
        break
      }
      if try columns.isSkipped(range, cells, line: line, in: lines.source) { continue }
      guard cells.count == columns.columns else {
        let column = DataPlace.Column.number(min(cells.count, columns.columns) + 1)
        throw .wrongColumnCount(
          DataPlace(file: lines.source.file, line: line, column: column), expected: columns.columns,
          found: cells.count)
      }
      let tag = trimmed(try lines.source.text(cells[columns.tag]))
      if tag.isEmpty {
        throw .missingLabel(DataPlace(file: lines.source.file, line: line, column: .number(columns.tag + 1)))
      }
      if words.isEmpty { first = line }
      words.append(trimmed(try lines.source.text(cells[columns.word])))
      tags.append(tag)
    }
    return words.isEmpty ? nil : TaggedSentence(words: words, tags: tags, line: first)
  }
}

/// How the lines of a CoNLL file are divided, found out from its beginning.
struct ColumnLayout: Sendable {
  /// Where any line has a tab, tabs alone divide: a word may be blank or hold a space.
  let hasTabs: Bool
  let columns: Int
  /// The places of the word and its tag, from 0.
  let word: Int
  let tag: Int
  /// The first column numbers the words of a sentence, as in CoNLL-U.
  private let isNumbered: Bool
  /// The line of a header, which is no word.
  private let header: Int?
  /// The bytes up to the end of the lines that name the columns.
  let shared: Range<Int>

  private static let sampleSize = 2000
  private static let hash = UInt8(ascii: "#")

  /// - Parameter tagColumn: a name (of a header or of `# global.columns`), or a number from 1; without it the last
  ///   column in which every cell is a tag, or else the last
  init(of source: SourceText, tagColumn: String?) throws(DataError) {
    var walker = LineWalker(source)
    var lines: [(range: Range<Int>, line: Int)] = []
    var hashed = lines
    var names: [String] = []
    var namesEnd = source.start
    while lines.count + hashed.count < Self.sampleSize, let (range, line) = walker.next() {
      if source.bytes[range].first == Self.hash {
        if let found = try Self.columnNames(try source.text(range)) { (names, namesEnd) = (found, walker.offset) }
        hashed.append((range, line))
      } else if !source.bytes[range].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        lines.append((range, line))
      }
    }
    if lines.isEmpty { lines = hashed }
    hasTabs = lines.contains { source.bytes[$0.range].contains(0x09) }
    let divide = hasTabs ? Self.tabbed : Self.spaced
    var rows: [[String]] = []
    for (range, _) in lines {
      var row: [String] = []
      for cell in divide(range, source) { row.append(trimmed(try source.text(cell))) }
      rows.append(row)
    }
    rows.removeAll { $0.first == ColumnLayout.documentStart }
    columns = rows.first?.count ?? 0
    guard columns > 1 else { throw .noTags(file: source.file, line: lines.first?.line ?? 1) }
    var header: Int?
    if names.isEmpty, let tagColumn, Int(tagColumn) == nil, rows[0].contains(tagColumn) {
      names = rows.removeFirst()
      header = lines.first?.line
      namesEnd = min((lines.first?.range.upperBound ?? 0) + 1, source.bytes.count)
    }
    self.header = header
    shared = source.start..<namesEnd
    let whole = rows.filter { [columns] in $0.count == columns }
    isNumbered =
      columns > 2 && ["1", "1-"].contains(whole.first?[0].prefix(2) ?? "")
      && whole.allSatisfy { $0[0].first?.isNumber == true }
    word = isNumbered ? 1 : 0
    tag = try Self.tagPlace(tagColumn, names, whole, columns, after: word, source.file)
  }

  private static func tagPlace(
    _ wanted: String?, _ names: [String], _ rows: [[String]], _ columns: Int, after word: Int, _ file: String
  ) throws(DataError) -> Int {
    if let wanted {
      let place = names.firstIndex(of: wanted) ?? Int(wanted).map { $0 - 1 }
      guard let place, (0..<columns).contains(place), place != word else {
        throw .noTagColumn(file: file, name: wanted, columns: columns)
      }
      return place
    }
    let fitting = (word + 1..<columns).last { column in
      rows.allSatisfy { TagScheme.isPrefixed($0[column]) }
    }
    return fitting ?? columns - 1
  }

  static let documentStart = "-DOCSTART-"

  func cells(_ range: Range<Int>, in source: SourceText) -> [Range<Int>] {
    hasTabs ? Self.tabbed(range, source) : Self.spaced(range, source)
  }

  /// Whether a line ends a sentence: nothing in it, or the start of a document.
  func isBoundary(_ cells: [Range<Int>], in source: SourceText) -> Bool {
    guard let first = cells.first else { return true }
    if source.bytes[first].elementsEqual(Self.documentStart.utf8) { return true }
    return cells.allSatisfy { source.bytes[$0].allSatisfy { $0 == 0x20 } }
  }

  /// Whether a line is a comment, a header, or a number that CoNLL-U gives to no word of its own (`3-4`, `8.1`).
  ///
  /// A line that begins with `#` is a word when it has all columns and its tag is one.
  func isSkipped(
    _ range: Range<Int>, _ cells: [Range<Int>], line: Int, in source: SourceText
  ) throws(DataError) -> Bool {
    if line == header { return true }
    if isNumbered, let first = cells.first, source.bytes[first].contains(where: { $0 == 0x2d || $0 == 0x2e }) {
      return true
    }
    guard source.bytes[range].first == Self.hash else { return false }
    guard cells.count == columns else { return true }
    let isSpaced = source.bytes[range].dropFirst().first == 0x20
    let tag = trimmed(try source.text(cells[tag]))
    return isSpaced && !TagScheme.isPrefixed(tag)
  }

  /// The names after `# global.columns =` (CoNLL-U Plus).
  private static func columnNames(_ comment: String) throws(DataError) -> [String]? {
    let parts = comment.dropFirst().split(separator: "=", maxSplits: 1)
    guard parts.count == 2, trimmed(String(parts[0])) == "global.columns" else { return nil }
    return parts[1].split(separator: " ").map(String.init)
  }

  private static func tabbed(_ range: Range<Int>, _ source: SourceText) -> [Range<Int>] {
    var cells: [Range<Int>] = []
    var begin = range.lowerBound
    while let end = source.bytes.first(0x09, in: begin..<range.upperBound) {
      cells.append(begin..<end)
      begin = end + 1
    }
    return cells + [begin..<range.upperBound]
  }

  private static func spaced(_ range: Range<Int>, _ source: SourceText) -> [Range<Int>] {
    var cells: [Range<Int>] = []
    var begin: Int?
    for place in range {
      let isSpace = source.bytes[place] == 0x20
      if isSpace, let start = begin {
        cells.append(start..<place)
        begin = nil
      } else if !isSpace, begin == nil {
        begin = place
      }
    }
    return cells + (begin.map { [$0..<range.upperBound] } ?? [])
  }
}
