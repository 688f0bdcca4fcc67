import Foundation
import Lessons
import Notebook
import Shell
import TestSupport
import Testing

/// What holds for every command there is: the table is what help, completion and these tests go through.
@Suite(.takingTurns) struct CommandTableTests {
  static let rows = NotebookCommands.rows + LessonCommands.rows
  static let names = rows.map { $0.name }
  private let table = CommandTable(rows)

  private func row(_ name: String) throws -> any Command.Type { try #require(table.row(named: name)) }

  /// Lines as one, however they were broken.
  private func words(_ lines: [String]) -> String {
    lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
  }

  @Test func everyNameMeansOneCommand() {
    let all = Self.rows.flatMap { $0.names }
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } })
  }

  @Test(arguments: names) func helpExplainsIt(_ name: String) throws {
    let row = try row(name)
    #expect(row.configuration.abstract.hasSuffix("."))
    let sitting = try Sitting(Self.rows, model: .none)
    let (cell, lines, _) = sitting.run("help \(name)")
    #expect(cell?.status == .passed)
    #expect(lines.contains { $0.contains("USAGE: \(name)") })
    #expect(words(lines).contains(words(["Try it: \(row.example)"])))
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
    #expect(sitting.run("?\(name)").lines == lines)
  }

  @Test(arguments: names) func everyOptionAndArgumentIsExplained(_ name: String) throws {
    let row = try row(name)
    let dump = try #require(Value(json: Data(row._dumpHelp().utf8)))
    guard case .array(let arguments)? = dump["command"]?["arguments"] else { return }
    for argument in arguments {
      guard case .string(let abstract)? = argument["abstract"] else {
        Issue.record("\(name) does not explain \(argument["valueName"]?.json ?? "")")
        continue
      }
      #expect(abstract.hasSuffix(".") || abstract == "Show help information", "\(name): \(abstract)")
    }
  }

  @Test(arguments: names) func theExampleParses(_ name: String) throws {
    let row = try row(name)
    for line in row.needs + [row.example] {
      let words = try Words(line).words.map(\.text)
      let command = try self.row(try #require(words.first))
      _ = try command.parseAsRoot(Array(words.dropFirst()))
    }
    #expect(try Words(row.example).words.first?.text == name)
  }

  /// What stands in for the adapters that ship: they fit the real model, and the tiny one is trained here.
  private static let standIns = [
    "classify": FinetuneCommand.example, "evaluate": FinetuneCommand.example,
    "entities": "finetune --task entities --data samples/entities/train.conll --epochs 1",
    "answer": "finetune --task answers --data samples/answers/train.json --epochs 1",
  ]

  /// `bench` is given less time than its example takes; the lessons' commands have their own tests.
  /// Commands whose example needs another model first are left to a person with a network.
  /// So is what asks the hub.
  private static let runnable = NotebookCommands.rows.filter {
    !$0.needs.contains { $0.hasPrefix("pull ") } && $0.name != "search"
  }

  @Test(arguments: runnable.map { $0.name }) func theExampleRuns(_ name: String) throws {
    let row = try row(name)
    let sitting = try Sitting(Self.rows)
    if !row.needs.isEmpty { #expect(sitting.run(row.example).cell?.status != .passed, "\(name) needs nothing") }
    for line in row.needs + [Self.standIns[name]].compactMap({ $0 }) {
      #expect(sitting.run(line).cell?.status == .passed, "\(sitting.screen.notices)")
    }
    let (cell, lines, notices) = sitting.run(row.example + (name == "bench" ? " --seconds 0.01" : ""))
    #expect(cell?.status == .passed, "\(notices)")
    #expect(lines.isEmpty == ["quit"].contains(name))
  }

  @Test(.enabled("model absent") { Sitting.hasRealModel }, arguments: standIns.keys.sorted())
  func whatShipsAnswersTheExample(_ name: String) throws {
    let sitting = try Sitting(Self.rows, model: .real)
    let (cell, _, notices) = sitting.run(try row(name).example)
    #expect(cell?.status == .passed, "\(notices)")
  }

  @Test(arguments: LessonCommands.rows.filter { !$0.needs.isEmpty }.map { $0.name })
  func theWordsOfALessonNeedOne(_ name: String) throws {
    let row = try row(name)
    let sitting = try Sitting(Self.rows)
    let (cell, _, notices) = sitting.run(row.example)
    #expect(cell?.status == .usage)
    #expect(notices.count == 1)
    for line in row.needs { #expect(sitting.run(line).cell?.status == .passed) }
    #expect(sitting.run(row.example).cell?.status == .passed, "\(sitting.screen.notices)")
  }

  @Test(arguments: names) func tabCompletesItAndItsOptions(_ name: String) throws {
    let row = try row(name)
    let completion = Completion(table: table, home: nil) { _ in [] }
    let isHidden = !row.configuration.shouldDisplay
    switch completion.outcome(name) {
    case .replace(_, let text): #expect(text == name + " ")
    case .list(let names, _): #expect(names.contains(name))
    case .none: #expect(isHidden, "\(name) is not offered")
    }
    // The options of a command with words stand behind its words.
    guard row.configuration.subcommands.isEmpty else { return }
    guard row.configuration.subcommands.isEmpty else { return }
    guard case .list(let options, _) = completion.outcome("\(name) --") else {
      Issue.record("\(name) offers no options")
      return
    }
    #expect(Set(options).isSuperset(of: ["--model", "--json", "--color", "--accessible", "--threads"]))
    #expect(completion.outcome("\(name) --access") == .replace(8, "--accessible "))
  }

  @Test(arguments: [
    ("tokenz", "tokens"), ("atention", "attention"), ("clasify", "classify"), ("finetine", "finetune"),
    ("modles", "models"), ("quti", "quit"), ("less", "lesson"), ("HELP", "help"), ("choise", nil), ("xyzzy", nil),
    ("", nil),
  ])
  func aTypoSuggestsTheNearest(_ typed: String, _ meant: String?) throws {
    #expect(table.nearest(to: typed) == meant)
  }
}
