import Tokenizers

/// A text that a model learns to write.
package struct Writing: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    /// All of it is learnt.
    case text(String)
    /// What is given, and what has to be written for it.
    case answer(source: String, target: String)
    /// A conversation, of which the assistant's turns are learnt.
    case chat([ChatTemplate.Message])
  }

  package let content: Content
  /// The line on which it begins, from 1.
  package let line: Int

  package init(_ content: Content, line: Int) {
    self.content = content
    self.line = line
  }

  /// The whole as one text, for people; each turn of a conversation on a line of its own.
  package var text: String {
    switch content {
    case .text(let text): text
    case .answer(let source, let target): "\(source)\n\(target)"
    case .chat(let turns): turns.map { "\($0.role): \($0.content)" }.joined(separator: "\n")
    }
  }
}

/// The texts to write of a data file, in its order; never empty when it was read from a file.
package struct Writings: Sendable {
  /// The file's path.
  package let file: String
  /// Where they stand, as the file spells it.
  package let columns: WritingColumns
  package let rows: DataRows<Writing>

  package var count: Int { rows.count }

  package init(file: String, columns: WritingColumns, rows: DataRows<Writing>) {
    self.file = file
    self.columns = columns
    self.rows = rows
  }
}

/// The columns that the texts to write stand in.
package enum WritingColumns: Equatable, Sendable {
  case text(String)
  case answer(source: String, target: String)
  case chat(String)
  /// Hugging Face's pairs of languages: an object with a text for each.
  case languages(String, source: String, target: String)
  /// None: a plain text.
  case paragraphs

  /// The first form that the names of a file's columns make; nil where they make none.
  static func among(_ names: [String], _ options: ReadingOptions) -> WritingColumns? {
    for name in ["messages", "conversations"] where names.contains(name) { return .chat(name) }
    if let source = ColumnNames.index(of: options.sourceColumn, in: names),
      let target = ColumnNames.index(of: options.targetColumn, in: names), source != target
    {
      return .answer(source: names[source], target: names[target])
    }
    return ColumnNames.index(of: options.textColumn, in: names).map { .text(names[$0]) }
  }
}

extension Writings: DataSet {
  package var formats: [DataFormat] { columns == .paragraphs ? [.plain, .jsonl] : [.jsonl, .plain] }
  package var distribution: [(label: String, count: Int)] { [] }
  package func labels(of row: Writing) -> [String] { [] }
  package func line(of row: Writing) -> Int { row.line }
  package func sequence(of row: Writing) -> (text: String, pair: String?) {
    if case .answer(let source, let target) = row.content { (source, target) } else { (row.text, nil) }
  }
  package func compared(_ row: Writing) -> String { row.text }

  package func writer(_ format: DataFormat) -> (any RowWriter<Writing>)? {
    switch format {
    case .plain: PlainWriter(body: \.text)
    case .jsonl: WritingWriter()
    default: nil
    }
  }
}

/// A JSON object a line, under the names that trl reads.
private struct WritingWriter: RowWriter {
  func text(of row: Writing) -> String {
    switch row.content {
    case .text(let text): "{\"text\": \(quotedJSON(text))}\n"
    case .answer(let source, let target):
      "{\"prompt\": \(quotedJSON(source)), \"completion\": \(quotedJSON(target))}\n"
    case .chat(let turns):
      "{\"messages\": ["
        + turns.map { "{\"role\": \(quotedJSON($0.role)), \"content\": \(quotedJSON($0.content))}" }
        .joined(separator: ", ") + "]}\n"
    }
  }
}
