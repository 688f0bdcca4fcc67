extension TransformerConfiguration {
  /// Multiplications and additions of the products of a forward trip through the only stack, for one token.
  /// - Parameters:
  ///   - length: tokens of its sequence
  ///   - asked: the share of tokens that the last block is asked for, where it can be; all others get keys and values
  package func blockOperations(length: Int, asked: Double = 1) -> Double {
    let (width, inner) = (Double(stack.width), Double(stack.innerWidth))
    let queries = Double(stack.heads * stack.headWidth)
    let memories = Double(stack.memoryHeads * stack.headWidth)
    // A token that looks back alone meets half of its sequence on average.
    let met = Double(length) * (family.layout == .decoder ? 0.5 : 1)
    let shared = 2 * width * memories
    let own = 2 * width * queries + (style.isGated ? 3 : 2) * width * inner + 2 * met * queries
    let last = shared + (asksLastBlock ? asked : 1) * own
    return 2 * (Double(stack.layers - 1) * (shared + own) + last)
  }

  /// Whether the last block makes only what a head looks at.
  package var asksLastBlock: Bool {
    guard family.layout == .encoder, case .attention(let names) = family.names.block.mixing,
      case .separate = names.inputs
    else { return false }
    return true
  }

  /// The same of a head of words, for one token that is scored.
  package func wordOperations(_ kind: Head.Kind) -> Double {
    let width = Double(stack.width)
    let map = kind == .maskedWords ? width * width : 0
    return 2 * (map + width * Double(vocabularySize))
  }
}
