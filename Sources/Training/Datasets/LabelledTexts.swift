/// One row of a data file.
package struct LabelledText: Equatable, Sendable {
  package let text: String
  /// The second text, where the task is about two.
  package let pair: String?
  package let label: String
  /// The line on which the row begins, from 1.
  package let line: Int

  package init(text: String, pair: String? = nil, label: String, line: Int) {
    self.text = text
    self.pair = pair
    self.label = label
    self.line = line
  }
}

/// The rows of a data file, in the file's order; never empty when it was read from a file.
package struct LabelledTexts: Equatable, Sendable {
  /// The file's path.
  package let file: String
  /// The columns that were read, as the file spells them.
  package let columns: Columns
  package let rows: [LabelledText]
  /// Every label once, in training order: a label's number is its place here.
  package let labelNames: [String]

  package struct Columns: Equatable, Sendable {
    package let text: String
    package let pair: String?
    package let label: String

    package init(text: String, pair: String? = nil, label: String) {
      self.text = text
      self.pair = pair
      self.label = label
    }
  }

  package init(file: String, columns: Columns, rows: [LabelledText]) {
    self.file = file
    self.columns = columns
    self.rows = rows
    labelNames = Self.trainingOrder(Set(rows.lazy.map(\.label)))
  }
}
