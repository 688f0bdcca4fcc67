import Notebook

/// The commands that this room brings to the table.
package enum ShellCommands {
  package static let rows: [any Command.Type] = [PresentCommand.self, EditCommand.self]
}
