import Drawing

extension AttentionCommand.Answer {
  package var drawing: Drawing? {
    let (columns, name) = (seen ?? tokens, names)
    let place = "layer \(layer) of 0-\(layers - 1), \(head.map { "head \($0)" } ?? "mean of all heads")"
    if let maps, let from, let position {
      return .heatmap(
        .init(
          title: "\(from) (token \(position)) looks at, layer \(layer) of 0-\(layers - 1), head by head",
          rows: maps.indices.map { "head \($0)" }, columns: columns, values: maps.map { $0[position] },
          scale: .sequential(0...1), legend: "attention weight", rowTitle: "head", columnTitle: name.columns,
          relation: "looks at"))
    }
    if let maps {
      let note =
        seen.map { "rows write, columns are looked at: \(tokens.joined(separator: " ")); \($0.joined(separator: " "))" }
        ?? "rows look, columns are looked at: " + tokens.joined(separator: " ")
      return .grid(
        .init(
          title: "\(name.title), layer \(layer) of 0-\(layers - 1), all heads",
          maps: maps.enumerated().map { .init("head \($0)", $1) }, rows: tokens, columns: columns,
          scale: .sequential(0...1), legend: "attention weight", note: note))
    }
    if let from {
      return .bars(
        .init(
          title: "\(from) (token \(position ?? 0)) looks at, \(place)",
          bars: top.map {
            .init("\($0.token) \($0.position)", Double($0.weight), text: number(Double($0.weight), digits: 3))
          },
          range: 0...1))
    }
    return .heatmap(
      .init(
        title: "\(name.title), \(place)", rows: tokens, columns: columns, values: weights, scale: .sequential(0...1),
        legend: "attention weight", rowTitle: name.rows, columnTitle: name.columns, relation: "looks at"))
  }

  private var names: (title: String, rows: String, columns: String) {
    switch part {
    case .own: ("Attention", "from", "to")
    case .decoder: ("Attention of the decoder", "written", "to")
    case .cross: ("Cross-attention", "written", "source")
    }
  }
}

extension EmbedCommand.Row {
  package var drawing: Drawing { EmbedCommand.drawing(text, embedding) }
}

extension EmbedCommand.Whole {
  package var drawing: Drawing? { .stack(zip(texts, embeddings).map(EmbedCommand.drawing)) }
}

extension EmbedCommand {
  fileprivate static func drawing(_ text: String, _ vector: [Float]) -> Drawing {
    .text(
      .init(lines: [
        [.init(text, .strong)],
        [
          .init("[" + vector.prefix(6).map { number(Double($0), digits: 3) }.joined(separator: ", ")),
          .init(vector.count > 6 ? ", … " : "", .faint), .init("]"),
          .init("  \(vector.count) numbers, length 1", .faint),
        ],
      ]))
  }
}

extension SimilarCommand.Answer {
  package var drawing: Drawing? {
    .bars(
      .init(
        title: "Nearest in meaning to “\(text)”",
        bars: pairs.map { .init($0.text, $0.score, text: number($0.score, digits: 3)) }, range: 0...1))
  }
}
