import ArgumentParser
import Drawing

/// `rerun`: lines of this session once more, one after another until one fails.
package struct RerunCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "rerun", abstract: "Run lines of this session again: the last one, or those of these numbers.",
    discussion: "Numbers are those of the prompts, `In [3]:`; 3-7 means all from 3 to 7.")
  package static let group = CommandGroup.session
  package static let example = "rerun"
  package static let needs = [TokensCommand.example]
  @Argument(help: ArgumentHelp("Such as 3, 3-7 or 2 5-6.", valueName: "numbers")) package var numbers: [String] = []
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let lines: [String]
    package var drawing: Drawing? { nil }
  }

  package func answer(in session: Session) throws -> Answer {
    let lines = try session.lines(numbers)
    guard !lines.isEmpty else {
      throw Failure("There is nothing to run again in these lines; they ran others themselves.", .usage)
    }
    session.queued += lines
    return Answer(lines: lines)
  }
}

extension Session {
  /// The lines behind prompts' numbers such as `3-7`; without numbers, the last line. Those that run others are left out.
  /// - Throws: `Failure` that names the numbers there are
  package func lines(_ numbers: [String]) throws -> [String] {
    let able = cells.filter { !Session.runningOthers.contains($0.command ?? "") }
    guard let newest = able.last else {
      throw Failure("Nothing ran yet in this session; run a command first.", .usage)
    }
    guard !numbers.isEmpty else { return [newest.line] }
    return try numbers.flatMap { text -> [String] in
      let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 1, first <= last else {
        throw Failure("'\(sanitized(text))' is no number of a line; write 3 or 3-7. `history` lists them.", .usage)
      }
      guard last <= cells.count else {
        throw Failure(
          "There is no line \(last) yet; this session has 1 to \(cells.count). `history` lists them.", .usage)
      }
      return able.filter { (first...last).contains($0.number) }.map(\.line)
    }
  }

  private static let runningOthers: Set<String> = ["rerun", "edit", "open", "quit", "bye"]
}
