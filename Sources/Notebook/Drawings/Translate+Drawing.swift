import Drawing
import Pipelines

extension TranslateCommand.Row {
  package var drawing: Drawing {
    guard let alignments else { return .plain(translation) }
    let maps = alignments.filter { !$0.tokens.isEmpty }.map { alignment in
      Drawing.heatmap(
        .init(
          title: "Where each token of the translation comes from, mean of all heads",
          rows: alignment.tokens, columns: alignment.sourceTokens, values: alignment.weights,
          scale: .sequential(0...1), legend: "attention weight", rowTitle: "written", columnTitle: "source",
          relation: "looks at"))
    }
    return .stack([.plain(translation)] + maps)
  }
}

extension TranslateCommand.Whole {
  package var drawing: Drawing? { .stack(results.map(\.drawing)) }
}
