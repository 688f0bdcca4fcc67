import Foundation
import Tokenizers

extension Writings {
  /// Reads a plain text, TSV, CSV, JSON or JSON lines.
  ///
  /// A plain text's paragraphs are texts (or its lines, with `linesAreDocuments`). Elsewhere a row is a conversation
  /// (`messages`), a pair (`sourceColumn` and `targetColumn`, or what others call them), or a text (`textColumn`).
  /// - Parameter needsTargets: whether nothing but pairs will do
  package static func read(
    _ url: URL, _ options: ReadingOptions = ReadingOptions(), needsTargets: Bool = false
  ) throws(DataError) -> Writings {
    let source = try SourceText.open(url)
    let format = TextFormat.of(source, ending: url.pathExtension)
    switch format {
    case .tabs, .commas:
      let parser = try DelimitedWritings(source, format == .tabs ? .tabs : .commas, options, needsTargets)
      return try read(parser, parser.columns, options)
    case .objects, .anyText:
      let parser = try ObjectWritings(source, options, needsTargets)
      return try read(parser, parser.columns, options)
    case nil:
      let known = TextFormat.byEnding.map(\.key).filter { !$0.isEmpty }
      guard !needsTargets, ["", "txt", "md"].contains(url.pathExtension.lowercased()) else {
        throw .unknownFormat(file: source.file, known: known)
      }
      let parser = ParagraphWritings(documents: DocumentWalker(source, byLine: options.linesAreDocuments))
      return try read(parser, .paragraphs, options)
    }
  }

  private static func read(
    _ parser: some RowParser<Writing>, _ columns: WritingColumns, _ options: ReadingOptions
  ) throws(DataError) -> Writings {
    let file = parser.source?.file ?? ""
    return Writings(file: file, columns: columns, rows: try DataRows(parser, file: file, limit: options.limit))
  }
}

/// The paragraphs or lines of a plain text.
private struct ParagraphWritings: RowParser {
  var documents: DocumentWalker
  var source: SourceText? { documents.source }
  var offset: Int { documents.offset }
  var layout: RowLayout { documents.layout }

  mutating func next() throws(DataError) -> Writing? {
    try documents.next().map { Writing(.text($0.text), line: $0.line) }
  }
}

extension WritingColumns {
  /// The columns of a header or of a first object; throws `missingColumn`.
  static func wanted(
    _ names: [String], _ options: ReadingOptions, _ needsTargets: Bool, file: String, line: Int
  ) throws(DataError) -> WritingColumns {
    let found = among(names, options)
    if let found, !needsTargets { return found }
    if case .answer? = found { return found ?? .paragraphs }
    let hasSource = ColumnNames.index(of: options.sourceColumn, in: names) != nil
    let missing = !needsTargets ? options.textColumn : hasSource ? options.targetColumn : options.sourceColumn
    throw .missingColumn(
      file: file, line: line, column: missing, accepted: ColumnNames.accepted(for: missing), have: names)
  }
}

/// Texts to write under the header of a TSV or CSV file.
private struct DelimitedWritings: RowParser {
  let columns: WritingColumns
  private var walker: CellWalker
  private let places: [(name: String, index: Int)]
  private let width: Int
  let layout: RowLayout
  private var cells: [CellWalker.Cell] = []

  var source: SourceText? { walker.source }
  var offset: Int { walker.offset }

  /// Reads the header, or takes the names of `options.columns` for one that is not there.
  init(
    _ source: SourceText, _ dialect: CellWalker.Dialect, _ options: ReadingOptions, _ needsTargets: Bool
  ) throws(DataError) {
    walker = CellWalker(source, dialect)
    var names: [String] = []
    var afterHeader = walker
    let line = try afterHeader.next(&cells)
    for cell in cells { names.append(trimmed(try walker.text(cell))) }
    if let given = options.columns {
      if given == names { walker = afterHeader }
      names = given
    } else {
      walker = afterHeader
      if WritingColumns.among(names, options) == nil, !ColumnNames.looksLikeHeader(names) {
        let suggested = names.count == 2 ? [options.sourceColumn, options.targetColumn] : [options.textColumn]
        throw .noHeader(file: source.file, suggested: suggested)
      }
    }
    columns = try .wanted(names, options, needsTargets, file: source.file, line: line ?? 1)
    let read: [String] =
      switch columns {
      case .text(let text): [text]
      case .answer(let source, let target): [source, target]
      case .chat(let name): [name]
      case .languages, .paragraphs: []
      }
    places = read.compactMap { name in names.firstIndex(of: name).map { (name, $0) } }
    width = names.count
    layout = .lines(shared: source.start..<walker.offset)
  }

