/// SQuAD's own layout: articles of paragraphs of questions, walked without holding more than one paragraph.
struct NestedQuestions: RowParser {
  private let text: SourceText
  /// The whole file, inside the list of articles.
  private var articles: JSONScanner
  private var isFirst = true
  private var isFinished = false
  private var title: String?
  private var paragraphs: Elements
  private var context = ""
  private var questions: Elements
  /// Questions so far.
  private var row = 0
  private var line = 1
  private var counted: Int

  var source: SourceText? { text }
  var offset: Int { counted }

  /// nil when the file's first object has no list under `data`.
  init?(_ source: SourceText) throws(DataError) {
    var scanner = JSONScanner(source, source.start..<source.bytes.count)
    guard scanner.take("{"), !scanner.take("}") else { return nil }
    while try JSONScanner.text(try scanner.name(), in: source) != "data" {
      _ = try scanner.value()
      guard scanner.take(",") else { return nil }
    }
    guard scanner.take("[") else { return nil }
    text = source
    articles = scanner
    counted = source.start
    paragraphs = Elements()
    questions = Elements()
  }

  mutating func next() throws(DataError) -> Question? {
    while !isFinished {
      if let question = try questions.next(in: text) {
        line += text.bytes[counted..<question.lowerBound].count { $0 == UInt8(ascii: "\n") }
        counted = question.lowerBound
        row += 1
        return try object(question).question(number: row, title: title, context: context)
      }
      if let paragraph = try paragraphs.next(in: text) {
        try open(paragraph: object(paragraph))
      } else {
        try openArticle()
      }
    }
    return nil
  }

  private mutating func open(paragraph: JSONObject) throws(DataError) {
    guard let context = paragraph["context"] else { throw paragraph.missing("context") }
    guard let questions = paragraph["qas"] else { throw paragraph.missing("qas") }
    self.context = try paragraph.string(context, "context")
    self.questions = try Elements(questions, "qas", of: paragraph)
  }

  private mutating func openArticle() throws(DataError) {
    let isEnd = isFirst ? articles.next() == UInt8(ascii: "]") : !articles.take(",")
    isFirst = false
    guard !isEnd else { return try finish() }
    _ = articles.next()
    let begin = articles.offset
    _ = try articles.value()
    let article = try object(begin..<articles.offset)
    guard let paragraphs = article["paragraphs"] else { throw article.missing("paragraphs") }
    title = nil
    if case .string(let string)? = article["title"] { title = try JSONScanner.text(string, in: text) }
    self.paragraphs = try Elements(paragraphs, "paragraphs", of: article)
  }

  /// Reads what stands behind the articles.
  private mutating func finish() throws(DataError) {
    try articles.expect("]")
    while articles.take(",") {
      _ = try articles.name()
      _ = try articles.value()
    }
    try articles.expect("}")
    if articles.next() != nil { throw articles.fault }
    isFinished = true
  }

  private func object(_ range: Range<Int>) throws(DataError) -> JSONObject {
    try JSONObject(source: text, members: [], line: line, begin: range.lowerBound).child(range)
  }

  /// The objects of a list that was stepped over, one by one.
  private struct Elements: Sendable {
    private var place = 0
    private var end = 0

    init() {}

    init(_ value: JSONValue, _ name: String, of object: JSONObject) throws(DataError) {
      guard case .list(let range) = value else { throw .wrongKind(object.place(name), found: value.kind) }
      place = range.lowerBound + 1
      end = range.upperBound
    }

    mutating func next(in source: SourceText) throws(DataError) -> Range<Int>? {
      guard place < end else { return nil }
      var scanner = JSONScanner(source, place..<end)
      _ = scanner.take(",")
      if scanner.take("]") {
        place = end
        return nil
      }
      _ = scanner.next()
      let begin = scanner.offset
      _ = try scanner.value()
      place = scanner.offset
      return begin..<place
    }
  }
}
