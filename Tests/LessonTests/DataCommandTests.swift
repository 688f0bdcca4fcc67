import Drawing
import Foundation
import Notebook
import Testing

extension Sittings {
  /// `data` and its words, with a tokenizer of `Fixtures/pipelines`.
  @Suite final class DataCommandTests {
    private let folder: URL
    private let screen = RecordingScreen()
    private let session: Session

    init() throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("data-\(UUID().uuidString)")
      for name in ["model", "lessons", "samples/reviews", "samples/adapters/one"] {
        try FileManager.default.createDirectory(
          at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      }
      for file in [
        "classify/config.json", "classify/model.safetensors", "classify/tokenizer_config.json",
        "entities/tokenizer.json",
      ] {
        let source = Sitting.fixtures.appendingPathComponent("pipelines").appendingPathComponent(file)
        try FileManager.default.copyItem(
          at: source, to: folder.appendingPathComponent("model").appendingPathComponent(source.lastPathComponent))
      }
      let environment = ["ATTUNE_HOME": folder.path + "/home", "HF_HOME": folder.path + "/hf"]
      session = Session(
        table: CommandTable(NotebookCommands.rows), environment: environment,
        resources: Resources(environment: environment, workingFolder: folder, binary: nil), screen: screen)
      session.settings.model = folder.path + "/model"
      try file("samples/reviews/train.tsv", Self.reviews)
      try file("samples/adapters/one/config.json", "{}")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let reviews =
      "text\tlabel\n"
      + (0..<20).map { "number \($0) was \($0 % 4 == 0 ? "bad\tNEGATIVE" : "good\tPOSITIVE")\n" }.joined()

    private static let squad = """
      {"data": [{"paragraphs": [{"context": "Anna met Bob in Rome.", "qas": [
        {"id": "1", "question": "Who?", "answers": [{"text": "Bob", "answer_start": 9}]}]},
       {"context": "Nothing else.", "qas": [{"id": "2", "question": "Why?", "answers": [], "is_impossible": true}]}]}]}
      """

    private struct Ended {
      let cell: Cell?
      let lines: [String]
      let notices: [String]
      var value: Value? { cell?.value }
    }

    private func type(_ line: String) -> Ended {
      _ = screen.take()
      let cell = session.execute(line.replacing("~", with: folder.path))
      let (lines, notices) = screen.take()
      func short(_ text: String) -> String { text.replacing(folder.path, with: "~") }
      return Ended(cell: cell, lines: lines.map(short), notices: notices.map(short))
    }

    private func file(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    private func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func whatThereIs() throws {
      try file("samples/reviews/other.tsv", "first\tsecond\na\tb\n")
      _ = type("data import samples/reviews/train.tsv mine")
      for line in ["data", "data list", "data list --json"] {
        let ended = type(line)
        #expect(ended.cell?.command == "data" && ended.cell?.status == .passed)
        guard case .array(let rows)? = ended.value?["data"] else { continue }
        #expect(
          rows.map { $0["name"] }
            == ["samples/reviews/other.tsv", "samples/reviews/train.tsv", "mine"].map(Value.string))
        #expect(rows.map { $0["task"] } == [nil, .string("sentiment"), .string("sentiment")])
        #expect(rows.map { $0["rows"] } == [nil, .integer(20), .integer(20)])
        #expect(rows.map { $0["imported"] } == [.bool(false), .bool(false), .bool(true)])
      }
      #expect(type("data list").lines.contains { $0.hasPrefix("mine") && $0.contains("sentiment") })
    }

    @Test func rowsAreShown() {
      #expect(
        type("data show samples/reviews/train.tsv --rows 2 --where label=NEGATIVE").lines == [
          "line  text              label", "────  ────────────────  ────────", "   2  number 0 was bad  NEGATIVE",
          "   6  number 4 was bad  NEGATIVE", "2 of 5 that fit, of 20 rows, for sentiment",
        ])
      let both = type("data show samples/reviews/train.tsv --where label=POSITIVE --where 'text=NUMBER 1'")
      #expect(both.value?["matching"] == .integer(9))
      #expect(both.value?["shown"]?[0]?["label"] == .string("POSITIVE"))
    }

