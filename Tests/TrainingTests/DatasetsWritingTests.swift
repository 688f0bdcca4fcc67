import Checkpoints
import Foundation
import Testing
import Training

/// Files that are written are read back as the same rows.
@Suite final class DatasetsWritingTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("writing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func place(_ name: String) -> URL { folder.appendingPathComponent(name) }

  private func text(_ name: String) throws -> String { try String(contentsOf: place(name), encoding: .utf8) }

  private func put(_ name: String, _ text: String) throws -> URL {
    try Data(text.utf8).write(to: place(name))
    return place(name)
  }

  @Test(arguments: [DataFormat.csv, .jsonl])
  func textsKeepEveryCharacter(format: DataFormat) throws {
    let hard = ["plain", "a, \"b\"\r\nc", "tab\there", "back\\slash \u{1}", " é 世界 👩‍👩‍👧 "]
    let rows = hard.enumerated().map { LabelledText(text: $1, pair: "p \($1)", label: "l\($0 % 2)", line: $0) }
    let texts = LabelledTexts(
      file: "memory", columns: .init(text: "text", pair: "other", label: "label"), rows: rows)
    try texts.write(format, to: place("a.\(format.ending)"))
    let read = try LabelledTexts.read(place("a.\(format.ending)"))
    #expect(try read.rows.all().map(\.text) == hard)
    #expect(try read.rows.all().map(\.pair) == hard.map { "p \($0)" })
    #expect(try read.labels() == rows.map(\.label))
  }

  @Test func severalLabelsAndNumbers() throws {
    var options = ReadingOptions()
    options.labels = .several
    let several = try LabelledTexts.read(
      put("s.jsonl", #"{"text": "x", "labels": ["a", "b"]}"# + "\n" + #"{"text": "y", "labels": []}"#), options)
    try several.write(.csv, to: place("s.csv"))
    #expect(try text("s.csv") == "text,label\nx,a|b\ny,\n")
    #expect(try LabelledTexts.read(place("s.csv"), options).rows.all().map(\.labels) == [["a", "b"], []])
    options.labels = .number
    let numbers = try LabelledTexts.read(put("n.tsv", "text\tlabel\nx\t.5\ny\t3\n"), options)
    try numbers.write(.jsonl, to: place("n.jsonl"))
    #expect(try text("n.jsonl") == #"{"text": "x", "label": 0.5}"# + "\n" + #"{"text": "y", "label": 3.0}"# + "\n")
  }

  @Test func whatAFormatCannotHoldIsNamedAndNothingIsWritten() throws {
    let texts = try LabelledTexts.read(put("a.csv", "text,label\nfine,x\n\"a\nb\",y\n"))
    #expect(
      throws: DataError.notWritable(
        DataPlace(file: place("a.csv").path, line: 3, column: .name("text")), format: .tsv, found: "a line break")
    ) { try texts.write(.tsv, to: place("a.tsv")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.csv"])
    let sentences = TaggedSentences(file: "m", [TaggedSentence(words: ["a\tb"], tags: ["O"], line: 1)])
    #expect(throws: DataError.self) { try sentences.write(.conll, to: place("a.conll")) }
  }

  @Test func sentencesInBothFormats() throws {
    let conll = "-DOCSTART- O\n\nNew NNP I-LOC\nYork NNP I-LOC\n# NN O\n\nI PRP O\n"
    let sentences = try TaggedSentences.read(put("a.conll", conll))
    try sentences.write(.jsonl, to: place("b.jsonl"))
    #expect(
      try text("b.jsonl") == ##"{"tokens": ["New", "York", "#"], "ner_tags": ["B-LOC", "I-LOC", "O"]}"## + "\n"
        + #"{"tokens": ["I"], "ner_tags": ["O"]}"# + "\n")
    try TaggedSentences.read(place("b.jsonl")).write(.conll, to: place("c.conll"))
    #expect(try text("c.conll") == "New\tB-LOC\nYork\tI-LOC\n#\tO\n\nI\tO\n\n")
    #expect(try TaggedSentences.read(place("c.conll")).rows.all().map(\.tags) == sentences.rows.all().map(\.tags))
  }

  private static let squad = """
    {"data": [{"title": "T", "paragraphs": [{"context": "Anna met Bob.", "qas": [
      {"id": "1", "question": "Who?", "answers": [{"text": "Bob", "answer_start": 9}]},
      {"id": "2", "question": "Where?", "answers": [], "is_impossible": true}]},
     {"context": "It \\"rained\\".", "qas": [{"id": "3", "question": "What?", "answers": []}]}]},
     {"title": "U", "paragraphs": [{"context": "Last.", "qas": [{"id": "4", "question": "How?", "answers": []}]}]}]}
    """

  @Test func questionsInBothFormats() throws {
    let questions = try Questions.read(put("a.json", Self.squad))
    func same(_ url: URL) throws {
      let (read, known) = (try Questions.read(url).rows.all(), try questions.rows.all())
      #expect(read.map(\.id) == known.map(\.id) && read.map(\.context) == known.map(\.context))
      #expect(read.map(\.title) == known.map(\.title) && read.map(\.answers) == known.map(\.answers))
      #expect(read.map(\.isImpossible) == known.map(\.isImpossible))
    }
    try questions.write(.squad, to: place("b.json"))
    try same(place("b.json"))
    try questions.write(.jsonl, to: place("c.jsonl"))
    try same(place("c.jsonl"))
    #expect(try text("b.json").components(separatedBy: "\"context\"").count == 4)
    #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: place("b.json"))) is [String: Any])
  }

  @Test func documentsAreParagraphs() throws {
    var options = ReadingOptions()
    options.linesAreDocuments = true
    try Documents.read(put("a.txt", "one\ntwo\n\nthree"), options).write(.plain, to: place("b.txt"))
    #expect(try text("b.txt") == "one\n\ntwo\n\nthree\n\n")
  }

  @Test(arguments: [
    (
      "a.tsv", "id\ttext\tlabel\n1\ta\tx\n\n2\tb\ty\n3\tc\tx", "id\ttext\tlabel\n1\ta\tx\n3\tc\tx\n",
      "id\ttext\tlabel\n\n2\tb\ty\n"
    ),
    (
      "a.csv", "\u{FEFF}text,label\r\n\"a\nb\",x\r\nb,y\r\nc,x\r\n", "text,label\r\n\"a\nb\",x\r\nc,x\r\n",
      "text,label\r\nb,y\r\n"
    ),
    (
      "a.jsonl",
      #"{"text": "a", "label": "x", "n": 1}"# + "\n" + #"{"text": "b", "label": "y"}"# + "\n"
        + #"{"text": "c", "label": "x"}"#,
      #"{"text": "a", "label": "x", "n": 1}"# + "\n" + #"{"text": "c", "label": "x"}"# + "\n",
      #"{"text": "b", "label": "y"}"# + "\n"
    ),
    (
      "a.json", #"[ {"text": "a", "label": "x"},{"text": "b", "label": "y"} , {"text": "c", "label": "x"}]"#,
      "[\n" + #"{"text": "a", "label": "x"}"# + ",\n" + #"{"text": "c", "label": "x"}"# + "\n]\n",
      "[\n" + #"{"text": "b", "label": "y"}"# + "\n]\n"
    ),
  ])
  func rowsAreDividedAsTheyStand(name: String, text: String, training: String, heldOut: String) throws {
    let texts = try LabelledTexts.read(put(name, text))
    try texts.divide({ $0 == 1 }, training: place("t-\(name)"), heldOut: place("v-\(name)"))
    #expect(try self.text("t-\(name)") == training)
    #expect(try self.text("v-\(name)") == heldOut)
  }

  @Test func sentencesAreDividedWithTheirColumns() throws {
    let text = "# global.columns = FORM POS NER\nNew NNP B-LOC\nYork NNP I-LOC\n\n# note\nI PRP O\n\n\nYou PRP O"
    let sentences = try TaggedSentences.read(put("a.conll", text))
    try sentences.divide({ $0 == 1 }, training: place("t.conll"), heldOut: place("v.conll"))
    let names = "# global.columns = FORM POS NER\n"
    #expect(try self.text("t.conll") == names + "New NNP B-LOC\nYork NNP I-LOC\n\n\nYou PRP O\n\n")
    #expect(try self.text("v.conll") == names + "# note\nI PRP O\n\n")
    var options = ReadingOptions()
    options.tagColumn = "NER"
    #expect(try TaggedSentences.read(place("v.conll"), options).count == 1)
  }

  @Test func nestedQuestionsAreDividedIntoNestedQuestions() throws {
    let questions = try Questions.read(put("a.json", Self.squad))
    try questions.divide({ $0 == 2 }, training: place("t.json"), heldOut: place("v.json"))
    #expect(try Questions.read(place("t.json")).rows.all().map(\.id) == ["1", "2", "4"])
    #expect(try Questions.read(place("v.json")).rows.all().map(\.context) == ["It \"rained\"."])
  }

  @Test func neitherFileIsThereWhenTheWorkStops() throws {
    struct Stop: Error {}
    let texts = try LabelledTexts.read(put("a.tsv", "text\tlabel\na\tx\nb\ty\n"))
    #expect(throws: Stop.self) {
      try texts.divide({ $0 == 1 }, training: place("t.tsv"), heldOut: place("v.tsv")) { _ in throw Stop() }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.tsv"])
  }
}
