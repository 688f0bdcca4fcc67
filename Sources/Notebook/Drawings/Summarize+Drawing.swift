import Drawing

extension SummarizeCommand.Row {
  package var drawing: Drawing { .plain(summaryText) }
}

extension SummarizeCommand.Whole {
  package var drawing: Drawing? { .stack(results.map(\.drawing)) }
}
