import ArgumentParser
import Drawing
import Foundation
import Tensors

/// `set`: the session's settings.
package struct SetCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Show the session's settings, or change one.",
    discussion: "Settings: model, seed, threads, color, accessible, editor. They are kept for your next sessions; "
      + "`set NAME default` undoes one.")
  package static let group = CommandGroup.session
  package static let example = "set seed 7"
  @Argument(help: "model, seed, threads, color, accessible or editor.") package var name: String?
  @Argument(help: "The new value; `default` undoes it.") package var value: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let model: String
    let seed: UInt64
    let threads: Int
    let color: String
    let accessible: Bool
    let editor: String

    package var drawing: Drawing? {
      let rows = [
        ("model", model), ("seed", "\(seed)"), ("threads", "\(threads)"), ("color", color),
        ("accessible", accessible ? "on" : "off"), ("editor", editor),
      ]
      return .table(.init(columns: ["", ""], rows: rows.map { [.init($0, .faint), .init($1)] }))
    }
  }

  package func answer(in session: Session) throws -> Answer {
    if let name {
      guard let change = Self.changes[name] else {
        let way = Nearest.match(name, among: Self.changes.keys.sorted()).map { "did you mean `\($0)`?" }
        throw Failure(
          "There is no setting '\(sanitized(name))'; \(way ?? "there are \(Self.changes.keys.sorted().joined(separator: ", ")).")",
          .usage)
      }
      guard let value else { throw Failure("`set \(name)` needs a value, or `default`.", .usage) }
      try change(session, value == "default" ? nil : value)
      if session.keepsSettings { try keep(name, value != "default", in: session) }
    }
    let settings = session.settings
    return Answer(
      model: session.modelName, seed: settings.seed,
      threads: settings.threads ?? Threads.available, color: settings.color ?? "auto", accessible: settings.accessible,
      editor: settings.editor ?? session.environment["VISUAL"] ?? session.environment["EDITOR"] ?? "vi")
  }

  /// Writes one setting down for later sessions, or forgets it.
  private func keep(_ name: String, _ isSet: Bool, in session: Session) throws {
    var saved: SavedSettings
    do {
      saved = try SavedSettings.read(session.home.settings)
    } catch {
      // What cannot be read did not count; from here on it is this setting alone.
      session.screen.notice(Failure(error).sentence)
      saved = SavedSettings()
    }
    let settings = session.settings
    switch name {
    case "model": saved.model = isSet ? settings.model : nil
    case "seed": saved.seed = isSet ? settings.seed : nil
    case "threads": saved.threads = isSet ? settings.threads : nil
    case "color": saved.color = isSet ? settings.color : nil
    case "accessible": saved.accessible = isSet ? settings.accessible : nil
    default: saved.editor = isSet ? settings.editor : nil
    }
    try saved.write(to: session.home.settings)
  }

  private static let changes: [String: @Sendable (Session, String?) throws -> Void] = [
    "model": { session, value in
      if let value { _ = try session.model(value) }
      session.settings.model = value
    },
    "seed": { session, value in
      session.settings.seed = try value.map { try parsed($0, UInt64.init, "a whole number from 0") } ?? Settings().seed
    },
    "threads": { session, value in
      session.settings.threads = try value.map {
        try parsed($0, { Int($0).flatMap { (1...64).contains($0) ? $0 : nil } }, "a whole number from 1 to 64")
      }
    },
    "color": { session, value in
      let known = ["auto", "always", "never", "16", "256", "truecolor"]
      session.settings.color = try value.map {
        try parsed($0, { known.contains($0) ? $0 : nil }, known.joined(separator: ", "))
      }
    },
    "accessible": { session, value in
      let words = ["on": true, "true": true, "yes": true, "off": false, "false": false, "no": false]
      session.settings.accessible = try value.map { try parsed($0, { words[$0] }, "on or off") } ?? false
    },
    "editor": { session, value in session.settings.editor = value },
  ]

  private static func parsed<Value>(_ text: String, _ read: (String) -> Value?, _ expected: String) throws -> Value {
    guard let value = read(text) else { throw Failure("'\(sanitized(text))' is not \(expected).", .usage) }
    return value
  }
}

