import Foundation

extension Questions {
  /// Reads SQuAD's JSON (1.1 and 2.0), or one question an object as Hugging Face's datasets write them, once from end
  /// to end.
  ///
  /// Every answer must stand in its context where it says, in Unicode scalars; `wrongAnswer` names the first that does
  /// not.
  package static func read(
    _ url: URL, _ options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> Questions {
    let source = try SourceText.open(url)
    if let articles = try NestedQuestions(source) { return try read(articles, options) }
    return try read(ObjectQuestions(source), options)
  }

  private static func read(
    _ parser: some RowParser<Question>, _ options: ReadingOptions
  ) throws(DataError) -> Questions {
    let file = parser.source?.file ?? ""
    var facts = Facts()
    let rows = try DataRows(parser, file: file, limit: options.limit) { (row) throws(DataError) in facts.add(row) }
    return Questions(file: file, rows: rows, facts)
  }
}

/// Questions one an object, each with its own context: `id`, `question`, `context`, `answers` with lists of `text`
/// and `answer_start`.
struct ObjectQuestions: RowParser {
  private var walker: ObjectWalker
  private var row = 0

  var source: SourceText? { walker.source }
  var offset: Int { walker.offset }
  var layout: RowLayout { walker.layout }

  init(_ source: SourceText) { walker = ObjectWalker(source) }

  mutating func next() throws(DataError) -> Question? {
    guard let object = try walker.next() else { return nil }
    row += 1
    guard let value = object["context"] else { throw object.missing("context") }
    return try object.question(number: row, title: nil, context: try object.string(value, "context"))
  }
}

extension JSONObject {
  func missing(_ member: String) -> DataError { .missingMember(source.characterPlace(begin), member: member) }

  /// The question that this object holds.
  /// - Parameter number: stands for an id that is not there
  func question(number: Int, title: String?, context: String) throws(DataError) -> Question {
    guard let value = self["question"] else { throw missing("question") }
    let text = try string(value, "question")
    if isBlank(text) { throw .emptyText(place("question")) }
    if isBlank(context) { throw .emptyText(place("context")) }
    var isImpossible: Bool?
    if case .boolean(let value)? = self["is_impossible"] { isImpossible = value }
    let answers =
      isImpossible == true
      ? [] : try self["answers"].map { value throws(DataError) in try self.answers(value, context) } ?? []
    var id = String(number)
    if let value = self["id"] { id = try label(value, "id") }
    var title = title
    if case .string(let value)? = self["title"] { title = try JSONScanner.text(value, in: source) }
    return Question(
      id: id, title: title, text: text, context: context, answers: answers, isImpossible: isImpossible, line: line)
  }

  /// A list of objects with `text` and `answer_start`, or one object with a list of each.
  private func answers(_ value: JSONValue, _ context: String) throws(DataError) -> [Question.Answer] {
    var answers: [Question.Answer] = []
    switch value {
    case .null: break
    case .object(let range):
      let object = try child(range)
      guard let texts = object["text"] else { throw object.missing("text") }
      guard let starts = object["answer_start"] else { throw object.missing("answer_start") }
      let (all, places) = (try list(texts, "text"), try list(starts, "answer_start"))
      guard all.count == places.count else { throw object.missing(all.count < places.count ? "text" : "answer_start") }
      for (text, start) in zip(all, places) { answers.append(try answer(text, start, context, range.lowerBound)) }
    default:
      for element in try list(value, "answers") {
        guard case .object(let range) = element else { throw .wrongKind(place("answers"), found: element.kind) }
        let object = try child(range)
        guard let text = object["text"] else { throw object.missing("text") }
        guard let start = object["answer_start"] else { throw object.missing("answer_start") }
        answers.append(try answer(text, start, context, range.lowerBound))
      }
    }
    return answers
  }

  private func answer(
    _ text: JSONValue, _ start: JSONValue, _ context: String, _ begin: Int
  ) throws(DataError) -> Question.Answer {
    let text = try string(text, "text")
    guard case .integer(let range) = start, let start = Int(try source.text(range)) else {
      throw .wrongKind(place("answer_start"), found: start.kind)
    }
    let found = scalars(of: context, from: start, count: text.unicodeScalars.count)
    guard !text.isEmpty, found.utf8.elementsEqual(text.utf8) else {
      throw .wrongAnswer(source.characterPlace(begin), answer: text, start: start, found: String(found))
    }
    return Question.Answer(text, start: start)
  }

  /// An object inside of this one.
  func child(_ range: Range<Int>) throws(DataError) -> JSONObject {
    var scanner = JSONScanner(source, range)
    var members: [JSONMember] = []
    guard try scanner.object(into: &members) else { throw .notAnObject(source.characterPlace(range.lowerBound)) }
    return JSONObject(source: source, members: members, line: line, begin: range.lowerBound)
  }
}

/// Some scalars of a text; fewer, or none, where it ends before.
func scalars(of text: String, from start: Int, count: Int) -> Substring {
  let view = text.unicodeScalars
  guard start >= 0, let begin = view.index(view.startIndex, offsetBy: start, limitedBy: view.endIndex) else {
    return ""
  }
  let end = view.index(begin, offsetBy: count, limitedBy: view.endIndex) ?? view.endIndex
  return Substring(view[begin..<end])
}
