import Checkpoints
import Drawing
import Foundation

/// The screen of a command whose result goes to a file: keeps what is shown, lets through what is said meanwhile.
final class RedirectedScreen: Screen {
  var style: TerminalStyle
  private let screen: any Screen
  private(set) var lines: [String] = []

  init(_ screen: any Screen) {
    self.screen = screen
    style = TerminalStyle(width: 80, color: .none, accessible: screen.style.accessible, unicode: screen.style.unicode)
  }

  func show(_ lines: [String]) { self.lines += lines }
  func notice(_ line: String) { screen.notice(line) }
  func live(_ drawing: Drawing, followsEnd: Bool) { screen.live(drawing, followsEnd: followsEnd) }
  func confirms(_ question: String) -> Bool { screen.confirms(question) }
  func endLive() { screen.endLive() }
}

extension Statement.Redirection {
  /// The file's ending, which says in what form a result is written.
  private var ending: String { URL(fileURLWithPath: file).pathExtension.lowercased() }

  /// Writes a result whole or not at all.
  /// - Parameters:
  ///   - shown: lines that the command has shown by itself
  ///   - isJSON: whether the line asks for JSON
  /// - Returns: what to say about it
  /// - Throws: `Failure`, `FileError`
  func write(
    _ value: Value, _ drawing: Drawing?, shown: [String], isJSON: Bool, line: String, style: TerminalStyle
  ) throws -> String {
    let text: String
    switch ending {
    case "json", "jsonl": text = value.json + "\n"
    case _ where isJSON: text = value.json + "\n"
    case "html", "htm":
      guard !appends else { throw Failure("A page cannot be added to; write \(sanitized(file)) with `>`.", .usage) }
      text = Drawing.htmlPage(title: line, body: drawing?.html() ?? "")
    case "svg":
      guard !appends else { throw Failure("A picture cannot be added to; write \(sanitized(file)) with `>`.", .usage) }
      guard let picture = drawing?.svg() else {
        throw Failure("This result is no picture; write it to a file that ends in .txt, .json or .html.", .usage)
      }
      text = picture
    default: text = (shown + (drawing?.lines(style) ?? [])).map { $0 + "\n" }.joined()
    }
    let place = URL(fileURLWithPath: (file as NSString).expandingTildeInPath)
    var old = Data()
    if appends, FileManager.default.fileExists(atPath: place.path) {
      guard let data = FileManager.default.contents(atPath: place.path) else {
        throw Failure("\(sanitized(file)) cannot be read, so nothing was added; check its permissions.", .cannotWrite)
      }
      old = data
    }
    try AtomicFile.write(old + Data(text.utf8), to: place)
    return "\(appends ? "Added to" : "Wrote") \(sanitized(file)) (\(bytes(text.utf8.count)))."
  }
}
