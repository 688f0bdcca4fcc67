import Drawing
import Lessons
import Notebook
import TestSupport
import Testing

extension TerminalStyle {
  static let plain = TerminalStyle()
  static let wide = TerminalStyle(width: 200)
  static let narrow = TerminalStyle(width: 40)
  /// A terminal whose locale knows no Unicode.
  static let ascii = TerminalStyle(unicode: false)
  static let accessible = TerminalStyle(accessible: true)
  static func color(_ depth: ColorDepth) -> TerminalStyle { TerminalStyle(color: depth) }
}

/// A line typed into a fresh session, and all that it puts on the screen; what is said beside it stands after `! `.
func typing(
  _ line: String, style: TerminalStyle = .plain, shows expected: String, at location: SourceLocation = #_sourceLocation
) throws {
  let sitting = try Sitting(NotebookCommands.rows + LessonCommands.rows, style: style)
  let found = shown(sitting.run(line), in: sitting)
  #expect(found == expected, "\(line) shows:\n\(found)", sourceLocation: location)
}

/// Lines and notices as one text, the sitting's folder as `~`.
func shown(_ result: (cell: Cell?, lines: [String], notices: [String]), in sitting: Sitting) -> String {
  (result.lines + result.notices.map { "! " + $0 }).joined(separator: "\n").replacing(sitting.folder.path, with: "~")
}

/// A screen without what differs from run to run: how long things took, and the path of the sitting's folder.
func steady(_ screen: String) -> String {
  let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    line.replacing(/\s+[\d.]+ m?s$/, with: "  #").replacing(/F1\s+time$/, with: "F1  #")
      .replacing(/^((─+\s+){5})─+$/) { "\($0.1)#" }.replacing(/\bin [\d.]+ m?s\./, with: "in #.")
  }
  return lines.joined(separator: "\n").replacing(/Saved in run (\d+),\n(.|\n)*runs\/\d+/) { "Saved in run \($0.1), #" }
}
