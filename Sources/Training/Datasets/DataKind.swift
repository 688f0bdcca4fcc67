import Foundation

/// What the rows of a file are.
package enum DataKind: Hashable, Sendable {
  case texts(LabelKind)
  case sentences
  case questions
  case documents
  /// Prompts with completions, or conversations.
  case writings

  /// Told by the name's ending where that is enough, else by the first rows; nil when neither says it.
  ///
  /// Labels that are all numbers, some of them with a fraction, are numbers; a JSON list of labels is several.
  package static func told(
    by url: URL, _ options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> DataKind? {
    let source = try SourceText.open(url)
    switch url.pathExtension.lowercased() {
    case "tsv", "tab": return told(source, .tabs, url, options)
    case "csv": return told(source, .commas, url, options)
    case "conll", "conllu", "conllup", "iob", "iob2", "bio", "bioes": return .sentences
    case "json", "jsonl", "ndjson": return try ofObjects(source, options)
    case let ending: return try ofContent(source, isText: ["", "txt", "md"].contains(ending), options)
    }
  }

  private static let sampleSize = 200

  /// Labelled texts, or pairs of texts where nothing is a label.
  private static func told(
    _ source: SourceText, _ dialect: CellWalker.Dialect, _ url: URL, _ options: ReadingOptions
  ) -> DataKind {
    if (try? DelimitedTexts(source, dialect, options)) == nil,
      let writings = try? Writings.read(url, options, needsTargets: true), writings.count > 0
    {
      return .writings
    }
    return .texts(labels(of: source, dialect, options))
  }

  private static func ofContent(
    _ source: SourceText, isText: Bool, _ options: ReadingOptions
  ) throws(DataError) -> DataKind? {
    let first = source.bytes[source.start...].first { $0 > 0x20 }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return try ofObjects(source, options) }
    let line = source.bytes[source.start...].prefix { $0 != UInt8(ascii: "\n") }
    if line.contains(0x09), (try? DelimitedTexts(source, .tabs, options)) != nil {
      return .texts(labels(of: source, .tabs, options))
    }
    if holdsTags(source, options) { return .sentences }
    return isText ? .documents : nil
  }

  /// Whether the first sentences have a column in which every cell is a tag.
  private static func holdsTags(_ source: SourceText, _ options: ReadingOptions) -> Bool {
    guard var parser = try? ColumnSentences(source, options) else { return false }
    for _ in 0..<sampleSize {
      do throws(DataError) {
        guard let sentence = try parser.next() else { break }
        guard sentence.written.allSatisfy(TagScheme.isPrefixed) else { return false }
      } catch {
        return false
      }
    }
    return true
  }

  private static func ofObjects(_ source: SourceText, _ options: ReadingOptions) throws(DataError) -> DataKind? {
    if (try? NestedQuestions(source)) != nil { return .questions }
    var walker = ObjectWalker(source)
    guard let first = try walker.next() else { return nil }
    if first["question"] != nil, first["context"] != nil { return .questions }
    func isList(_ names: [String]) -> Bool { if case .list? = first.first(names)?.value { true } else { false } }
    if isList(ObjectSentences.wordNames), isList(ObjectSentences.tagNames + [options.tagColumn].compactMap { $0 }) {
      return .sentences
    }
    guard let parser = try? ObjectTexts(source, options) else {
      let names = try first.names()
      if names.contains("translation") { return .writings }
      switch WritingColumns.among(names, options) {
      case .answer?, .chat?, .languages?: return .writings
      // A text alone may be for anything.
      case .text?, .paragraphs?, nil: return nil
      }
    }
    if case .list? = first[parser.columns.label] { return .texts(.several) }
    var numeric = options
    numeric.labels = .number
    return .texts(labels(of: try? ObjectTexts(source, numeric)))
  }

  private static func labels(
    of source: SourceText, _ dialect: CellWalker.Dialect, _ options: ReadingOptions
  ) -> LabelKind {
    var numeric = options
    numeric.labels = .number
    return labels(of: try? DelimitedTexts(source, dialect, numeric))
  }

  /// - Parameter parser: takes nothing but numbers for labels
  private static func labels(of parser: (some RowParser<LabelledText>)?) -> LabelKind {
    guard var parser else { return .single }
    var hasFraction = false
    for _ in 0..<sampleSize {
      do throws(DataError) {
        guard let row = try parser.next() else { break }
        hasFraction = hasFraction || row.label.contains(".")
      } catch {
        return .single
      }
    }
    return hasFraction ? .number : .single
  }
}
