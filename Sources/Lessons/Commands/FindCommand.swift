import ArgumentParser
import Drawing
import Notebook

/// `find`: where the course, the commands and this session speak of something.
package struct FindCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Find a word in the lessons, the commands and this session.")
  package static let group = CommandGroup.session
  package static let example = "find learning rate"

  @Argument(help: ArgumentHelp("What to look for; case does not matter.", valueName: "words"))
  package var words: [String]
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    struct Hit: Encodable {
      /// `lessons`, `commands` or `session`.
      let kind: String
      /// What to type to get there.
      let go: String
      let text: String
    }

    let text: String
    let hits: [Hit]
    /// Hits beyond those that are listed.
    let more: Int

    package var drawing: Drawing? {
      guard !hits.isEmpty else {
        return .plain("Nothing speaks of “\(text)”; `lessons` and `help` list what there is.")
      }
      let rows = hits.map { hit -> [Drawing.Span] in [.init(hit.go, .code), .init(hit.text)] }
      let rest: [Drawing] = more == 0 ? [] : [.words(.init("and \(more) more.", .faint))]
      return .stack([.table(.init(columns: ["type", ""], rows: rows))] + rest)
    }
  }

  private static let most = 30

  package func answer(in session: Session) throws -> Answer {
    let text = words.joined(separator: " ")
    guard !text.allSatisfy(\.isWhitespace) else { throw Failure("Name a word to look for: `\(Self.example)`.", .usage) }
    let wanted = text.lowercased()
    func speaks(_ text: String) -> Bool { text.lowercased().contains(wanted) }
    var hits = session.table.rows.filter { row in
      row.configuration.shouldDisplay
        && (row.names.contains(where: speaks) || speaks(row.configuration.abstract)
          || speaks(row.configuration.discussion))
    }.map { Answer.Hit(kind: "commands", go: "help \($0.name)", text: $0.configuration.abstract) }
    for entry in LessonShelf(session.resources).entries {
      guard let lesson = try? Lesson(file: entry.file) else { continue }
      hits += Self.sections(of: lesson, where: speaks).map { number, line in
        Answer.Hit(kind: "lessons", go: "lesson \(entry.number), goto \(number)", text: line)
      }
    }
    hits += session.cells.filter { speaks($0.line) && $0.command != Self.name }.map {
      Answer.Hit(kind: "session", go: "rerun \($0.number)", text: $0.line)
    }
    return Answer(text: text, hits: Array(hits.prefix(Self.most)), more: max(0, hits.count - Self.most))
  }

  /// The first line of each section that speaks of it, with the section's number.
  private static func sections(of lesson: Lesson, where speaks: (String) -> Bool) -> [(Int, String)] {
    var found: [(Int, String)] = []
    for (index, section) in lesson.sections.enumerated() {
      let end = index + 1 < lesson.sections.count ? lesson.sections[index + 1].item : lesson.items.count
      let lines = lesson.items[section.item..<end].flatMap { item -> [Lesson.SourceLine] in
        switch item {
        case .heading(_, _, let line): [line]
        case .prose(let lines): lines
        case .quiz(let quiz): quiz.prose
        case .exercise(let exercise): exercise.prose
        case .cell(let cell) where !cell.isHidden: cell.source
        case .cell, .pause, .note, .time: []
        }
      }
      guard let line = lines.first(where: { speaks($0.text) }) else { continue }
      let text = Markdown.runs(line.text).map(\.text).joined()
      found.append((index + 1, text.drop { $0 == "#" || $0 == " " || $0 == "|" }.description))
    }
    return found
  }
}
