import Drawing
import Foundation
import Notebook
import Testing

extension Sittings {
  /// Commands that answer texts with the tiny models of `Fixtures/pipelines`.
  @Suite final class TaskCommandTests {
    private let folder: URL
    private let screen = RecordingScreen()
    private let session: Session

    init() throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("tasks-\(UUID().uuidString)")
      for name in ["classify", "entities", "fill", "answer"] {
        try Self.copy(name, to: folder.appendingPathComponent(name))
      }
      for name in ["lessons", "samples"] {
        try FileManager.default.createDirectory(
          at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      }
      let environment = ["ATTUNE_HOME": folder.path + "/home", "HF_HOME": folder.path + "/hf"]
      session = Session(
        table: CommandTable(NotebookCommands.rows), environment: environment,
        resources: Resources(environment: environment, workingFolder: folder, binary: nil), screen: screen)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func copy(_ name: String, to place: URL) throws {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let files = ["config.json", "model.safetensors", "tokenizer_config.json"].map { "\(name)/\($0)" }
      for file in files + ["entities/tokenizer.json"] {
        let source = Sitting.fixtures.appendingPathComponent("pipelines").appendingPathComponent(file)
        try FileManager.default.copyItem(at: source, to: place.appendingPathComponent(source.lastPathComponent))
      }
    }

    private struct Ended {
      let cell: Cell?
      let lines: [String]
      let notices: [String]
    }

    private func type(_ line: String) -> Ended {
      _ = screen.take()
      let cell = session.execute(line.replacing("~", with: folder.path))
      let (lines, notices) = screen.take()
      return Ended(cell: cell, lines: lines, notices: notices.map { $0.replacing(folder.path, with: "~") })
    }

    private func file(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    @Test func entitiesAreMarkedInTheText() {
      let ended = type(#"entities "Elon Musk founded SpaceX." --model ~/entities"#)
      #expect(
        ended.lines == [
          "[Elon Musk ORG] [founded SpaceX PER][. ORG]", "ORG organisation (2), PER person (1)",
        ])
      #expect(ended.cell?.value?["entities"]?[1]?["word"] == .string("founded spacex"))
      #expect(ended.cell?.value?["entities"]?[1]?["entity_group"] == .string("PER"))
    }

    @Test func theNamesThatHuggingFaceHasForTheTasks() {
      #expect(type(#"ner Hello --model ~/entities"#).cell?.status == .passed)
      #expect(type(#"question-answering "Who?" --context "Anna met Bob" --model ~/answer"#).cell?.status == .passed)
      #expect(type(#"fill-mask "One [MASK]." --model ~/fill"#).cell?.status == .passed)
      #expect(type(#"text-classification "One" --model ~/classify"#).cell?.status == .passed)
    }

    /// Words are hidden in the texts of a table or of objects, not in their labels and braces.
    @Test func hiddenWordsAreThoseOfTheTextColumn() throws {
      let texts = ["One fine day.", "Anna met Bob.", "The house is old.", "It rained."]
      let files = [
        ("rows.txt", texts.joined(separator: "\n\n")),
        ("rows.jsonl", texts.map { "{\"label\": \"A\", \"text\": \"\($0)\"}" }.joined(separator: "\n")),
        ("rows.tsv", "label\ttext\n" + texts.map { "A\t\($0)" }.joined(separator: "\n")),
      ]
      var losses: [Value?] = []
      for (name, content) in files {
        try file(name, content)
        let ended = type("evaluate --task fill --data ~/\(name) --model ~/fill")
        #expect(ended.cell?.value?["examples"] == .integer(4), "\(name): \(ended.notices)")
        losses.append(ended.cell?.value?["loss"])
      }
      guard case .number(let loss)?? = losses.first else {
        Issue.record("no loss")
        return
      }
      #expect(loss > 0 && losses == [.number(loss), .number(loss), .number(loss)])
    }

    @Test func anAnswerIsMarkedInItsContext() {
      let context = "SpaceX was founded in 2002 by Elon Musk in Hawthorne, California."
      let ended = type(#"answer "Who?" --context "\#(context)" --model ~/answer --top 2"#)
      guard case .string(let answer)? = ended.cell?.value?["answer"],
        case .integer(let start)? = ended.cell?.value?["start"]
      else {
        Issue.record("\(ended.notices)")
        return
      }
      #expect(context.dropFirst(start).hasPrefix(answer))
      #expect(ended.lines[0] == "Who?" && ended.lines.joined(separator: " ").contains("[\(answer)]"))
      #expect(ended.cell?.value?["answers"]?[1] != nil)
    }

    @Test func noAnswerIsSaidInWords() {
      let ended = type(#"answer "Who?" --context "Anna met Bob" --no-answer-threshold -99 --model ~/answer"#)
      #expect(ended.cell?.value?["answer"] == .string(""))
      #expect(ended.lines.last?.hasPrefix("No answer in this text, score ") == true)
      guard case .array(let rows)? = ended.cell?.value?["results"] else { return }
      #expect(rows.first?["null_score_diff"] != nil)
    }

    @Test func linesOfAFileBecomeLinesOfJSON() throws {
      try file("texts.txt", "\u{FEFF}Hello\r\n\n  \nYou there")
      let ended = type("classify --file ~/texts.txt --jsonl --top 1 --model ~/classify")
      #expect(ended.lines.count == 2 && ended.notices.isEmpty)
      #expect(ended.lines[0].hasPrefix(#"{"line": 1, "text": "Hello", "label": "NEUTRAL", "score": 0.63997"#))
      #expect(ended.lines[1].hasPrefix(#"{"line": 4, "text": "You there", "label": "NEUTRAL", "score": "#))
      #expect(ended.cell?.value?["results"] == .integer(2))
      let object = type("classify --file ~/texts.txt --json --model ~/classify")
      #expect(object.lines.count == 1 && object.cell?.value?["results"]?[1]?["line"] == .integer(4))
      let shown = type("classify --file ~/texts.txt --model ~/classify")
      #expect(shown.lines.first == "Hello" && shown.lines.contains { $0.hasPrefix("2 results from ") })
    }

    @Test func moreLinesThanAreAnsweredTogether() throws {
      try file("many.txt", (1...200).map { "Anna met Bob \($0)" }.joined(separator: "\n"))
      let ended = type("entities --file ~/many.txt --jsonl --model ~/entities")
      #expect(ended.lines.count == 200)
      for (place, line) in ended.lines.enumerated() {
        #expect(line.hasPrefix(#"{"line": \#(place + 1), "text": "Anna met Bob \#(place + 1)", "entities": "#))
      }
    }

    @Test func questionsComeWithTheirContextOrShareOne() throws {
      try file(
        "questions.jsonl",
        #"{"id": "a", "question": "Who?", "context": "Anna met Bob"}"# + "\n"
          + #"{"id": 7, "question": "Where?", "context": "Bob lives in Rome"}"# + "\n")
      let ended = type("answer --file ~/questions.jsonl --jsonl --model ~/answer")
      #expect(ended.lines.count == 2)
      #expect(ended.lines[0].hasPrefix(#"{"id": "a", "line": 1, "question": "Who?", "answer": "#))
      #expect(ended.lines[1].hasPrefix(#"{"id": 7, "line": 2, "question": "Where?", "answer": "#))
      try file("plain.txt", "Who?\nWhere?\n")
      #expect(type(#"answer --file ~/plain.txt --context "Anna met Bob" --jsonl --model ~/answer"#).lines.count == 2)
      #expect(type("answer --file ~/plain.txt --jsonl --model ~/answer").cell?.status == .usage)
      try file("context.txt", "Anna met Bob")
      #expect(type(#"answer "Who?" --context-file ~/context.txt --model ~/answer"#).cell?.status == .passed)
    }

    @Test func aBrokenLineIsNamedAfterThoseBeforeItAreAnswered() throws {
      let bad: [(String, String)] = [
        ("{", "the line is not valid JSON."), ("[1]", "the line is JSON, but no object."),
        (#"{"txt": "x"}"#, "the line needs the keys text; it has txt."),
        (#"{"text": 1}"#, "the line has a text that is no text."),
        ("\u{0}", "the line holds a zero byte, so this is no text file."),
      ]
      for (line, sentence) in bad {
        try file("bad.jsonl", #"{"text": "Hello"}"# + "\n" + line + "\n")
        let ended = type("classify --file ~/bad.jsonl --jsonl --model ~/classify")
        #expect(ended.lines.count == 1 && ended.cell?.status == .malformed)
        #expect(ended.notices == ["~/bad.jsonl:2: " + sentence])
      }
      try Data([0x41, 0x0A, 0xFF, 0x0A]).write(to: folder.appendingPathComponent("bytes.txt"))
      #expect(
        type("classify --file ~/bytes.txt --jsonl --model ~/classify").notices
          == ["~/bytes.txt:2: the line is not UTF-8; save the file as UTF-8."])
      try file("empty.txt", "\n\n")
      #expect(type("classify --file ~/empty.txt --model ~/classify").cell?.status == .malformed)
      #expect(type("classify --file ~/nowhere.txt --model ~/classify").cell?.status == .fileMissing)
      #expect(type("classify --file ~/home --model ~/classify").cell?.status == .fileMissing)
    }

    @Test func contradictionsAreUsage() {
      for line in [
        "classify", "classify Hello --file ~/x.txt", "classify Hello --json --jsonl", "classify Hello --top 0",
        "classify Hello --function-to-apply tanh", "entities Hello --aggregation most",
        "entities Hello --aggregation none --stride 4", #"answer "Who?""#, "answer --context x", "fill x --top 0",
        #"answer "Who?" --context x --context-file y"#, #"answer "Who?" --context x --max-answer-length 0"#,
      ] {
        #expect(type(line).cell?.status == .usage, "\(line)")
      }
      let noGap = type("fill Hello --model ~/fill")
      #expect(noGap.notices == ["'Hello' has no gap that this model sees; write [MASK] where a word is missing."])
    }

    @Test func theModelOfATask() throws {
      let none = type("classify Hello")
      #expect(
        none.notices == [
          "No model here is trained for classifying texts yet; `finetune --task sentiment --data FILE` trains one, "
            + "or name one with --model."
        ])
      try Self.copy("classify", to: folder.appendingPathComponent("samples/adapters/sentiment"))
      #expect(type("classify Hello").cell?.value?["model"] == .string("sentiment"))
      _ = type("load ~/classify")
      #expect(type("classify Hello").cell?.value?["model"] == .string(folder.path + "/classify"))
      _ = type("load ~/fill")
      #expect(type("classify Hello").cell?.value?["model"] == .string("sentiment"))
      #expect(type("entities Hello").notices.first?.contains("finetune --task entities") == true)
      try Self.copy("entities", to: folder.appendingPathComponent("home/runs/1"))
      #expect(type("entities Hello").cell?.value?["model"] == .string("run 1"))
    }

    @Test func aTextThatIsTooLongIsSaidOrReadInWindows() throws {
      try file("long.txt", String(repeating: "Anna met Bob in Rome. ", count: 60) + "\n")
      #expect(
        type("entities --file ~/long.txt --jsonl --model ~/entities").notices == [
          "A text was longer than the model reads at once, and the rest was left out; --stride 64 reads it in windows."
        ])
      let whole = type("entities --file ~/long.txt --jsonl --stride 64 --model ~/entities")
      #expect(whole.notices.isEmpty && whole.lines.count == 1)
    }

    @Test(arguments: ["classify", "embed", "similar", "attention", "fill"])
    func everyCommandSaysThatATextIsTooLong(_ command: String) throws {
      let model = command == "fill" ? "fill" : "classify"
      let long = String(repeating: "Hello you. ", count: 300)
      let text = command == "fill" ? "A [MASK]. " + long : long
      let other = command == "similar" ? " Hello" : ""
      let notice = "A text was longer than the model reads at once, and the rest was left out."
      #expect(type("\(command) \"\(text)\"\(other) --model ~/\(model)").notices == [notice])
      #expect(type("\(command) \"\(text.prefix(11))\"\(other) --model ~/\(model)").notices.isEmpty)
    }
  }
}
