/// Columns of a tensor, all heads side by side: queries, keys or values inside a joint projection.
package struct Columns {
  package let tensor: Tensor
  package let start: Int

  package init(_ tensor: Tensor, from start: Int) {
    self.tensor = tensor
    self.start = start
  }

  var stride: Int { tensor.width }

  func at(_ row: Int, _ column: Int) -> UnsafeMutablePointer<Float> {
    tensor.pointer + row * stride + start + column
  }
}

/// Which rows of keys and values one sequence of queries looks at.
package enum MemoryRows: Sendable, Equatable {
  case span(Range<Int>)
  /// Rows anywhere, in the order of their positions: a cache that several continuations share.
  case scattered([Int32])

  package var count: Int {
    switch self {
    case .span(let span): span.count
    case .scattered(let rows): rows.count
    }
  }
}

/// The shape of one attention over a ragged batch.
package struct AttentionShape {
  package let heads: Int
  /// Heads of keys and values; each serves as many neighbouring heads of queries (Ainslie et al. 2023).
  package let memoryHeads: Int
  /// Floats of one head.
  package let headWidth: Int
  /// Where the sequences of queries start, and the end of the last.
  package let queries: [Int]
  /// The keys and values of each query sequence.
  package let memory: [MemoryRows]
  package let scale: Float
  /// A query sees only the memory up to its own place, counted from the end of both.
  package let isCausal: Bool

  package init(
    heads: Int, memoryHeads: Int? = nil, headWidth: Int, queries: [Int], memory: [MemoryRows], scale: Float,
    isCausal: Bool = false
  ) {
    self.heads = heads
    self.memoryHeads = memoryHeads ?? heads
    precondition(heads % self.memoryHeads == 0, "each head of keys serves equally many of queries")
    self.headWidth = headWidth
    self.queries = queries
    self.memory = memory
    self.scale = scale
    self.isCausal = isCausal
  }

  /// - Parameter memory: where the sequences of keys and values start, and the end of the last
  package init(
    heads: Int, memoryHeads: Int? = nil, headWidth: Int, queries: [Int], memory: [Int], scale: Float,
    isCausal: Bool = false
  ) {
    self.init(
      heads: heads, memoryHeads: memoryHeads, headWidth: headWidth, queries: queries,
      memory: zip(memory, memory.dropFirst()).map { .span($0..<$1) }, scale: scale, isCausal: isCausal)
  }

  var sequences: Int { queries.count - 1 }
  /// Heads of queries that share one of keys.
  var group: Int { heads / memoryHeads }

  package func sizes(_ sequence: Int) -> (queries: Int, memory: Int) {
    (queries[sequence + 1] - queries[sequence], memory[sequence].count)
  }

  /// Where the probabilities of each sequence start: [heads, queries, memory] floats, one sequence after the other.
  package var offsets: [Int] {
    var offsets = [0]
    for sequence in 0..<sequences {
      let size = sizes(sequence)
      offsets.append(offsets[sequence] + heads * size.queries * size.memory)
    }
    return offsets
  }

  /// How many memory places the query at `row` of its sequence sees.
  func visible(_ row: Int, _ size: (queries: Int, memory: Int)) -> Int {
    isCausal ? max(1, min(size.memory, row + 1 + size.memory - size.queries)) : size.memory
  }
}
