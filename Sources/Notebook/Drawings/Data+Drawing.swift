import Drawing
import Training

extension DataListCommand.Answer {
  package var drawing: Drawing? {
    .stack([
      .table(
        .init(
          columns: ["data", "for", .number("rows"), .number("size")],
          rows: data.map { row in
            [
              .init(row.name, row.imported ? .strong : .plain),
              .init(row.task ?? "-", row.task == nil ? .faint : .plain),
              .init(row.rows.map(grouped) ?? "-"), .init(sizeText(row.bytes)),
            ]
          })),
      .words(
        .init(
          cache.files == 0
            ? "The cache of tokenized data is empty."
            : "The cache of tokenized data has \(cache.files == 1 ? "1 file" : "\(cache.files) files"), \(sizeText(cache.bytes)); `data clear` deletes it.",
          .faint)),
      .words(.init("`data show FILE` shows rows, `data stats FILE` measures, `data import FILE NAME` adds.", .faint)),
    ])
  }
}

extension DataClearCommand.Answer {
  package var drawing: Drawing? {
    if !names.isEmpty { return .plain("Deleted \(names.joined(separator: ", ")); \(sizeText(bytes)) are free again.") }
    return .plain(
      files == 0 ? "The cache was empty." : "The cache is empty now; \(sizeText(bytes)) are free again.")
  }
}

extension DataImportCommand.Answer {
  package var drawing: Drawing? {
    .words(
      .init(name, .strong), .init(": \(grouped(rows)) rows for \(task), \(sizeText(bytes)) as \(format); "),
      .init("--data \(name)", .code), .init(" reads them."))
  }
}

extension DataSplitCommand.Answer {
  package var drawing: Drawing? {
    let parts = [train, validation]
    let labels = train.labels.indices.map { place -> [Drawing.Span] in
      [.init(train.labels[place].label, .faint)]
        + parts.map { .init($0.labels.indices.contains(place) ? grouped($0.labels[place].count) : "") }
    }
    return .stack([
      .table(
        .init(
          columns: ["", .number("train"), .number("validation")],
          rows: [[.init("rows", .strong)] + parts.map { .init(grouped($0.rows), .strong) }] + labels)),
      .words(.init("--data \(names[0]) --validation \(names[1])", .code), .init(" reads them; seed \(seed).", .faint)),
    ])
  }
}

extension DataShowCommand.Answer {
  package var drawing: Drawing? {
    let all = grouped(rows) + (rows == 1 ? " row" : " rows")
    let shownWords =
      matching == rows ? "\(shown.count) of \(all)" : "\(shown.count) of \(grouped(matching)) that fit, of \(all)"
    let isTable = shown.allSatisfy { $0.text != nil }
    return .stack(
      (isTable ? [table] : shown.flatMap(\.drawings)) + [.words(.init("\(shownWords), for \(task)", .faint))])
  }

  private var table: Drawing {
    let hasPair = shown.contains { $0.text_pair != nil }
    let hasLabel = shown.contains { $0.label != nil || $0.labels != nil }
    return .table(
      .init(
        columns: [.number("line"), "text"] + (hasPair ? ["second text"] : []) + (hasLabel ? ["label"] : []),
        rows: shown.map { row in
          [.init("\(row.line)", .faint), .init(row.text ?? "")] + (hasPair ? [.init(row.text_pair ?? "")] : [])
            + (hasLabel ? [.init(row.labelText, .accent)] : [])
        }))
  }
}

extension ShownRow {
  fileprivate var labelText: String {
    switch label {
    case .string(let name)?: name
    case .some(let value): value.json
    case nil: (labels ?? []).joined(separator: ", ")
    }
  }

  /// A sentence with its names, or a question over its paragraph with the answers marked.
  fileprivate var drawings: [Drawing] {
    let heading = "line \(line)"
    if let tokens, let ner_tags {
      return [
        .highlights(.init(title: heading, text: tokens.joined(separator: " "), marks: Self.marks(tokens, ner_tags)))
      ]
    }
    guard let question, let context else { return [] }
    let marks = (answers ?? []).map { answer in
      Drawing.Highlights.Mark(answer.answer_start..<answer.answer_start + answer.text.unicodeScalars.count)
    }
    let none: [Drawing] = marks.isEmpty ? [.words(.init("No answer in this paragraph.", .faint))] : []
    return [
      .words(.init("\(heading): ", .faint), .init(question, .strong)), .highlights(.init(text: context, marks: marks)),
    ]
      + none + [.blank]
  }

  private static func marks(_ words: [String], _ tags: [String]) -> [Drawing.Highlights.Mark] {
    var starts = [0]
    for word in words { starts.append(starts[starts.count - 1] + word.unicodeScalars.count + 1) }
    return entitySpans(tags).filter { $0.range.upperBound < words.count }.map { span in
      .init(starts[span.range.lowerBound]..<starts[span.range.upperBound + 1] - 1, span.type)
    }
  }
}
