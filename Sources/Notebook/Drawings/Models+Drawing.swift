import Drawing

extension ModelsCommand.Answer {
  package var drawing: Drawing? {
    .stack([
      .table(
        .init(
          columns: ["name", "what", .number("parameters"), .number("size"), "licence", "here"],
          rows: models.map { model in
            [
              .init(model.name, .strong), .init(model.summary ?? "in the Hugging Face cache"),
              .init(model.parameters.map(counted) ?? ""), .init(bytes(model.bytes)), .init(model.licence ?? ""),
              model.present ? .init("yes", .good) : .init("no", .faint),
            ]
          })),
      .words(.init("`pull NAME` fetches, `load NAME|FOLDER` opens, `remove NAME` deletes.", .faint)),
    ])
  }
}

extension PullCommand.Answer {
  package var drawing: Drawing? {
    .plain(
      (fetched
        ? "\(name) is here: \(sizeText(bytes)) in \(duration(seconds: seconds))." : "\(name) was here already.")
        + (needs.map { " It is added to \(sanitized($0)): `pull \(sanitized($0))` fetches that." } ?? ""))
  }
}

extension RemoveCommand.Answer {
  package var drawing: Drawing? { .plain("\(name) is removed; \(sizeText(freed)) are free again.") }
}

extension LoadCommand.Answer {
  package var drawing: Drawing? {
    var lines: [[Drawing.Span]] = [
      [
        .init(name, .strong),
        .init(": \(family), \(layers) layers of \(heads) heads, width \(width), \(counted(parameters)) parameters"),
      ],
      [
        .init(
          "task \(task)\(labels.isEmpty ? "" : ": " + labels.joined(separator: ", ")); opened in \(measured(number(milliseconds, digits: 0))) ms",
          .faint)
      ],
    ]
    if !fresh.isEmpty { lines.append([.init("Started fresh: \(fresh.joined(separator: ", "))", .faint)]) }
    if !unused.isEmpty { lines.append([.init("Not used: \(unused.joined(separator: ", "))", .faint)]) }
    return .text(.init(lines: lines))
  }
}

extension InfoCommand.Answer {
  package var drawing: Drawing? {
    switch self {
    case .here(let answer): answer.drawing
    case .onHub(let answer): answer.drawing
    }
  }
}

extension InfoCommand.Here {
  fileprivate var drawing: Drawing {
    let facts: [(String, String?)] = [
      ("what", summary), ("licence", licence), ("family", family), ("architecture", architecture), ("task", task),
      ("labels", labels.isEmpty ? nil : labels.joined(separator: ", ")), ("parameters", counted(parameters)),
      ("layers", "\(layers)"), ("heads", "\(heads) in each layer"), ("width", "\(width)"),
      ("vocabulary", counted(vocabulary)), ("longest text", "\(maximum_tokens) tokens"), ("folder", folder),
      ("files", files.map { "\($0.name) (\(sizeText($0.bytes)))" }.joined(separator: ", ")),
    ]
    return .table(
      .init(
        title: name, columns: ["", ""],
        rows: facts.compactMap { key, value in value.map { [.init(key, .faint), .init($0)] } }))
  }
}

extension ParametersCommand.Answer {
  package var drawing: Drawing? {
    // Sums of parts have no shape.
    let hasShapes = parameters.contains { !$0.shape.isEmpty }
    let rows = parameters.map { row in
      [.init(row.name)] + (hasShapes ? [.init(row.shape.map(String.init).joined(separator: " x "))] : [])
        + [
          Drawing.Span(grouped(row.count)),
          .init("\(number(100 * Double(row.count) / Double(max(1, total)), digits: 1))%"),
        ]
    }
    return .stack([
      .table(
        .init(
          columns: ["name"] + (hasShapes ? [.number("shape")] : []) + [.number("count"), .number("share")], rows: rows)
      ),
      .words(
        .init("\(grouped(count)) of \(grouped(total)) parameters, \(sizeText(bytes)) as 32-bit numbers.", .faint)),
    ])
  }
}

/// `22.7 M`, `30.5 k`: a count as people say it.
func counted(_ count: Int) -> String {
  switch count {
  case ..<10_000: grouped(count)
  case ..<1_000_000: "\(number(Double(count) / 1000, digits: 1)) k"
  case ..<1_000_000_000: "\(number(Double(count) / 1_000_000, digits: 1)) M"
  default: "\(number(Double(count) / 1_000_000_000, digits: 2)) G"
  }
}

/// `22,713,216`
func grouped(_ count: Int) -> String {
  let digits = String(count.magnitude)
  let first = digits.count % 3
  let groups =
    [String(digits.prefix(first))]
    + stride(from: first, to: digits.count, by: 3).map { start in
      String(digits.dropFirst(start).prefix(3))
    }
  return (count < 0 ? "-" : "") + groups.filter { !$0.isEmpty }.joined(separator: ",")
}

/// `bytes(_:)` where a member of that name would hide it.
func sizeText(_ count: Int) -> String { bytes(count) }
