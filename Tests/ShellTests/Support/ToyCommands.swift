import ArgumentParser
import Drawing
import Foundation
import Notebook
import Shell

/// Commands that need no model: what the shell does with a line is what is tested.
enum Toys {
  static let rows: [any Command.Type] = [Say.self, Slow.self, Grow.self, Open.self, Ask.self, Leave.self]
  static var table: CommandTable { CommandTable(rows) }
  /// With those that work on lines, for whole sessions.
  static var shell: CommandTable {
    CommandTable(
      rows + [Draw.self, Wait.self, SetCommand.self, HistoryCommand.self, RerunCommand.self, EditCommand.self])
  }
}

struct Say: Command {
  static let configuration = CommandConfiguration(commandName: "say", abstract: "Says it.", aliases: ["tell"])
  static let group = CommandGroup.tasks
  static let example = "say hello"
  enum Tone: String, ExpressibleByArgument, CaseIterable { case calm, cheerful, loud }
  @OptionGroup var common: CommonOptions
  @Option(help: "How to say it.") var tone: Tone = .calm
  @Argument(help: ArgumentHelp("What to say.", valueName: "text")) var text: [String] = []
  func answer(in session: Session) throws -> Said { Said(text.map { "[\($0)]" }.joined()) }
}

/// Runs until Ctrl-C.
struct Slow: Command {
  static let configuration = CommandConfiguration(commandName: "slow", abstract: "Takes long.")
  static let group = CommandGroup.tasks
  static let example = "slow"
  @OptionGroup var common: CommonOptions
  func answer(in session: Session) throws -> Said {
    session.screen.show(["started"])
    for _ in 0..<6000 {
      try Interrupt.check()
      usleep(10_000)
    }
    return Said("never stopped")
  }
}

/// Redraws for a while, as a training does.
struct Draw: Command {
  static let configuration = CommandConfiguration(commandName: "draw", abstract: "Draws.")
  static let group = CommandGroup.tasks
  static let example = "draw"
  @OptionGroup var common: CommonOptions
  func answer(in session: Session) throws -> Said {
    for number in 0..<10 {
      try Interrupt.check()
      session.screen.live(.text(.init("frame \(number)\nand below")))
      usleep(100_000)
    }
    return Said("done")
  }
}

/// Says something and then works in silence.
struct Wait: Command {
  static let configuration = CommandConfiguration(commandName: "wait", abstract: "Waits.")
  static let group = CommandGroup.tasks
  static let example = "wait"
  @OptionGroup var common: CommonOptions
  func answer(in session: Session) throws -> Said {
    session.screen.show(["frame"])
    usleep(1_000_000)
    return Said("done")
  }
}

/// Draws again and again, as a training does, until a file appears.
struct Grow: Command {
  static let configuration = CommandConfiguration(commandName: "grow", abstract: "Draws while it runs.")
  static let group = CommandGroup.training
  static let example = "grow seed"
  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("The file that ends it.", valueName: "file")) var file: String
  func answer(in session: Session) throws -> Said {
    for step in 1...6000 {
      if FileManager.default.fileExists(atPath: file) { return Said("grown") }
      try Interrupt.check()
      session.screen.live(.text(.init("height \(step)")))
      usleep(10_000)
    }
    return Said("never grown")
  }
}

struct Open: Command {
  static let configuration = CommandConfiguration(commandName: "open", abstract: "Opens a model.")
  static let group = CommandGroup.models
  static let example = "open minilm"
  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("Which.", valueName: "name|folder")) var name: String
  func answer(in session: Session) throws -> Said { Said("opened \(name)") }
}

struct Ask: Command {
  static let configuration = CommandConfiguration(commandName: "ask", abstract: "Asks.")
  static let group = CommandGroup.models
  static let example = "ask"
  @OptionGroup var common: CommonOptions
  func answer(in session: Session) throws -> Said {
    Said(session.screen.confirms("Sure?") ? "it is" : "it is not")
  }
}

struct Leave: Command {
  static let configuration = CommandConfiguration(commandName: "quit", abstract: "Leaves.")
  static let group = CommandGroup.session
  static let example = "quit"
  @OptionGroup var common: CommonOptions
  func answer(in session: Session) throws -> Said {
    session.isFinished = true
    return Said("")
  }
}
