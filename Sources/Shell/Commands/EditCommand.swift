import ArgumentParser
import Drawing
import Foundation
import Notebook

/// `edit`: lines of the session in an editor; what is saved runs.
package struct EditCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Edit lines in your editor and run what you save; an empty file runs nothing.",
    discussion: "The editor is `set editor`, else VISUAL, else EDITOR, else vi. Without numbers, the last line.")
  package static let group = CommandGroup.session
  package static let example = "edit 1"
  package static let needs = ["set editor true", #"tokens "Hello""#]
  @Argument(help: ArgumentHelp("Of lines, such as 3, 3-7 or 2 5-6.", valueName: "numbers")) package var numbers:
    [String] = []
  @OptionGroup(title: "Common options") package var common: CommonOptions

  package init() {}

  package struct Answer: CommandAnswer {
    let lines: [String]
    package var drawing: Drawing? { lines.isEmpty ? .plain("Nothing to run.") : nil }
  }

  package func answer(in session: Session) throws -> Answer {
    let hasRun = session.cells.contains { $0.command != nil }
    let lines = hasRun || !numbers.isEmpty ? try session.lines(numbers) : []
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attune-\(UUID().uuidString)")
    let file = folder.appendingPathComponent("lines.attune")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: file)
    } catch {
      throw Failure(
        "No file for the editor can be written in \(folder.deletingLastPathComponent().path).", .cannotWrite)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    let editor = Self.editor(session)
    session.screen.endLive()
    let status = TerminalModes.lend { Self.run(editor, file.path, session.environment) }
    guard status == 0 else {
      throw Failure(
        status == 127
          ? "The editor `\(sanitized(editor))` cannot be started; `set editor NAME` chooses another."
          : "The editor `\(sanitized(editor))` ended with status \(status), so nothing runs.", .failed)
    }
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw Failure("What the editor saved is not UTF-8 text, so nothing runs.", .malformed)
    }
    var statements = Statements()
    var saved = text.split(separator: "\n", omittingEmptySubsequences: false).compactMap {
      statements.add(String($0))
    }
    if let rest = statements.finish() { saved.append(rest) }
    let wanted = saved.filter { !$0.allSatisfy(\.isWhitespace) }
    session.queued += wanted
    return Answer(lines: wanted)
  }

  private static func editor(_ session: Session) -> String {
    let named = [session.settings.editor, session.environment["VISUAL"], session.environment["EDITOR"]]
    return named.lazy.compactMap(\.self).first { !$0.allSatisfy(\.isWhitespace) } ?? "vi"
  }

  /// Runs the editor, which may have arguments of its own, on this terminal until it ends.
  /// - Returns: its status; 127 when it cannot be started, as `sh` has it
  private static func run(_ editor: String, _ file: String, _ environment: [String: String]) -> Int32 {
    let arguments = ["/bin/sh", "-c", editor + " \"$1\"", "sh", file]
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var child: pid_t = 0
    guard posix_spawn(&child, "/bin/sh", nil, &attributes, &words, &variables) == 0 else { return 127 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return 127 } }
    // Ctrl-C was meant for the editor.
    Interrupt.forget()
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
