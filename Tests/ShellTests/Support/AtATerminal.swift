import Foundation
import Testing

/// A suite whose tests type at a shell of toy commands, in a home of its own.
protocol AtATerminal {
  var home: URL { get }
}

extension AtATerminal {
  func start(_ environment: [String: String] = [:]) throws -> PseudoTerminal {
    let terminal = try Driver.start(home: home, environment: environment)
    try terminal.expect("In [1]: ")
    return terminal
  }

  /// Presses Enter, waits for the result and the next prompt: keys before it are not the editor's yet.
  func enter(_ terminal: PseudoTerminal, _ keys: String, _ result: String) throws {
    terminal.type(keys + "\r")
    try terminal.expect(result + "\nIn [")
    try terminal.expect("]: ")
  }

  func leave(_ terminal: PseudoTerminal) throws {
    terminal.type("\u{4}")
    try terminal.expect("Goodbye.")
    #expect(try terminal.wait() == 0)
  }
}