    @Test func everyKindOfRowIsShown() throws {
      try file("a.conll", "Anna\tB-PER\nSmith\tI-PER\nmet\tO\n\n")
      let tags = type("data show ~/a.conll")
      #expect(tags.lines.contains("[Anna Smith PER] met"))
      #expect(tags.value?["shown"]?[0]?["ner_tags"] == .array([.string("B-PER"), .string("I-PER"), .string("O")]))
      try file("a.json", Self.squad)
      let questions = type("data show ~/a.json")
      #expect(questions.lines.contains("Anna met [Bob] in Rome."))
      #expect(questions.lines.contains("No answer in this paragraph."))
      #expect(questions.value?["shown"]?[0]?["answers"]?[0]?["answer_start"] == .integer(9))
      #expect(type("data show ~/a.json --where 'label=no answer'").value?["matching"] == .integer(1))
      try file("a.txt", "One.\n\nTwo.\n")
      #expect(type("data show ~/a.txt").value?["rows"] == .integer(2))
      try file("b.jsonl", #"{"text": "x", "labels": ["a", "b"]}"#)
      #expect(type("data show ~/b.jsonl").lines.contains { $0.hasSuffix("a, b") })
      try file("c.csv", "text,label\nx,1.5\ny,2\n")
      #expect(type("data show ~/c.csv").value?["shown"]?[1]?["label"] == .integer(2))
      #expect(type("data show ~/c.csv --task sentiment").value?["shown"]?[1]?["label"] == .string("2"))
    }

    @Test func labelsLengthsAndDuplicates() throws {
      try file("v.tsv", "text\tlabel\nNumber 3 was good!\tNEGATIVE\nsomething else entirely\tPOSITIVE\n")
      let ended = type("data stats samples/reviews/train.tsv --against ~/v.tsv")
      #expect(ended.cell?.status == .passed, "\(ended.notices)")
      let value = ended.value
      #expect(value?["rows"] == .integer(20) && value?["majority_share"] == .number(0.75))
      #expect(value?["labels"]?[0]?["label"] == .string("NEGATIVE"))
      #expect(value?["labels"]?[0]?["count"] == .integer(5))
      #expect(value?["tokens"]?["limit"] == .integer(128) && value?["tokens"]?["longer"] == .integer(0))
      #expect(value?["duplicates"]?["same"] == .integer(0))
      #expect(value?["leakage"]?["same"] == .integer(1) && value?["leakage"]?["relabelled"] == .integer(1))
      #expect(value?["leakage"]?["pairs"]?[0]?["line"] == .integer(5))
      #expect(ended.lines.contains { $0.contains("NEGATIVE") && $0.contains("25%") })
      let cut = type("data stats samples/reviews/train.tsv --max-length 8 --json")
      #expect(cut.value?["tokens"]?["limit"] == .integer(8) && cut.lines.count == 1)
    }

    @Test func numbersAndTagsAndQuestions() throws {
      try file("c.csv", "text,label\nx,1.5\ny,2.5\n")
      let numbers = type("data stats ~/c.csv").value?["numbers"]
      #expect(numbers?["mean"] == .integer(2) && numbers?["deviation"] == .number(0.5))
      try file("a.conll", "Anna\tS-PER\nmet\tO\n\n")
      let tags = type("data stats ~/a.conll").value
      #expect(tags?["words"] == .integer(2) && tags?["scheme"] == .string("BIOES"))
      try file("a.json", Self.squad)
      let questions = type("data stats ~/a.json").value
      #expect(questions?["paragraphs"] == .integer(2) && questions?["labels"]?[1]?["label"] == .string("no answer"))
    }

    @Test func aFileIsDividedAndFoundByName() throws {
      let ended = type("data split samples/reviews/train.tsv reviews --held-out 0.2 --seed 1")
      #expect(ended.value?["names"] == .array([.string("reviews-train"), .string("reviews-validation")]))
      #expect(ended.value?["train"]?["rows"] == .integer(16))
      #expect(ended.value?["validation"]?["labels"]?[0]?["count"] == .integer(1))
      #expect(ended.value?["validation"]?["labels"]?[1]?["count"] == .integer(3))
      let (train, held) = (try text("home/data/reviews-train.tsv"), try text("home/data/reviews-validation.tsv"))
      let rows = (train + held).split(separator: "\n").filter { $0 != "text\tlabel" }
      #expect(rows.sorted() == Self.reviews.split(separator: "\n").dropFirst().sorted())
      #expect(type("data show reviews-validation").value?["rows"] == .integer(4))
      #expect(
        type("data split samples/reviews/train.tsv reviews").notices == [
          "There is data named reviews-train already; choose another name, or --replace it."
        ])
      #expect(type("data split samples/reviews/train.tsv reviews --replace").cell?.status == .passed)
      #expect(type("data split samples/reviews/train.tsv r --output ~/out").cell?.status == .passed)
      #expect(try text("out/r-train.tsv").hasPrefix("text\tlabel\n"))
      #expect(type("data split samples/reviews/train.tsv r --output ~/out").cell?.status == .usage)
    }

