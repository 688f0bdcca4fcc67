import ArgumentParser
import Drawing
import Notebook

package struct GotoCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "goto", abstract: "Jump to a section of the lesson, or to an id in it.")
  package static let group = CommandGroup.lessons
  package static let example = "goto 2"
  package static let needs = [LessonCommand.example]

  @Argument(help: ArgumentHelp("A section's number or title, or an id.", valueName: "section|id"))
  package var place: [String] = []

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.goTo(place.joined(separator: " "), in: session) }
  }
}

/// What an answer that is typed under a question becomes.
package struct ChooseCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "choose", abstract: "Answer the question that is open: letters, a number, words, a guess.",
    shouldDisplay: false, aliases: ["guess"])
  package static let group = CommandGroup.lessons
  package static let example = "choose a"
  package static let needs = [LessonCommand.example, "goto shop"]

  @Argument(
    parsing: .allUnrecognized, help: ArgumentHelp("Letters of choices, a number or words.", valueName: "answer"))
  package var answer: [String] = []

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in
      guard player.lesson != nil else { throw LessonError.noLessonOpen }
      try player.answer(answer.joined(separator: " "), in: session)
    }
  }
}

package struct ByeCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "bye", abstract: "Keep the place in the lesson and leave attune.")
  package static let group = CommandGroup.lessons
  package static let example = "bye"

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in
      player.close(in: session)
      session.isFinished = true
    }
  }
}

package struct WordsCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "words", abstract: "List the words that steer a lesson.")
  package static let group = CommandGroup.lessons
  package static let example = "words"

  @OptionGroup package var common: CommonOptions

  package init() {}

  package struct Answer: CommandAnswer {
    struct Word: Encodable {
      var word: String
      var does: String
    }

    let words: [Word]

    package var drawing: Drawing? {
      .table(.init(columns: ["word", "what it does"], rows: words.map { [.init($0.word, .code), .init($0.does)] }))
    }
  }

  package func answer(in session: Session) throws -> Answer {
    Answer(words: LessonCommands.words.map { .init(word: $0.name, does: $0.configuration.abstract) })
  }
}