/// `history`: what ran in this session.
package struct HistoryCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List the lines of this session, or those that contain a text.")
  package static let group = CommandGroup.session
  package static let example = "history"
  @Argument(help: "Only lines that contain this.") package var text: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Row: Encodable {
    let number: Int
    let line: String
    let status: Int32
    let seconds: Double
  }

  package struct Answer: CommandAnswer {
    let cells: [Row]
    package var drawing: Drawing? {
      guard !cells.isEmpty else { return .plain("Nothing ran yet.") }
      return .table(
        .init(
          columns: [.number(""), "", .number("")],
          rows: cells.map { cell in
            [
              .init("\(cell.number)", .faint), .init(cell.line, cell.status == 0 ? .plain : .bad),
              .init(duration(seconds: cell.seconds), .faint),
            ]
          }))
    }
  }

  package func answer(in session: Session) throws -> Answer {
    Answer(
      cells: session.cells.sorted { $0.number < $1.number }.filter { text.map($0.line.contains) ?? true }.map {
        Row(number: $0.number, line: $0.line, status: $0.status.rawValue, seconds: $0.seconds)
      })
  }
}

/// `help`: the table of commands, or one of them.
package struct HelpCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "help", abstract: "List the commands, or explain one; ?COMMAND is the same.",
    discussion: "Topics, each with lines to try: \(HelpTopic.all.map(\.name).joined(separator: ", ")).")
  package static let group = CommandGroup.session
  package static let example = "help tokens"
  @Argument(help: "A command, and a word that follows it.") package var names: [String] = []
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Row: Encodable {
    let name: String
    let group: String
    let summary: String
    let example: String
    let needs: [String]
  }

  package struct Answer: CommandAnswer {
    let commands: [Row]
    /// The usage of the one that was asked for.
    let usage: String?
    var topic: HelpTopic? = nil

    package var drawing: Drawing? {
      if let topic { return topic.drawing }
      if let usage, let command = commands.first {
        return .stack(
          [.plain(usage), .blank]
            + command.needs.map { .words(.init("First: ", .faint), .init($0, .code)) }
            + [.words(.init("Try it: ", .faint), .init(command.example, .code))])
      }
      let groups = CommandGroup.allCases.map(\.rawValue).flatMap { group -> [[Drawing.Span]] in
        commands.filter { $0.group == group }.enumerated().map { index, command in
          [.init(index == 0 ? group : "", .faint), .init(command.name, .strong), .init(command.summary)]
        }
      }
      return .stack([
        .table(.init(columns: ["", "", ""], rows: groups)),
        .words(.init("`help COMMAND` or `?COMMAND` explains one, with an example that runs. Tab completes.", .faint)),
        .words(
          .init("Topics, with lines to try: `help \(HelpTopic.all.map(\.name).joined(separator: "`, `"))`.", .faint)),
      ])
    }
  }

  package func answer(in session: Session) throws -> Answer {
    guard let name = names.first else {
      return Answer(commands: session.table.rows.filter { $0.configuration.shouldDisplay }.map(Self.row), usage: nil)
    }
    if names.count == 1, let topic = HelpTopic.named(name) { return Answer(commands: [], usage: nil, topic: topic) }
    guard let row = session.table.row(named: name) else {
      let topic = Nearest.match(name, among: HelpTopic.all.map(\.name))
      let way =
        (session.table.nearest(to: name) ?? topic).map { "did you mean `\($0)`?" } ?? "`help` lists the commands."
      throw Failure("There is no command '\(sanitized(name))'; \(way)", .usage)
    }
    let shown = try names.dropFirst().reduce(row) { try Self.word($1, after: $0) }
    let usage = row.helpMessage(for: shown, columns: session.screen.style.width).trimmingCharacters(in: .newlines)
    return Answer(commands: [Self.row(shown)], usage: usage)
  }

  private static func word(_ name: String, after row: any Command.Type) throws -> any Command.Type {
    let words = row.configuration.subcommands.compactMap { $0 as? any Command.Type }
    guard let word = words.first(where: { $0.name == name }) else {
      let known = words.isEmpty ? "it has none" : "there are \(words.map { $0.name }.joined(separator: ", "))"
      throw Failure("There is no word '\(sanitized(name))' after `\(row.name)`; \(known).", .usage)
    }
    return word
  }

  private static func row(_ row: any Command.Type) -> Row {
    Row(
      name: row.name, group: row.group.rawValue, summary: row.configuration.abstract, example: row.example,
      needs: row.needs)
  }
}

/// `quit`: leaves the shell.
package struct QuitCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "quit", abstract: "Leave the shell; Ctrl-D does the same.", aliases: ["exit"])
  package static let group = CommandGroup.session
  package static let example = "quit"
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package func answer(in session: Session) throws -> Said {
    session.isFinished = true
    return Said("")
  }
}
