import ArgumentParser
import Drawing
import Foundation
import Notebook

/// Begins a lesson.
package struct NewLessonCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "new-lesson", abstract: "Write a lesson to begin from, with one of each thing a lesson can have.")
  package static let group = CommandGroup.lessons
  package static let example = "new-lesson my-topic"

  @Argument(help: ArgumentHelp("What to call it, or the .md file to write.", valueName: "lesson"))
  package var name: String

  @Option(help: ArgumentHelp("Its title; without one, made of its name.", valueName: "text"))
  package var title: String?

  @OptionGroup package var common: CommonOptions

  package init() {}

  package struct Answer: CommandAnswer {
    let file: String
    let id: String
    let title: String

    package var drawing: Drawing? {
      .stack([
        .text(.init([.init("Written: "), .init(file, .strong)])),
        .text(
          .init("`check \(file)` proves it, `lesson \(file)` opens it, `present \(file)` shows it to a room.", .faint)),
      ])
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let file = name.hasSuffix(".md") ? name : name + ".md"
    let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    let id = NewLessonCommand.id(stem)
    guard let id else {
      throw Failure("'\(sanitized(name))' has no letter to make a lesson's id of; try `\(Self.example)`.", .usage)
    }
    let title = title ?? NewLessonCommand.title(id)
    let text = LessonTemplate(id: id, title: title, model: common.model).text
    // What was just written must be a lesson: a title can hold anything.
    _ = try Lesson(text: text, file: file)
    try write(text, to: file)
    return Answer(file: file, id: id, title: title)
  }

  private func write(_ text: String, to file: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .withoutOverwriting)
    } catch let error as CocoaError where error.code == .fileWriteFileExists {
      throw Failure("There is a file \(sanitized(file)) already, and it was left alone; choose another name.", .usage)
    } catch {
      let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
      let way =
        FileManager.default.fileExists(atPath: folder) ? "check its permissions and the disk" : "make its folder first"
      throw Failure("The lesson \(sanitized(file)) cannot be written; \(way).", .cannotWrite)
    }
  }

  /// `04-My topic` becomes `my-topic`.
  static func id(_ stem: String) -> String? {
    let words = stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
    let parts = String(words).drop { !$0.isLetter }.split(separator: "-")
    return parts.isEmpty ? nil : parts.joined(separator: "-")
  }

  private static func title(_ id: String) -> String {
    let words = id.replacing("-", with: " ").replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
