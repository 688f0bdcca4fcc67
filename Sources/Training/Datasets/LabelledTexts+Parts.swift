extension LabelledTexts {
  /// Some of the rows, in the order given. The label names are those of these rows.
  package func rows(_ places: some Sequence<Int>) -> LabelledTexts {
    LabelledTexts(file: file, columns: columns, rows: places.map { rows[$0] })
  }

  /// The first rows; all without a count.
  package func prefix(_ count: Int?) -> LabelledTexts {
    count.map { rows(0..<min($0, rows.count)) } ?? self
  }

  /// Rows to train on and rows held out, each label giving its share.
  package func split(heldOut fraction: Double, seed: UInt64) throws(DataError) -> (LabelledTexts, LabelledTexts) {
    let labels = try labels(known: labelNames)
    let split = Split.heldOut(count: rows.count, fraction: fraction, seed: seed, labels: labels)
    return (rows(split.training), rows(split.heldOut))
  }
}
