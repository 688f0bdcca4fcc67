import ArgumentParser
import Drawing
import Notebook

/// Commands small enough to know their output by heart.
struct SplitCommand: Command {
  static let configuration = CommandConfiguration(commandName: "split", abstract: "Split a text at blanks.")
  static let group = CommandGroup.tokens
  static let example = "split \"a b\""

  @Argument var text: String
  @OptionGroup var common: CommonOptions

  struct Answer: CommandAnswer {
    let text: String
    let words: [String]
    let seed: UInt64
    var drawing: Drawing? {
      .stack([.text(.init(words.joined(separator: " | "))), .text(.init("words: \(words.count)"))])
    }
  }

  func answer(in session: Session) throws -> Answer {
    Answer(text: text, words: text.split(separator: " ").map(String.init), seed: session.settings.seed)
  }
}

struct FailCommand: Command {
  static let configuration = CommandConfiguration(commandName: "fail", abstract: "Fail with a sentence.")
  static let group = CommandGroup.tokens
  static let example = "fail \"no luck\""

  @Argument var sentence: String
  @Option var status: Int32 = 1
  @OptionGroup var common: CommonOptions

  func answer(in session: Session) throws -> Said { throw Failure(sentence, ExitStatus(rawValue: status) ?? .failed) }
}

/// Works until it is told to stop.
struct LoopCommand: Command {
  static let configuration = CommandConfiguration(commandName: "loop", abstract: "Run until stopped.")
  static let group = CommandGroup.tokens
  static let example = "loop"

  @OptionGroup var common: CommonOptions

  func answer(in session: Session) throws -> Said {
    while true { try Interrupt.check() }
  }
}

struct RulerCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "ruler", abstract: "Print a number, or a line of a width.")
  static let group = CommandGroup.tokens
  static let example = "ruler --value 1"

  @Option var value: Double?
  @OptionGroup var common: CommonOptions

  struct Answer: CommandAnswer {
    let value: Double
    var drawing: Drawing? { .text(.init("value \(value) units")) }
  }

  func answer(in session: Session) throws -> Answer { Answer(value: value ?? 0.5) }
}
