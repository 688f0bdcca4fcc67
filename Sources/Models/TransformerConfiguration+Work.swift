extension TransformerConfiguration {
  /// Multiplications and additions of the products of a forward trip through the only stack, for one token.
  /// - Parameter length: tokens of its sequence
  package func blockOperations(length: Int) -> Double {
    let (width, inner) = (Double(stack.width), Double(stack.innerWidth))
    let queries = Double(stack.heads * stack.headWidth)
    let memories = Double(stack.memoryHeads * stack.headWidth)
    let maps = 2 * width * (queries + memories) + (style.isGated ? 3 : 2) * width * inner
    // A token that looks back alone meets half of its sequence on average.
    let met = Double(length) * (family.layout == .decoder ? 0.5 : 1)
    return 2 * Double(stack.layers) * (maps + 2 * met * queries)
  }

  /// The same of a head of words, for one token that is scored.
  package func wordOperations(_ kind: Head.Kind) -> Double {
    let width = Double(stack.width)
    let map = kind == .maskedWords ? width * width : 0
    return 2 * (map + width * Double(vocabularySize))
  }
}
