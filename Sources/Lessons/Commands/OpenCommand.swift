import ArgumentParser
import Drawing
import Foundation
import Notebook

/// `open`: the lines of a saved session once more.
package struct OpenCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Run what `save` wrote, or a file of lines, in this session.",
    discussion:
      "A .md file is a lesson, of which the cells run; an .ipynb is a notebook; any other file has a command a line.")
  package static let group = CommandGroup.session
  package static let example = "open session.md"

  @Argument(help: ArgumentHelp("The file to read.", valueName: "file")) package var file: String
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let file: String
    let lines: [String]

    package var drawing: Drawing? { lines.isEmpty ? .plain("\(file) has nothing to run.") : nil }
  }

  package func answer(in session: Session) throws -> Answer {
    let lines: [String]
    switch URL(fileURLWithPath: file).pathExtension.lowercased() {
    case "md", "markdown":
      let whole = try Lesson(file: try LessonShelf(session.resources).file(named: file))
      let (lesson, settings) = try whole.opened(in: session)
      if let model = settings.model { session.settings.model = model }
      session.variables.merge(try lesson.values(given: [:])) { $1 }
      lines = lesson.items.flatMap { item -> [String] in
        guard case .cell(let cell) = item, cell.uncertainty != .command else { return [] }
        if cell.expectsFailure { session.forgiven.formUnion(cell.statements.map(\.text)) }
        return cell.statements.map(\.text)
      }
    case "ipynb": lines = try notebookLines()
    default: lines = try statements(try LessonSource.text(of: file, asked: nil))
    }
    session.queued += lines
    return Answer(file: file, lines: lines)
  }

  private func notebookLines() throws -> [String] {
    let text = try LessonSource.text(of: file, asked: nil)
    guard case .array(let cells)? = Value(json: Data(text.utf8))?["cells"] else {
      throw Failure("\(sanitized(file)) is no notebook: it has no `cells`.", .malformed)
    }
    return try cells.flatMap { cell -> [String] in
      guard cell["cell_type"] == .string("code") else { return [] }
      // A notebook that holds Python keeps attune's own lines beside it.
      let lines = Self.text(cell["metadata"]?["attune"], between: "\n") ?? Self.text(cell["source"], between: "")
      return try statements(lines ?? "")
    }
  }

  /// A text, or the parts of one.
  private static func text(_ value: Value?, between: String) -> String? {
    switch value {
    case .string(let text)?: text
    case .array(let parts)?:
      parts.compactMap { if case .string(let text) = $0 { text } else { nil } }.joined(separator: between)
    default: nil
    }
  }

  /// Whole statements: an open quote or a trailing backslash wants the next line too.
  private func statements(_ text: String) throws -> [String] {
    var lines: [String] = []
    var open: String?
    for (index, line) in LessonSource.split(text).enumerated() {
      let joined = open.map { $0 + "\n" + line } ?? line
      do throws(Words.Incomplete) {
        if !(try Words(joined).words.isEmpty) { lines.append(joined) }
        open = nil
      } catch {
        guard joined.utf8.count < 20_000 else {
          throw Failure(
            "\(sanitized(file)):\(index + 1): a quote that was opened before this line is not closed.", .malformed)
        }
        open = joined
      }
    }
    if open != nil { throw Failure("\(sanitized(file)) ends inside a quote; close it.", .malformed) }
    return lines
  }
}