    @Test func questionsStayWithTheirParagraph() throws {
      try file("a.json", Self.squad)
      #expect(type("data split ~/a.json qa --held-out 0.5").cell?.status == .passed)
      #expect(type("data show qa-train").value?["rows"] == .integer(1))
      #expect(type("data show qa-validation").value?["rows"] == .integer(1))
      try file(
        "b.jsonl", #"{"question": "a", "context": "x"}"# + "\n" + #"{"question": "b", "context": "x"}"#)
      #expect(type("data split ~/b.jsonl").notices.first?.contains("one paragraph") == true)
    }

    @Test func importedDataIsFoundByName() throws {
      let ended = type("data import samples/reviews/train.tsv mine --format jsonl")
      #expect(ended.value?["format"] == .string("jsonl") && ended.value?["rows"] == .integer(20))
      #expect(try text("home/data/mine.jsonl").hasPrefix(#"{"text": "number 0 was bad", "label": "NEGATIVE"}"#))
      #expect(type("evaluate --data mine --model ~/model").notices.first?.contains("mine.jsonl") != false)
      #expect(type("data import mine mine --format csv --replace").cell?.status == .passed)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/home/data") == ["mine.csv"])
      #expect(type("data clear mine").value?["names"] == .array([.string("mine")]))
      #expect(type("data show mine").cell?.status == .fileMissing)
    }

    @Test func theCacheIsCleared() throws {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("home/cache"), withIntermediateDirectories: true)
      try file("home/cache/a.features", "1234")
      #expect(type("data list").value?["cache"]?["bytes"] == .integer(4))
      #expect(type("data clear").value?["bytes"] == .integer(4))
      #expect(type("data clear").lines == ["The cache was empty."])
    }

    @Test func errorsAreOneSentence() throws {
      try file("a.dat", "Call me Ishmael.\n")
      try file("a.tsv", "text\tlabel\nx\n")
      try file("one.tsv", "text\tlabel\nx\ty\n")
      let expected: [(String, Notebook.ExitStatus, String)] = [
        ("data show ~/a.dat", .malformed, "say it with --task"),
        ("data show ~/a.tsv", .malformed, "~/a.tsv:2, column 2: the row has 1 column"),
        ("data show ~/none.tsv", .fileMissing, "`data list`"),
        ("data show ~/one.tsv --where colour=red", .usage, "--where"),
        ("data show ~/one.tsv --rows 0", .usage, "--rows"),
        ("data split ~/one.tsv", .malformed, "one row"),
        ("data split ~/one.tsv --held-out 1", .usage, "--held-out"),
        ("data import ~/one.tsv --format conll", .usage, "csv, tsv, jsonl, plain"),
        ("data import ~/one.tsv ../x", .usage, "cannot name data"),
        ("data clear nothing", .fileMissing, "none was imported"),
        ("data stats ~/one.tsv --model ~/none", .fileMissing, "no folder"),
        ("data sta ~/one.tsv", .usage, "help data"),
      ]
      for (line, status, words) in expected {
        let ended = type(line)
        #expect(ended.cell?.status == status, "\(line): \(ended.notices)")
        #expect(ended.notices.joined().contains(words), "\(line): \(ended.notices)")
      }
    }

    @Test func helpNamesTheWords() {
      let help = type("help data").lines.joined(separator: "\n")
      for word in ["list", "show", "stats", "split", "import", "clear"] { #expect(help.contains(word)) }
    }
  }
}
