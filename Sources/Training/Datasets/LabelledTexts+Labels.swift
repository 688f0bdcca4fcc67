extension LabelledTexts {
  /// NEGATIVE before POSITIVE in any case, numbers by value, other names by name.
  static func trainingOrder(_ labels: Set<String>) -> [String] {
    let names = labels.sorted()
    if names.map({ $0.uppercased() }).sorted() == ["NEGATIVE", "POSITIVE"] {
      return names.sorted { $0.uppercased() < $1.uppercased() }
    }
    let numbers = names.compactMap { name in
      Double(name).flatMap { $0.isFinite ? (value: $0, name: name) : nil }
    }
    guard numbers.count == names.count else { return names }
    return numbers.sorted { ($0.value, $0.name) < ($1.value, $1.name) }.map(\.name)
  }

  /// The label names for a model that learns from this file; empty for numbers. Throws `oneLabel` when nothing is
  /// to be told apart, `noLabels` when no row of a multi-label file has any.
  package func namesForTraining() throws(DataError) -> [String] {
    switch kind {
    case .single where labelNames.count < 2: throw .oneLabel(file: file, label: labelNames.first ?? "")
    case .several where labelNames.isEmpty: throw .noLabels(file: file)
    default: return labelNames
    }
  }

  /// A number for each row of a single-label file: its label's place in `known`, a model's labels. Throws
  /// `unseenLabel` for the first row whose label is not among them.
  package func labels(known: [String]) throws -> [Int] {
    let numbers = numbering(known: known)
    var places: [Int] = []
    places.reserveCapacity(count)
    try rows.forEach { _, row in places.append(try numbers.number(of: row)) }
    return places
  }

  /// Which rows train and which are held out. Of single labels each gives its share; other rows are drawn at random.
  package func split(heldOut fraction: Double, seed: UInt64) throws -> Split {
    guard kind == .single else { return Split.heldOut(count: count, fraction: fraction, seed: seed) }
    let numbers = numbering(known: labelNames)
    return try Split.heldOut(sizes: labelCounts, fraction: fraction, seed: seed) { group in
      try rows.forEach { _, row in group(try numbers.number(of: row)) }
    }
  }

  /// How this file's labels are numbered for a model that knows the labels `known`.
  ///
  /// A label matches by its exact name; else, when every label of the file is a whole number and no known
  /// name is, as the known label's place (Hugging Face files often carry numbers); else by its name in any
  /// case, if only one fits.
  package func numbering(known: [String]) -> LabelNumbers {
    let exact = Dictionary(zip(known, known.indices)) { first, _ in first }
    let areNumbers = labelNames.allSatisfy { Int($0) != nil } && known.allSatisfy { Int($0) == nil }
    let anyCase = Dictionary(grouping: known.indices) { known[$0].lowercased() }
    var places: [String: Int] = [:]
    for name in labelNames {
      if let place = exact[name] {
        places[name] = place
      } else if areNumbers {
        if let place = Int(name), known.indices.contains(place) { places[name] = place }
      } else if let fitting = anyCase[name.lowercased()], fitting.count == 1 {
        places[name] = fitting.first
      }
    }
    return LabelNumbers(file: file, column: columns.label, known: known, places: places)
  }
}

/// What stands for a label in a model's output.
package struct LabelNumbers: Sendable {
  let file: String
  let column: String
  /// The model's labels, in its order.
  package let known: [String]
  let places: [String: Int]

  /// The place of a row's only label among the known ones; throws `unseenLabel`.
  package func number(of row: LabelledText) throws(DataError) -> Int { try number(row.label, line: row.line) }

  /// The places of all labels of a row, ascending; throws `unseenLabel`.
  package func numbers(of row: LabelledText) throws(DataError) -> [Int] {
    var numbers: Set<Int> = []
    for label in row.labels { numbers.insert(try number(label, line: row.line)) }
    return numbers.sorted()
  }

  private func number(_ label: String, line: Int) throws(DataError) -> Int {
    guard let number = places[label] else {
      throw .unseenLabel(
        DataPlace(file: file, line: line, column: .name(column)), label: label, known: known)
    }
    return number
  }
}
