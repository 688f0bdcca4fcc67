import Notebook

/// The commands that this room brings to the table.
enum ShellCommands {
  static let rows: [any Command.Type] = [EditCommand.self]
}
