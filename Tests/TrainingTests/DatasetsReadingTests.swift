import Foundation
import Testing
import Training

@Suite struct DatasetsReadingTests {
  @Test func tabsAreTheOnlyMarkInATSV() throws {
    let read = try LabelledTexts.read(Repository.fixture("polarity.tsv"))
    #expect(read.texts[0] == "a film that \" wants \" to be loved , and mostly earns it -- slowly .")
    #expect(read.texts[2] == "el café de la esquina’s charm , on film at last .")
    #expect(read.labels == ["POSITIVE", "NEGATIVE", "POSITIVE", "NEGATIVE"])
    #expect(read.lines == [2, 3, 4, 5])
    #expect(read.columns == .init(text: "text", label: "label"))
    #expect(read.labelNames == ["NEGATIVE", "POSITIVE"])
  }

  @Test func aCSVWithMarkReturnsQuotesAndALineBreakInACell() throws {
    let read = try LabelledTexts.read(Repository.fixture("intents.csv"))
    #expect(
      read.texts == [
        "Where is my card?", "I paid twice, and it says \"pending\"",
        "First I topped up.\r\nThen nothing happened", "Why was I charged?",
      ])
    #expect(read.lines == [2, 3, 4, 6])
    #expect(read.columns == .init(text: "text", label: "category"))
    #expect(read.labelNames == ["Extra_fee", "card_arrival", "pending_payment", "top_up_failed"])
  }

  @Test func objectsOneALine() throws {
    let read = try LabelledTexts.read(Repository.fixture("reviews.jsonl"))
    #expect(
      read.texts == ["one \"quoted\" word , a tab\t, café and 😀 .", "dull / flat", "fine , really ."])
    #expect(read.labels == ["POSITIVE", "NEGATIVE", "POSITIVE"])
    #expect(read.lines == [1, 2, 4])
  }

  @Test func objectsInAnArray() throws {
    let read = try LabelledTexts.read(Repository.fixture("stars.json"))
    #expect(read.texts == ["Broke on day one.", "Does what it says.", "It is a lamp."])
    #expect(read.lines == [2, 3, 5])
    #expect(read.columns == .init(text: "review", label: "class"))
    #expect(read.labelNames == ["1", "2", "10"])
  }

  @Test func aFileWithoutAHeaderIsToldWhichToAdd() throws {
    let url = Repository.fixture("messages")
    #expect(throws: DataError.noHeader(file: url.path, suggested: ["label", "text"])) {
      try LabelledTexts.read(url)
    }
    let file = try DataFile("messages", Array("label\ttext\n".utf8) + Array(try Data(contentsOf: url)))
    let read = try LabelledTexts.read(file.url)
    #expect(read.labels == ["ham", "spam", "ham"])
    #expect(read.texts.last == "ok")
  }

  @Test(arguments: ["train.tsv", "validation.tsv"]) func theShippedReviews(name: String) throws {
    let read = try LabelledTexts.read(
      Repository.root.appendingPathComponent("samples/reviews").appendingPathComponent(name))
    #expect(read.labelNames == ["NEGATIVE", "POSITIVE"])
    #expect(read.rows.count >= 50)
  }

  /// Endings may be in any case; a JSON file may hold lines, a lines file an array.
  @Test(arguments: [
    ("a.TSV", "text\tlabel\nx\ty\n"), ("a.tab", "text\tlabel\nx\ty"), ("a.txt", "text\tlabel\r\nx\ty\r\n"),
    ("a", "\u{feff}text\tlabel\r\n\r\nx\ty\r"), ("a.Csv", "text,label\nx,y"),
    ("a.csv", "label,text\r\ny,\"x\""),
    ("a.tsv", " Text \tLABEL\nx\t y \n"), ("a.csv", "id,Sentence,Intent\n\n1,x,y\n"),
    ("a.json", "{\"text\":\"x\",\"label\":\"y\"}\n"), ("a.jsonl", "[{\"text\":\"x\",\"label\":\"y\"}]"),
    ("a.ndjson", "\u{feff}{\"text\":\"x\",\"label\":\"y\"}\r\n\r\n"),
    ("a.jsonl", "{\"t\\u0065xt\": \"\\u0078\", \"label\": \"n\", \"label\": \"y\"}"),
  ])
  func oneRowWrittenInManyWays(name: String, content: String) throws {
    let file = try DataFile(name, content)
    let read = try LabelledTexts.read(file.url)
    #expect(read.texts == ["x"])
    #expect(read.labels == ["y"])
  }

  @Test func aSecondTextIsAPair() throws {
    let file = try DataFile("a.tsv", "hypothesis\tlabel\tpremise\nb\tyes\ta\n")
    let read = try LabelledTexts.read(file.url)
    #expect(read.rows == [LabelledText(text: "a", pair: "b", label: "yes", line: 2)])
    #expect(read.columns == .init(text: "premise", pair: "hypothesis", label: "label"))
  }

  @Test func columnsNamedByTheUser() throws {
    let file = try DataFile("a.csv", "text,Body,label,topic\na,b,c,d\n")
    let read = try LabelledTexts.read(file.url, textColumn: "body", labelColumn: "topic")
    #expect(read.rows == [LabelledText(text: "b", label: "d", line: 2)])
  }

  /// Whatever stands in a text comes back from RFC 4180's quoting.
  @Test func quotingAndBack() throws {
    let texts =
      [
        "\"", "\"\"", "\"\"\"x", "a\"", ",", "\n", "\r\n", "a\rb", "\" , \"\"\n\"", "é\"\u{301}x",
        "tab\there",
        "😀,\"😀",
      ].map { "(\($0)" } + ["\"start", "\"\u{301}", "end\""]
    let lines = texts.map { "\"\($0.utf8Doubled)\",l\r\n" }
    let file = try DataFile("a.csv", "text,label\r\n" + lines.joined())
    let read = try LabelledTexts.read(file.url)
    #expect(read.texts.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
  }

  @Test func labelsOfAllKindsInJSON() throws {
    let labels = ["b", "-7", "true", "false", "123456789012345678901"]
    let rows = (["\"b\""] + labels.dropFirst()).map { "{\"text\":\"x\",\"label\":\($0)}" }
    let file = try DataFile("a.jsonl", rows.joined(separator: "\n"))
    #expect(try LabelledTexts.read(file.url).labels == labels)
  }
}

extension String {
  /// Every quote twice, by bytes: a quote may carry an accent.
  fileprivate var utf8Doubled: String {
    String(decoding: utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }, as: UTF8.self)
  }
}
