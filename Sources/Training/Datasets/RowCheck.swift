import Foundation

/// Checks the values of labelled rows.
struct RowCheck: Sendable {
  let file: String
  let columns: LabelledTexts.Columns
  let labels: LabelKind

  func row(text: String, pair: String?, labels: [String], line: Int) throws(DataError) -> LabelledText {
    if isBlank(text) { throw .emptyText(place(line, columns.text)) }
    if let pair, isBlank(pair) { throw .emptyText(place(line, columns.pair ?? "")) }
    return LabelledText(text: text, pair: pair, labels: labels, line: line)
  }

  /// The labels that a cell or a JSON text holds. Only a row that may have several may have none.
  func labels(written: String, line: Int) throws(DataError) -> [String] {
    let label = trimmed(written)
    if labels == .several {
      let separator: Character = label.contains("|") ? "|" : ","
      return label.split(separator: separator).map { trimmed(String($0)) }.filter { !$0.isEmpty }
    }
    if label.isEmpty { throw .missingLabel(place(line, columns.label)) }
    if labels == .number, Float(label)?.isFinite != true {
      throw .notANumber(place(line, columns.label), found: label)
    }
    return [label]
  }

  private func place(_ line: Int, _ column: String) -> DataPlace {
    DataPlace(file: file, line: line, column: .name(column))
  }
}

func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isWhiteSpace) }

/// Without the white space at both ends.
func trimmed(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.first, let last = scalars.last,
    isWhiteSpace(first) || isWhiteSpace(last)
  else { return text }
  return text.trimmingCharacters(in: .whitespacesAndNewlines)
}

/// Unicode's white space; the question is asked for every row, so plain ASCII is answered without its tables.
func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
  scalar.isASCII ? scalar == " " || ("\t"..."\r").contains(scalar) : scalar.properties.isWhitespace
}
