/// One row of labelled texts.
package struct LabelledText: Equatable, Sendable {
  package let text: String
  /// The second text, where the task is about two.
  package let pair: String?
  /// As the file writes them: one, or any number where rows may have several.
  package let labels: [String]
  /// The line on which the row begins, from 1.
  package let line: Int

  package init(text: String, pair: String? = nil, labels: [String], line: Int) {
    self.text = text
    self.pair = pair
    self.labels = labels
    self.line = line
  }

  package init(text: String, pair: String? = nil, label: String, line: Int) {
    self.init(text: text, pair: pair, labels: [label], line: line)
  }

  /// The label; where there are several, all of them between `|`.
  package var label: String { labels.count == 1 ? labels[0] : labels.joined(separator: "|") }
}

/// The labelled rows of a data file, in the file's order; never empty when it was read from a file.
package struct LabelledTexts: Sendable {
  /// The file's path.
  package let file: String
  /// The columns that were read, as the file spells them.
  package let columns: Columns
  package let kind: LabelKind
  package let rows: DataRows<LabelledText>
  /// Every label once, in training order: a label's number is its place here. Empty for numbers.
  package let labelNames: [String]
  /// How many rows carry each label, in the order of `labelNames`.
  package let labelCounts: [Int]

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

  package var count: Int { rows.count }

  /// Rows that are in memory.
  package init(file: String, columns: Columns, kind: LabelKind = .single, rows: [LabelledText]) {
    var counts: [String: Int] = [:]
    if kind != .number { for row in rows { for label in row.labels { counts[label, default: 0] += 1 } } }
    self.init(file: file, columns: columns, kind: kind, rows: DataRows(file: file, rows), counts: counts)
  }

  init(file: String, columns: Columns, kind: LabelKind, rows: DataRows<LabelledText>, counts: [String: Int]) {
    self.file = file
    self.columns = columns
    self.kind = kind
    self.rows = rows
    labelNames = Self.trainingOrder(Set(counts.keys))
    labelCounts = labelNames.map { counts[$0] ?? 0 }
  }
}
