/// How rows are written.
package enum DataFormat: String, CaseIterable, Sendable, Codable {
  /// RFC 4180 with a header.
  case csv
  /// Tabs between columns, a header, no quoting.
  case tsv
  /// A JSON object a line, with the names that Hugging Face's datasets use.
  case jsonl
  /// A word and its tag a line, an empty line after each sentence.
  case conll
  /// Questions in their paragraphs, as SQuAD has them.
  case squad
  /// Texts alone, an empty line after each.
  case plain

  /// Of the file's name; a reader tells the format by it.
  package var ending: String {
    switch self {
    case .csv, .tsv, .jsonl, .conll: rawValue
    case .squad: "json"
    case .plain: "txt"
    }
  }
}

/// Turns rows into the text of a file.
package protocol RowWriter<Row> {
  associatedtype Row
  /// What stands before the first row.
  var opening: String { get }
  /// What stands behind the last.
  var closing: String { get }
  /// Throws `notWritable`.
  mutating func text(of row: Row) throws(DataError) -> String
}

extension RowWriter {
  var opening: String { "" }
  var closing: String { "" }
}

/// A text as JSON writes it, in its quotes (RFC 8259).
package func quotedJSON(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case "\t": out += "\\t"
    case "\r": out += "\\r"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let hex = String(scalar.value, radix: 16)
      out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}

func listJSON(_ texts: some Sequence<String>) -> String { "[\(texts.map(quotedJSON).joined(separator: ", "))]" }
