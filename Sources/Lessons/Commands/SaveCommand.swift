import ArgumentParser
import Drawing
import Foundation
import Notebook

/// `save`: the session as a lesson, a page or a notebook.
package struct SaveCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Write the session to a file: .md (a lesson that runs), .html or .ipynb.")
  package static let group = CommandGroup.session
  package static let example = "save session.md"

  @Argument(help: ArgumentHelp("The file to write.", valueName: "file"))
  package var file: String

  @OptionGroup(title: "Common options") package var common: CommonOptions

  package init() {}

  package struct Answer: CommandAnswer {
    let file: String
    let cells: Int

    package var drawing: Drawing? {
      .plain("\(cells) \(cells == 1 ? "cell" : "cells") saved in \(file).")
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let cells = session.cells.filter(SaveCommand.belongs)
    guard !cells.isEmpty else { throw Failure("There is nothing to save yet; run a command first.", .usage) }
    try SessionTranscript(cells, file: file, model: session.modelName).write()
    return Answer(file: file, cells: cells.count)
  }

  /// Steering a lesson and the shell is no part of what was worked out.
  static func belongs(_ cell: Cell) -> Bool {
    let left =
      LessonCommands.words.map { $0.name } + [
        ChooseCommand.name, SaveCommand.name, LessonCommand.name, CodeCommand.name,
      ]
    guard let command = cell.command else { return false }
    return !left.contains(command) && !["help", "history", "quit", "rerun", "edit", "open", "time"].contains(command)
  }
}

/// Cells of a session in the form of a lesson that ran, so that every kind of transcript can be written of them.
struct SessionTranscript {
  private let report: LessonReport
  private let file: String

  init(_ cells: [Cell], file: String, model: String) throws {
    self.file = file
    let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    let id = "session-" + name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    var lines = [
      "---", "lesson: 1", "id: \(id)", "title: \(Value.string(name).json)",
      "models: [\(Value.string(model).json)]", "---",
    ]
    for cell in cells {
      lines += ["", "```attune" + (cell.status == .passed ? "" : " {expect=fail}")]
      lines += cell.line.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) + ["```"]
    }
    let lesson = try Lesson(text: lines.joined(separator: "\n") + "\n", file: file)
    let page = TerminalStyle(width: LessonRun.pageWidth)
    let outcomes = zip(lesson.cells, cells).enumerated().map { index, pair in
      let (place, cell) = pair
      var outcome = CellOutcome(place, index: index)
      outcome.output = cell.drawing?.lines(page) ?? LessonRun.page(cell.message ?? "")
      outcome.drawings = cell.drawing.map { [$0] } ?? []
      outcome.value = cell.checked
      outcome.status = cell.status
      outcome.message = cell.message
      outcome.seconds = cell.seconds
      outcome.spoken = [(cell.line, cell.python)]
      return outcome
    }
    report = LessonReport(
      lesson: lesson, parameters: [:], outcomes: outcomes, failures: [], seconds: cells.reduce(0) { $0 + $1.seconds })
  }

  func write() throws { try report.write(to: file) }
}
