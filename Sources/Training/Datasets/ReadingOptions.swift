/// What a row's label is.
package enum LabelKind: String, Sendable, Equatable, Codable, CaseIterable {
  /// One class.
  case single
  /// Any number of classes: a JSON array, or names between `|` or commas.
  case several
  /// A number, for regression.
  case number
}

/// How data files are read where the file itself does not say.
package struct ReadingOptions: Sendable, Equatable {
  package var textColumn = "text"
  package var labelColumn = "label"
  /// What a model is given, and what it has to write for it.
  package var sourceColumn = "source"
  package var targetColumn = "target"
  /// The columns of a TSV or CSV file that has no header, in its order.
  package var columns: [String]?
  package var labels = LabelKind.single
  /// The column of tags by name, or by number from 1; without it, the last that holds tags.
  package var tagColumn: String?
  /// What tags that are written as numbers stand for, in the order of the numbers.
  package var tagNames: [String]?
  /// Whether every line of a plain text is a document; else a paragraph between empty lines is.
  package var linesAreDocuments = false
  /// The most rows to read.
  package var limit: Int?

  package init() {}
}