  mutating func next() throws(DataError) -> Writing? {
    guard let line = try walker.next(&cells) else { return nil }
    guard cells.count == width else {
      let column = DataPlace.Column.number(min(cells.count, width) + 1)
      throw .wrongColumnCount(
        DataPlace(file: walker.source.file, line: line, column: column), expected: width, found: cells.count)
    }
    var texts: [String] = []
    for (name, index) in places {
      let text = try walker.text(cells[index])
      if isBlank(text) { throw .emptyText(DataPlace(file: walker.source.file, line: line, column: .name(name))) }
      texts.append(text)
    }
    return Writing(texts.count == 2 ? .answer(source: texts[0], target: texts[1]) : .text(texts[0]), line: line)
  }
}

/// Texts to write as JSON objects.
private struct ObjectWritings: RowParser {
  let columns: WritingColumns
  private var walker: ObjectWalker

  var source: SourceText? { walker.source }
  var offset: Int { walker.offset }
  var layout: RowLayout { walker.layout }

  /// Looks at the first object, whose names decide what is read.
  init(_ source: SourceText, _ options: ReadingOptions, _ needsTargets: Bool) throws(DataError) {
    walker = ObjectWalker(source)
    var ahead = walker
    guard let first = try ahead.next() else { throw .noRows(file: source.file) }
    if let pair = first["translation"], case .object(let range) = pair {
      let names = try first.nested(range).names()
      let named = [options.sourceColumn, options.targetColumn].allSatisfy(names.contains)
      let pair = named ? [options.sourceColumn, options.targetColumn] : names
      guard pair.count == 2 else {
        throw .missingColumn(
          file: source.file, line: first.line, column: options.sourceColumn, accepted: [options.sourceColumn],
          have: names)
      }
      columns = .languages("translation", source: pair[0], target: pair[1])
    } else {
      columns = try .wanted(try first.names(), options, needsTargets, file: source.file, line: first.line)
    }
  }

  mutating func next() throws(DataError) -> Writing? {
    guard let object = try walker.next() else { return nil }
    let content: Writing.Content
    switch columns {
    case .text(let name): content = .text(try object.filled(name))
    case .answer(let source, let target):
      content = .answer(source: try object.filled(source), target: try object.filled(target))
    case .chat(let name): content = .chat(try object.turns(name))
    case .languages(let name, let source, let target):
      guard case .object(let range)? = object[name] else {
        throw .missingMember(object.place(name), member: name)
      }
      let pair = try object.nested(range)
      content = .answer(source: try pair.filled(source), target: try pair.filled(target))
    case .paragraphs: return nil
    }
    return Writing(content, line: object.line)
  }
}

extension JSONObject {
  /// The object that stands at `range` inside of this one.
  fileprivate func nested(_ range: Range<Int>) throws(DataError) -> JSONObject {
    var scanner = JSONScanner(source, range)
    var members: [JSONMember] = []
    guard try scanner.object(into: &members) else { throw .notAnObject(source.characterPlace(range.lowerBound)) }
    return JSONObject(source: source, members: members, line: line, begin: range.lowerBound)
  }

  /// A text that is there and not blank.
  fileprivate func filled(_ name: String) throws(DataError) -> String {
    guard let value = self[name] else { throw .missingMember(place(name), member: name) }
    let text = try string(value, name)
    if isBlank(text) { throw .emptyText(place(name)) }
    return text
  }

  /// The turns of a conversation: `role` and `content`, or `from` and `value` as ShareGPT has them.
  fileprivate func turns(_ name: String) throws(DataError) -> [ChatTemplate.Message] {
    guard let value = self[name] else { throw .missingMember(place(name), member: name) }
    var turns: [ChatTemplate.Message] = []
    for element in try list(value, name) {
      guard case .object(let range) = element else { throw .wrongKind(place(name), found: element.kind) }
      let turn = try nested(range)
      let (roleName, textName) = turn["role"] == nil && turn["from"] != nil ? ("from", "value") : ("role", "content")
      guard let role = turn[roleName] else { throw .missingMember(place(name), member: roleName) }
      guard let text = turn[textName] else { throw .missingMember(place(name), member: textName) }
      let said = try string(role, name)
      turns.append(
        ChatTemplate.Message(role: Self.roles[said] ?? said, content: try string(text, name)))
    }
    guard turns.contains(where: { $0.role == "assistant" }) else {
      throw .missingMember(place(name), member: "assistant")
    }
    return turns
  }

  private static let roles = ["human": "user", "gpt": "assistant"]
}
