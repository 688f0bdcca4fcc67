import Layers
import Tensors

/// A model that remembers what it was fed, and says what may come next.
package final class Decoding {
  /// What a feeding brought.
  package struct Step {
    /// [new tokens, width], the last layer's states
    package let hidden: Tensor
    /// [scored, words], behind the last token of each sequence, or the last few
    package let logits: Tensor
  }

  package let model: TransformerModel
  /// The tokens that each sequence was fed.
  package private(set) var fed: [[Int32]]
  private let cache: KeyValueCache
  private let memory: EncoderMemory?
  /// The words that may answer each source; empty: all may.
  private let choices: [WordChoice]

  /// - Parameters:
  ///   - sources: of a pair, what its encoder reads, one for each sequence
  ///   - tokens: that will be fed to all sequences together, where that is known
  /// - Throws: `InputError` for sources that do not fit the model
  package init(
    _ model: TransformerModel, sequences: Int, sources: [[Int32]]? = nil, tokens: Int = 64
  ) throws(InputError) {
    self.model = model
    fed = Array(repeating: [], count: sequences)
    cache = KeyValueCache(sequences: sequences, tokens: tokens)
    if let sources {
      let batch = TokenBatch(sources.map { ($0, nil) })
      try model.check(batch)
      memory = model.encode(batch, Pass(boundaries: batch.boundaries))
      let choices = sources.compactMap(model.choice)
      self.choices = choices.count == sources.count ? choices : []
    } else {
      memory = nil
      choices = []
    }
  }

  /// Tokens that a sequence can still be fed.
  package func room(_ sequence: Int) -> Int { model.configuration.maximumTokens - fed[sequence].count }

  /// Feeds each sequence its next tokens, at least one.
  /// - Parameters:
  ///   - count: how many of each sequence's tokens are scored, the last ones
  ///   - watcher: of this trip
  package func feed(_ tokens: [[Int32]], scoring count: Int = 1, watcher: Watcher? = nil) -> Step {
    let batch = TokenBatch(tokens.map { ($0, nil) })
    for sequence in fed.indices { fed[sequence] += tokens[sequence] }
    let pass = Pass(boundaries: batch.boundaries, watcher: watcher, memory: memory, cache: cache)
    let hidden = model.hidden(batch, pass)  // [new tokens, width]
    let last = batch.boundaries.dropFirst().flatMap { end in (end - count..<end).map(Int32.init) }
    guard choices.isEmpty else {
      let own = cache.sources.flatMap { Array(repeating: choices[$0], count: count) }
      let logits = model.words(hidden, rows: last, among: own)
      return Step(hidden: hidden, logits: logits)
    }
    return Step(hidden: hidden, logits: model.words(hidden, pass, rows: last))
  }

  /// Lets each sequence go on from the past of another; there may be more or fewer then.
  package func reorder(_ parents: [Int]) {
    guard parents != Array(fed.indices) else { return }
    cache.reorder(parents)
    fed = parents.map { fed[$0] }
  }

  /// Forgets all but the first tokens of the only sequence.
  package func forget(beyond count: Int) {
    guard count < fed[0].count else { return }
    cache.truncate(count)
    fed[0].removeLast(fed[0].count - count)
  }

  /// Feeds the only sequence a text of which it may know the beginning: that is kept, and what followed it forgotten.
  package func resume(_ text: [Int32]) -> Step {
    let known = min(zip(fed[0], text).prefix { $0 == $1 }.count, max(0, text.count - 1))
    forget(beyond: known)
    return feed([Array(text[known...])])
  }
}
