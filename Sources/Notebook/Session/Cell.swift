import Drawing

/// One line that ran: what was typed, what came out.
package struct Cell: Sendable {
  /// The number in `In [n]:`, from 1.
  package let number: Int
  /// The lesson cell's id, if it has one.
  package let id: String?
  package let line: String
  /// The command's name from the table; nil if the line named none.
  package let command: String?
  /// The typed result as data; nil if the command failed.
  package let value: Value?
  package let drawing: Drawing?
  package let status: ExitStatus
  /// Why it failed, in one sentence.
  package let message: String?
  package let seconds: Double
  /// The name that keeps its result.
  package var target: String? = nil
  /// What Hugging Face's libraries do in its place; nil if the command failed.
  package let python: PythonAnswer?

  /// The result with the command's name in front, as `check:` sees it.
  package var checked: Value {
    var members: [(key: String, value: Value)] = [("command", command.map(Value.string) ?? .null)]
    switch value {
    case .object(let fields): members += fields
    case .some(let other): members.append(("value", other))
    case nil: members.append(("error", message.map(Value.string) ?? .null))
    }
    return .object(members)
  }

  /// What `_` and `Out[n]` stand for in a later line: the text that the result is about.
  package var text: String? { value.flatMap { Cell.text(of: $0) } }

  private static let textKeys = [
    "generated_text", "translation", "summary_text", "answer", "sequence", "text", "output", "label", "word",
  ]

  static func text(of value: Value) -> String? {
    switch value {
    case .string(let text): return text
    case .array(let elements): return elements.first.flatMap { text(of: $0) }
    case .object:
      for key in textKeys { if case .string(let text)? = value[key] { return text } }
      return nil
    default: return nil
    }
  }
}
