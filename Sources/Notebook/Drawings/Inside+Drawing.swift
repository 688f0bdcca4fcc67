import Drawing

extension AttentionCommand.Answer {
  package var drawing: Drawing? {
    let place = "layer \(layer) of 0-\(layers - 1), \(head.map { "head \($0)" } ?? "mean of all heads")"
    if let maps {
      return .grid(
        .init(
          title: "Attention, layer \(layer) of 0-\(layers - 1), all heads",
          maps: maps.enumerated().map { .init("head \($0)", $1) }, rows: tokens, columns: tokens,
          scale: .sequential(0...1),
          legend: "attention weight",
          note: "rows look, columns are looked at: " + tokens.joined(separator: " ")))
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
        title: "Attention, \(place)", rows: tokens, columns: tokens, values: weights, scale: .sequential(0...1),
        legend: "attention weight", rowTitle: "from", columnTitle: "to", relation: "looks at"))
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
