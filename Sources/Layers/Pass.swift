import Tensors

/// Sequences of token ids laid end to end. Nothing is padded.
package struct TokenBatch: Sendable, Equatable {
  /// [tokens]
  package let ids: [Int32]
  /// [tokens], the segment of each: 0 for the first text, 1 for its pair.
  package let typeIDs: [Int32]
  /// Where each sequence starts, and the end of the last: [0, …, tokens].
  package let boundaries: [Int]

  /// - Parameter sequences: ids, and optionally their segments, of each sequence
  package init(_ sequences: [(ids: [Int32], typeIDs: [Int32]?)]) {
    ids = sequences.flatMap(\.ids)
    typeIDs = sequences.flatMap { $0.typeIDs ?? Array(repeating: 0, count: $0.ids.count) }
    var boundaries = [0]
    for sequence in sequences { boundaries.append(boundaries[boundaries.count - 1] + sequence.ids.count) }
    self.boundaries = boundaries
  }

  package var count: Int { ids.count }
  package var sequences: Int { boundaries.count - 1 }

  /// The tokens of one sequence.
  package func span(_ sequence: Int) -> Range<Int> { boundaries[sequence]..<boundaries[sequence + 1] }
}

/// What rides along on one forward trip besides the tensor.
package struct Pass {
  /// Where the sequences of the batch start, and the end of the last.
  package let boundaries: [Int]
  /// Where dropout comes from; nil outside of training.
  package let dropout: DropoutGenerator?
  /// Who records attention and hidden states.
  package let watcher: Watcher?
  /// The tape of a training step that saves memory: it keeps what goes into each block and computes the rest again.
  package let recomputing: Tape?
  /// What a decoder's cross-attention looks at.
  package let memory: EncoderMemory?
  /// Keys and values of the tokens before these, in generation.
  package let cache: KeyValueCache?

  package init(
    boundaries: [Int], dropout: DropoutGenerator? = nil, watcher: Watcher? = nil, recomputing: Tape? = nil,
    memory: EncoderMemory? = nil, cache: KeyValueCache? = nil
  ) {
    self.boundaries = boundaries
    self.dropout = dropout
    self.watcher = watcher
    self.recomputing = recomputing
    self.memory = memory
    self.cache = cache
  }

  /// Each sequence's own tokens.
  var ownMemory: [MemoryRows] { zip(boundaries, boundaries.dropFirst()).map { .span($0..<$1) } }

  /// A fresh mask in training; nil otherwise.
  package func mask(rate: Float) -> DropoutMask? { dropout?.mask(rate: rate) }

  /// One block of a model, recomputed on the way back where the pass asks for it; its dropout is the same then.
  package func block(_ x: Tensor, _ body: @escaping (Tensor, Pass) -> Tensor) -> Tensor {
    guard let recomputing else { return body(x, self) }
    let again = Pass(
      boundaries: boundaries, dropout: dropout.map { DropoutGenerator(seed: $0.state) }, memory: memory)
    return recomputing.recomputed(x) {
      body($0, self)
    } again: {
      body($0, again)
    }
  }
}

/// An encoder's hidden states, for a decoder to look at.
package struct EncoderMemory {
  /// [tokens, width]
  package let hidden: Tensor
  /// Where the sequences start, and the end of the last.
  package let boundaries: [Int]

  package init(hidden: Tensor, boundaries: [Int]) {
    self.hidden = hidden
    self.boundaries = boundaries
  }

  /// The rows that each query sequence looks at.
  /// - Parameter sources: the number of each one's memory; nil: they correspond
  func rows(_ sources: [Int]?) -> [MemoryRows] {
    (sources ?? Array(0..<boundaries.count - 1)).map { .span(boundaries[$0]..<boundaries[$0 + 1]) }
  }
}

/// Records what a forward trip computed on its way.
package final class Watcher {
  package enum Wish: Sendable { case hiddenStates, attentions }

  package let wishes: Set<Wish>
  /// One [tokens, width] for the embeddings, then one for each layer.
  package private(set) var hiddenStates: [Tensor] = []
  /// One for each layer.
  package internal(set) var attentions: [AttentionMaps] = []
  /// The same of a decoder to its encoder.
  package internal(set) var crossAttentions: [AttentionMaps] = []

  package init(_ wishes: Set<Wish>) { self.wishes = wishes }

  package func see(hidden: Tensor) {
    if wishes.contains(.hiddenStates) { hiddenStates.append(hidden.detached) }
  }

  /// The receiver of one layer's probabilities, if anybody wants them.
  func receiver(
    _ shape: AttentionShape, _ list: ReferenceWritableKeyPath<Watcher, [AttentionMaps]>
  ) -> ((Buffer) -> Void)? {
    guard wishes.contains(.attentions) else { return nil }
    return { self[keyPath: list].append(AttentionMaps(shape: shape, probabilities: $0)) }
  }
}

/// The attention probabilities of one layer over a ragged batch.
package struct AttentionMaps {
  package let shape: AttentionShape
  let probabilities: Buffer

  /// One head of one sequence.
  /// - Returns: [queries][memory]
  package func map(sequence: Int, head: Int) -> [[Float]] {
    let size = shape.sizes(sequence)
    let start = shape.offsets[sequence] + head * size.queries * size.memory
    return (0..<size.queries).map { row in
      Array(UnsafeBufferPointer(start: probabilities.base + start + row * size.memory, count: size.memory))
    }
  }

  /// The mean over all heads.
  package func mean(sequence: Int) -> [[Float]] {
    let maps = (0..<shape.heads).map { map(sequence: sequence, head: $0) }
    let size = shape.sizes(sequence)
    return (0..<size.queries).map { row in
      (0..<size.memory).map { column in
        var sum: Float = 0
        for map in maps { sum += map[row][column] }
        return sum / Float(maps.count)
      }
    }
  }
}
