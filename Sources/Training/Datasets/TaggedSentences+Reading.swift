import Foundation

extension TaggedSentences {
  /// Reads CoNLL columns, or JSON objects with lists of words and tags, once from end to end.
  ///
  /// The ending .json, .jsonl or .ndjson means objects; any other means columns.
  package static func read(
    _ url: URL, _ options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> TaggedSentences {
    let source = try SourceText.open(url)
    let isJSON = ["json", "jsonl", "ndjson"].contains(url.pathExtension.lowercased())
    return isJSON
      ? try read(ObjectSentences(source, options), options) : try read(ColumnSentences(source, options), options)
  }

  private static func read(
    _ parser: some RowParser<TaggedSentence>, _ options: ReadingOptions
  ) throws(DataError) -> TaggedSentences {
    let file = parser.source?.file ?? ""
    var facts = Facts()
    let rows = try DataRows(parser, file: file, limit: options.limit) { (row) throws(DataError) in facts.add(row) }
    return TaggedSentences(file: file, rows: rows, facts)
  }
}

/// Sentences as JSON objects: a list of words, and a list of their tags.
struct ObjectSentences: RowParser {
  private var walker: ObjectWalker
  private let words: String
  private let tags: String
  private let names: [String]?

  static let wordNames = ["tokens", "words", "text"]
  static let tagNames = ["ner_tags", "tags", "labels", "ner", "ner_labels"]

  var source: SourceText? { walker.source }
  var offset: Int { walker.offset }
  var layout: RowLayout { walker.layout }

  init(_ source: SourceText, _ options: ReadingOptions) throws(DataError) {
    walker = ObjectWalker(source)
    names = options.tagNames
    var ahead = walker
    guard let first = try ahead.next() else { throw .noRows(file: source.file) }
    func column(_ accepted: [String]) throws(DataError) -> String {
      if let name = first.first(accepted)?.name { return name }
      throw .missingColumn(
        file: source.file, line: first.line, column: accepted[0], accepted: accepted, have: try first.names())
    }
    words = try column(Self.wordNames)
    tags = try column(options.tagColumn.map { [$0] } ?? Self.tagNames)
  }

  mutating func next() throws(DataError) -> TaggedSentence? {
    guard let object = try walker.next() else { return nil }
    let words = try texts(of: object, words)
    let tags = try texts(of: object, self.tags)
    guard words.count == tags.count else {
      throw .unequalCounts(object.place(self.tags), words: words.count, tags: tags.count)
    }
    return TaggedSentence(words: words, tags: tags, line: object.line)
  }

  private func texts(of object: JSONObject, _ column: String) throws(DataError) -> [String] {
    guard let value = object[column] else {
      throw .missingColumn(
        file: object.source.file, line: object.line, column: column, accepted: [column], have: try object.names())
    }
    var texts: [String] = []
    for element in try object.list(value, column) {
      if column == tags, case .integer = element {
        texts.append(try name(of: try object.label(element, column), object.place(column)))
      } else {
        texts.append(try object.string(element, column))
      }
    }
    return texts
  }

  private func name(of number: String, _ place: DataPlace) throws(DataError) -> String {
    guard let names else { throw .unnamedTags(place) }
    guard let number = Int(number), names.indices.contains(number) else {
      throw .tagOutOfRange(place, number: number, known: names.count)
    }
    return names[number]
  }
}
