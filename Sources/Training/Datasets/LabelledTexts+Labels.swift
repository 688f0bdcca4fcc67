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

  /// The label names for a model that learns from this file; throws `oneLabel` when there is only one.
  package func namesForTraining() throws(DataError) -> [String] {
    guard labelNames.count > 1 else { throw .oneLabel(file: file, label: labelNames.first ?? "") }
    return labelNames
  }

  /// A number for each row: its label's place in `known`, a model's labels. Throws `unseenLabel` for the
  /// first row whose label is not among them.
  ///
  /// A label matches by its exact name; else, when every label of the file is a whole number and no known
  /// name is, as the known label's place (Hugging Face files often carry numbers); else by its name in any
  /// case, if only one fits.
  package func labels(known: [String]) throws(DataError) -> [Int] {
    let places = self.places(in: known)
    var numbers: [Int] = []
    numbers.reserveCapacity(rows.count)
    for row in rows {
      guard let number = places[row.label] else {
        let place = DataPlace(file: file, line: row.line, column: .name(columns.label))
        throw .unseenLabel(place, label: row.label, known: known)
      }
      numbers.append(number)
    }
    return numbers
  }

  private func places(in known: [String]) -> [String: Int] {
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
    return places
  }
}
