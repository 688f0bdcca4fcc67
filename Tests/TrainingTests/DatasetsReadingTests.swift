import Foundation
import Testing
import Training

@Suite struct DatasetsReadingTests {
  @Test func tabsAreTheOnlyMarkInATSV() throws {
    let read = try LabelledTexts.read(Repository.fixture("polarity.tsv"))
    #expect(try read.texts()[0] == "a film that \" wants \" to be loved , and mostly earns it -- slowly .")
    #expect(try read.texts()[2] == "el café de la esquina’s charm , on film at last .")
    #expect(try read.labels() == ["POSITIVE", "NEGATIVE", "POSITIVE", "NEGATIVE"])
    #expect(try read.lines() == [2, 3, 4, 5])
    #expect(read.columns == .init(text: "text", label: "label"))
    #expect(read.labelNames == ["NEGATIVE", "POSITIVE"])
  }

  @Test func aCSVWithMarkReturnsQuotesAndALineBreakInACell() throws {
    let read = try LabelledTexts.read(Repository.fixture("intents.csv"))
    #expect(
      try read.texts() == [
        "Where is my card?", "I paid twice, and it says \"pending\"",
        "First I topped up.\r\nThen nothing happened", "Why was I charged?",
      ])
    #expect(try read.lines() == [2, 3, 4, 6])
    #expect(read.columns == .init(text: "text", label: "category"))
    #expect(read.labelNames == ["Extra_fee", "card_arrival", "pending_payment", "top_up_failed"])
  }

  @Test func objectsOneALine() throws {
    let read = try LabelledTexts.read(Repository.fixture("reviews.jsonl"))
    #expect(try read.texts() == ["one \"quoted\" word , a tab\t, café and 😀 .", "dull / flat", "fine , really ."])
    #expect(try read.labels() == ["POSITIVE", "NEGATIVE", "POSITIVE"])
    #expect(try read.lines() == [1, 2, 4])
  }

  @Test func objectsInAnArray() throws {
    let read = try LabelledTexts.read(Repository.fixture("stars.json"))
    #expect(try read.texts() == ["Broke on day one.", "Does what it says.", "It is a lamp."])
    #expect(try read.lines() == [2, 3, 5])
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
    #expect(try read.labels() == ["ham", "spam", "ham"])
    #expect(try read.texts().last == "ok")
  }

  @Test func columnsNamedForAFileWithoutAHeader() throws {
    var options = ReadingOptions()
    options.columns = ["label", "text"]
    let read = try LabelledTexts.read(Repository.fixture("messages"), options)
    #expect(try read.labels() == ["ham", "spam", "ham"])
    #expect(try read.lines() == [1, 2, 3])
    let file = try DataFile("a.tsv", "label\ttext\nb\ta\n")
    #expect(try LabelledTexts.read(file.url, options).rows.all() == [LabelledText(text: "a", label: "b", line: 2)])
  }

  @Test(arguments: [
    ("a.csv", "text,label\nx,a|b\ny,\"b, c\"\nz,\n"),
    ("a.tsv", "text\tlabels\nx\ta|b\ny\tb , c\nz\t\n"),
    (
      "a.jsonl",
      "{\"text\":\"x\",\"labels\":[\"a\",\"b\"]}\n{\"text\":\"y\",\"labels\":\"b,c\"}\n{\"text\":\"z\",\"labels\":[]}"
    ),
  ])
  func severalLabelsARow(name: String, content: String) throws {
    let file = try DataFile(name, content)
    var options = ReadingOptions()
    options.labels = .several
    let read = try LabelledTexts.read(file.url, options)
    #expect(try read.rows.all().map(\.labels) == [["a", "b"], ["b", "c"], []])
    #expect(read.labelNames == ["a", "b", "c"])
    #expect(read.labelCounts == [1, 2, 1])
    let numbers = read.numbering(known: ["c", "b", "a"])
    #expect(try read.rows.all().map { try numbers.numbers(of: $0) } == [[1, 2], [0, 1], []])
  }

  @Test(arguments: [
    ("a.tsv", "text\tlabel\nx\t1.5\ny\t-2\n"),
    ("a.json", "[{\"text\":\"x\",\"label\":1.5},{\"text\":\"y\",\"label\":\"-2\"}]"),
  ])
  func numbersForRegression(name: String, content: String) throws {
    let file = try DataFile(name, content)
    var options = ReadingOptions()
    options.labels = .number
    let read = try LabelledTexts.read(file.url, options)
    #expect(try read.labels() == ["1.5", "-2"])
    #expect(try read.namesForTraining().isEmpty)
  }

  @Test func onlyTheFirstRows() throws {
    let file = try DataFile("a.tsv", "text\tlabel\nx\t1\ny\t2\nbroken\n")
    var options = ReadingOptions()
    options.limit = 2
    #expect(try LabelledTexts.read(file.url, options).texts() == ["x", "y"])
  }

  /// More rows than bookmarks are kept for: each is found again, alone and in ranges.
  @Test func anyRowOfALargeFile() throws {
    let count = 300_000
    let lines = (0..<count).map { "row \($0)\tl\($0 % 3)\n" }.joined()
    let file = try DataFile("large.tsv", "text\tlabel\n" + lines)
    let read = try LabelledTexts.read(file.url)
    #expect(read.count == count)
    #expect(read.labelCounts == [100_000, 100_000, 100_000])
    for row in [0, 1, 63, 64, 65, 99_999, 262_143, count - 1] {
      #expect(try read.rows.row(row) == LabelledText(text: "row \(row)", label: "l\(row % 3)", line: row + 2))
    }
    var seen: [String] = []
    try read.rows.forEach(in: 1000..<1003) { index, row in seen.append("\(index) \(row.text)") }
    #expect(seen == ["1000 row 1000", "1001 row 1001", "1002 row 1002"])
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
    #expect(try read.texts() == ["x"])
    #expect(try read.labels() == ["y"])
  }

  @Test func aSecondTextIsAPair() throws {
    let file = try DataFile("a.tsv", "hypothesis\tlabel\tpremise\nb\tyes\ta\n")
    let read = try LabelledTexts.read(file.url)
    #expect(try read.rows.all() == [LabelledText(text: "a", pair: "b", label: "yes", line: 2)])
    #expect(read.columns == .init(text: "premise", pair: "hypothesis", label: "label"))
  }

  @Test func columnsNamedByTheUser() throws {
    let file = try DataFile("a.csv", "text,Body,label,topic\na,b,c,d\n")
    var options = ReadingOptions()
    options.textColumn = "body"
    options.labelColumn = "topic"
    let read = try LabelledTexts.read(file.url, options)
    #expect(try read.rows.all() == [LabelledText(text: "b", label: "d", line: 2)])
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
    #expect(try read.texts().map { Array($0.utf8) } == texts.map { Array($0.utf8) })
  }

  @Test func labelsOfAllKindsInJSON() throws {
    let labels = ["b", "-7", "true", "false", "123456789012345678901"]
    let rows = (["\"b\""] + labels.dropFirst()).map { "{\"text\":\"x\",\"label\":\($0)}" }
    let file = try DataFile("a.jsonl", rows.joined(separator: "\n"))
    #expect(try LabelledTexts.read(file.url).labels() == labels)
  }
}

extension String {
  /// Every quote twice, by bytes: a quote may carry an accent.
  fileprivate var utf8Doubled: String {
    String(decoding: utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }, as: UTF8.self)
  }
}
