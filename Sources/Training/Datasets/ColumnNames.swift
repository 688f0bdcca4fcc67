/// The names under which the columns of a data file are looked for.
struct ColumnNames {
  let text: String
  let label: String

  /// What others call the column that goes by the first name here; an earlier name is preferred.
  static let synonyms: [String: [String]] = [
    "text": ["sentence", "review", "content", "question", "sentence1", "question1", "premise"],
    "pair": ["text_pair", "sentence2", "question2", "hypothesis"],
    "source": ["prompt", "document", "article", "dialogue", "instruction", "question", "input", "text"],
    "target": ["completion", "summary", "highlights", "response", "output", "answer"],
    "label": ["labels", "sentiment", "category", "class", "intent"],
  ]

  static func accepted(for name: String) -> [String] { [name] + (synonyms[name] ?? []) }

  /// The first of `names` that is the column called `name`: exactly, in any case, or by a synonym.
  static func index(of name: String, in names: [String]) -> Int? {
    if let exact = names.firstIndex(of: name) { return exact }
    for accepted in accepted(for: name) {
      if let index = names.firstIndex(where: { $0.lowercased() == accepted.lowercased() }) { return index }
    }
    return nil
  }

  /// Throws `noHeader` when none of the names is known and they look like a row of data.
  func refuseData(_ names: [String], file: String) throws(DataError) {
    let isForeign = [text, label].allSatisfy { Self.index(of: $0, in: names) == nil }
    if isForeign, !Self.looksLikeHeader(names) { throw .noHeader(file: file, suggested: header(for: names)) }
  }

  /// Where the wanted columns are among `names`; throws `missingColumn`.
  func places(in names: [String], file: String, line: Int) throws(DataError) -> ColumnPlaces {
    func place(_ column: String) throws(DataError) -> Int {
      if let index = Self.index(of: column, in: names) { return index }
      throw .missingColumn(
        file: file, line: line, column: column, accepted: Self.accepted(for: column), have: names)
    }
    let text = try place(text)
    let label = try place(label)
    let pair = Self.index(of: "pair", in: names).flatMap { $0 == text || $0 == label ? nil : $0 }
    let columns = LabelledTexts.Columns(text: names[text], pair: pair.map { names[$0] }, label: names[label])
    return ColumnPlaces(text: text, pair: pair, label: label, columns: columns)
  }

  /// Whether a first row may be a header: short, different names of few words. A single cell may hold several
  /// names with the wrong separator between them.
  static func looksLikeHeader(_ names: [String]) -> Bool {
    let marks = (names.count == 1 ? " _-.,;|\t" : " _-.").unicodeScalars
    return Set(names).count == names.count
      && names.allSatisfy { name in
        (1...32).contains(name.utf8.count) && name.split(separator: " ").count <= 3
          && name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || marks.contains($0)
          }
      }
  }

  /// A header for a row of data: of two cells, the longer one is the text.
  func header(for row: [String]) -> [String] {
    guard row.count == 2, let first = row.first, let last = row.last, last.utf8.count > first.utf8.count
    else { return [text, label] }
    return [label, text]
  }
}

/// The numbers of the wanted columns, from 0, and their names.
struct ColumnPlaces: Sendable {
  let text: Int
  let pair: Int?
  let label: Int
  let columns: LabelledTexts.Columns
}
