import Checkpoints
import Foundation
import Testing
import Training

/// What a file can have wrong with it, and what is said about it.
@Suite struct DatasetsErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let expected: @Sendable (DataFile) -> DataError

    init(_ name: String, _ text: String, _ expected: @escaping @Sendable (DataFile) -> DataError) {
      self.init(name, Array(text.utf8), expected)
    }

    init(_ name: String, _ bytes: [UInt8], _ expected: @escaping @Sendable (DataFile) -> DataError) {
      self.name = name
      self.bytes = bytes
      self.expected = expected
    }

    var testDescription: String { "\(name): \(String(decoding: bytes.prefix(60), as: UTF8.self))" }
  }

  static let textNames = [
    "text", "sentence", "review", "content", "question", "sentence1", "question1", "premise",
  ]
  static let labelNames = ["label", "labels", "sentiment", "category", "class", "intent"]

  static let whole: [Case] = [
    Case("empty.tsv", "") { .noRows(file: $0.path) },
    Case("empty.json", "\u{feff}\r\n ") { .noRows(file: $0.path) },
    Case("header.tsv", "text\tlabel\n") { .noRows(file: $0.path) },
    Case("header.csv", "text,label\r\n\r\n") { .noRows(file: $0.path) },
    Case("list.json", "[ ]\n") { .noRows(file: $0.path) },
    Case("table.xlsx", "text\tlabel\na\tb\n") {
      .unknownFormat(file: $0.path, known: ["tsv", "csv", "jsonl", "ndjson", "json", "tab", "txt"])
    },
    Case("prose.txt", "Just a line.\n") {
      .unknownFormat(file: $0.path, known: ["tsv", "csv", "jsonl", "ndjson", "json", "tab", "txt"])
    },
    Case("bare.tsv", "ham\tLunch at one? The usual place.\n") {
      .noHeader(file: $0.path, suggested: ["label", "text"])
    },
    Case("bare.csv", "\"Lunch at one, as usual?\",ham\n") {
      .noHeader(file: $0.path, suggested: ["text", "label"])
    },
    Case("other.tsv", "body\tlabel\na\tb\n") {
      .missingColumn(file: $0.path, line: 1, column: "text", accepted: textNames, have: ["body", "label"])
    },
    Case("other.csv", "Text,stars given\na,b\n") {
      .missingColumn(
        file: $0.path, line: 1, column: "label", accepted: labelNames, have: ["Text", "stars given"])
    },
    Case("semicolons.csv", "text;label\na;b\n") {
      .missingColumn(file: $0.path, line: 1, column: "text", accepted: textNames, have: ["text;label"])
    },
    Case("other.jsonl", "\n{\"body\": \"a\", \"label\": 1}\n") {
      .missingColumn(file: $0.path, line: 2, column: "text", accepted: textNames, have: ["body", "label"])
    },
    Case("later.jsonl", "{\"text\": \"a\", \"label\": 1}\n{\"label\": 1}\n") {
      .missingColumn(file: $0.path, line: 2, column: "text", accepted: ["text"], have: ["label"])
    },
    Case("twice.tsv", "text\tlabel\ttext\na\tb\tc\n") { .repeatedColumn($0.place(1, .number(3))) },
  ]

  static let tables: [Case] = [
    Case("few.tsv", "text\tlabel\na\tb\nno label\n") {
      .wrongColumnCount($0.place(3, .number(2)), expected: 2, found: 1)
    },
    Case("many.tsv", "text\tlabel\na\tb\r\n\r\na\ttab\tb\r\n") {
      .wrongColumnCount($0.place(4, .number(3)), expected: 2, found: 3)
    },
    Case("many.csv", "text,label\n\"a\nb\",x\nwell, well,y\n") {
      .wrongColumnCount($0.place(4, .number(3)), expected: 2, found: 3)
    },
    Case("blank.tsv", "text\tlabel\n \u{a0}\tb\n") { .emptyText($0.place(2, .name("text"))) },
    Case("blank.csv", "Review,class\n\"\",b\n") { .emptyText($0.place(2, .name("Review"))) },
    Case("pair.tsv", "premise\thypothesis\tlabel\na\t\tb\n") { .emptyText($0.place(2, .name("hypothesis"))) },
    Case("unlabelled.tsv", "text\tlabel\na\t \n") { .missingLabel($0.place(2, .name("label"))) },
    Case("unlabelled.csv", "category,text\nb,a\n,c") { .missingLabel($0.place(3, .name("category"))) },
    Case("open.csv", "text,label\na,b\nc,\"d\ne,f\n") { .unterminatedQuote($0.place(3, .character(3))) },
    Case("stray.csv", "text,label\né 5\" disk,b\n") { .strayQuote($0.place(2, .character(4))) },
    Case("after.csv", "text,label\n\"a\" b,c\n") { .strayQuote($0.place(2, .character(3))) },
    Case("nul.tsv", "text\tlabel\na\u{0}\tb\n") { .nulByte($0.place(2, .byte(2))) },
    Case("latin.tsv", Array("text\tlabel\né caf".utf8) + [0xe9] + Array("\tb\n".utf8)) {
      .badUTF8($0.place(2, .byte(7)))
    },
    Case("cut.csv", Array("text,label\nok,a\nx,".utf8) + [0xe2, 0x82]) { .badUTF8($0.place(3, .byte(3))) },
    Case("sixteen.tsv", [0xff, 0xfe, 0x74, 0x00, 0x09, 0x00]) { .nulByte($0.place(1, .byte(4))) },
  ]

  static let good = "{\"text\": \"a\", \"label\": 1}\n"
  static let objects: [Case] = [
    Case("cut.jsonl", good + "{\"text\": \"é\", \"label") { .badJSON($0.place(2, .character(21))) },
    Case("rest.jsonl", "{\"text\": \"a\", \"label\": 1} x\n") { .badJSON($0.place(1, .character(27))) },
    Case("comma.jsonl", "{\"text\": \"a\", \"label\": 1,}\n") { .badJSON($0.place(1, .character(26))) },
    Case("zero.jsonl", "{\"text\": \"a\", \"label\": 01}\n") { .badJSON($0.place(1, .character(25))) },
    Case("single.jsonl", good + "{'text': 'a'}\n") { .badJSON($0.place(2, .character(2))) },
    Case("escape.jsonl", "{\"text\": \"a\\x\", \"label\": 1}\n") { .badJSON($0.place(1, .character(13))) },
    Case("half.jsonl", "{\"text\": \"a\\ud800\", \"label\": 1}\n") { .badJSON($0.place(1, .character(12))) },
    Case("nul.jsonl", "{\"text\": \"a\\u0000\", \"label\": 1}\n") { .nulByte($0.place(1, .byte(12))) },
    Case("raw.json", "[{\"text\": \"a\nb\", \"label\": 1}]") { .badJSON($0.place(1, .character(13))) },
    Case("deep.jsonl", "{\"x\": " + String(repeating: "[", count: 100_000) + "\n") {
      .badJSON($0.place(1, .character(71)))
    },
    Case("open.json", "[{\"text\": \"a\", \"label\": 1}\n") { .badJSON($0.place(2, .character(1))) },
    Case("after.json", "[{\"text\": \"a\", \"label\": 1}] 2") { .badJSON($0.place(1, .character(29))) },
    Case("names.json", "[\n \"a\"]") { .notAnObject($0.place(2, .character(2))) },
    Case("number.jsonl", good + "5\n") { .notAnObject($0.place(2, .character(1))) },
    Case("null.jsonl", "{\"text\": null, \"label\": 1}\n") { .emptyText($0.place(1, .name("text"))) },
    Case("kind.jsonl", "{\"text\": 5, \"label\": 1}\n") {
      .wrongKind($0.place(1, .name("text")), found: "number")
    },
    Case("list.jsonl", "{\"text\": \"a\", \"label\": [1]}\n") {
      .wrongKind($0.place(1, .name("label")), found: "array")
    },
    Case("part.jsonl", "{\"text\": \"a\", \"label\": 0.5}\n") {
      .wrongKind($0.place(1, .name("label")), found: "number")
    },
    Case("absent.jsonl", good + "{\"text\": \"a\"}\n") { .missingLabel($0.place(2, .name("label"))) },
    Case("no.jsonl", good + "{\"text\": \"a\", \"label\": null}\n") {
      .missingLabel($0.place(2, .name("label")))
    },
    Case("latin.jsonl", Array("{\"label\": 1, \"text\": \"".utf8) + [0xc0, 0x80] + Array("\"}".utf8)) {
      .badUTF8($0.place(1, .byte(23)))
    },
  ]

  @Test(arguments: whole + tables + objects) func isNamedExactly(bad: Case) throws {
    let file = try DataFile(bad.name, bad.bytes)
    #expect(throws: bad.expected(file)) { try LabelledTexts.read(file.url) }
  }

  @Test func aFileThatIsNotThereOrIsAFolder() throws {
    let file = try DataFile("data.tsv", "text\tlabel\na\tb\n")
    let folder = file.url.deletingLastPathComponent()
    let absent = folder.appendingPathComponent("absent.tsv")
    #expect(throws: DataError.file(.missing(path: absent.path))) { try LabelledTexts.read(absent) }
    #expect(throws: DataError.file(.notAFile(path: folder.path))) { try LabelledTexts.read(folder) }
  }

  @Test func aColumnNamedByTheUserHasNoSynonyms() throws {
    let file = try DataFile("data.tsv", "text\tlabel\na\tb\n")
    #expect(
      throws: DataError.missingColumn(
        file: file.path, line: 1, column: "sentence", accepted: ["sentence"], have: ["text", "label"])
    ) {
      var options = ReadingOptions()
      options.textColumn = "sentence"
      _ = try LabelledTexts.read(file.url, options)
    }
  }

  @Test func aLabelThatIsNoNumber() throws {
    let file = try DataFile("data.tsv", "text\tlabel\na\t1\nb\tgood\n")
    #expect(throws: DataError.notANumber(file.place(3, .name("label")), found: "good")) {
      var options = ReadingOptions()
      options.labels = .number
      _ = try LabelledTexts.read(file.url, options)
    }
  }

  /// No prefix of a good file may trap, and a changed byte gives rows or an error.
  @Test(arguments: ["polarity.tsv", "intents.csv", "reviews.jsonl", "stars.json"])
  func damageNeverTraps(name: String) throws {
    let bytes = Array(try Data(contentsOf: Repository.fixture(name)))
    var failures = 0
    for place in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[place] = [0x22, 0x5c, 0x0a, 0xff, 0x7b][place % 5]
      for variant in [Array(bytes[..<place]), damaged] {
        let file = try DataFile(name, variant)
        do throws(DataError) { _ = try LabelledTexts.read(file.url) } catch { failures += 1 }
      }
    }
    #expect(failures > 0)
  }
}
