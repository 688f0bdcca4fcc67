import CKernels

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

/// The shape of one attention over a ragged batch.
package struct AttentionShape {
  package let heads: Int
  /// Floats of one head.
  package let headWidth: Int
  /// Where the sequences of queries start, and the end of the last.
  package let queries: [Int]
  /// The same for keys and values; one memory sequence for each query sequence.
  package let memory: [Int]
  package let scale: Float
  /// A query sees only the memory up to its own place, counted from the end of both.
  package let isCausal: Bool

  package init(heads: Int, headWidth: Int, queries: [Int], memory: [Int], scale: Float, isCausal: Bool = false) {
    self.heads = heads
    self.headWidth = headWidth
    self.queries = queries
    self.memory = memory
    self.scale = scale
    self.isCausal = isCausal
  }

  var sequences: Int { queries.count - 1 }

  package func sizes(_ sequence: Int) -> (queries: Int, memory: Int) {
    (queries[sequence + 1] - queries[sequence], memory[sequence + 1] - memory[sequence])
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

/// softmax(q k^T * scale) v for every head of every sequence (Vaswani et al. 2017). Nothing is padded: each sequence is
/// its own products, read as column bands.
/// - Parameters:
///   - mask: dropout of the probabilities
///   - watch: gets the probabilities before dropout, laid out as `AttentionShape.offsets` says
/// - Returns: [query tokens, heads * headWidth]
package func attention(
  _ q: Columns, _ k: Columns, _ v: Columns, _ shape: AttentionShape, dropout mask: DropoutMask? = nil,
  watch: ((Buffer) -> Void)? = nil
) -> Tensor {
  let tape = Tape.of(q.tensor, k.tensor, v.tensor)
  let width = shape.heads * shape.headWidth
  let out = Tensor([shape.queries.last ?? 0, width], on: tape)
  let offsets = shape.offsets
  let keeps = tape != nil || watch != nil
  let kept = Buffer(count: keeps ? max(1, offsets[shape.sequences]) : 1)

  forEachHead(shape) { sequence, head, size in
    let scratch = keeps ? nil : Buffer(count: size.queries * size.memory)
    let p = scratch?.base ?? kept.base + offsets[sequence] + head * size.queries * size.memory
    let (queryRow, memoryRow, column) = (shape.queries[sequence], shape.memory[sequence], head * shape.headWidth)
    Products.multiply(
      q.at(queryRow, column), .plain, q.stride, k.at(memoryRow, column), .transposed, k.stride, p, size.memory,
      size.queries, size.memory, shape.headWidth)
    for row in 0..<size.queries {
      let visible = shape.visible(row, size)
      _ = attune_softmax(p + row * size.memory, shape.scale, visible)
      if visible < size.memory { attune_fill(p + row * size.memory + visible, 0, size.memory - visible) }
    }
    let dropped = mask.map { droppedCopy(p, $0, shape, sequence, head, size) }
    Products.multiply(
      dropped?.base ?? p, .plain, size.memory, v.at(memoryRow, column), .plain, v.stride,
      out.pointer + queryRow * width + column, width, size.queries, shape.headWidth, size.memory)
  }
  watch?(kept)

  tape?.record(out) { gradient in
    let slots = [q, k, v].map { $0.tensor.node?.zeroedSlot() }
    forEachHead(shape) { sequence, head, size in
      let p = kept.base + offsets[sequence] + head * size.queries * size.memory
      let (queryRow, memoryRow, column) = (shape.queries[sequence], shape.memory[sequence], head * shape.headWidth)
      let flow = gradient.base + queryRow * width + column
      let dropped = mask.map { droppedCopy(p, $0, shape, sequence, head, size) }
      if let sum = slots[2] {
        Products.multiply(
          dropped?.base ?? p, .transposed, size.memory, flow, .plain, width,
          sum + memoryRow * v.stride + v.start + column, v.stride, size.memory, shape.headWidth, size.queries, beta: 1)
      }
      guard slots[0] != nil || slots[1] != nil else { return }
      let scores = Buffer(count: size.queries * size.memory)
      Products.multiply(
        flow, .plain, width, v.at(memoryRow, column), .transposed, v.stride, scores.base, size.memory, size.queries,
        size.memory, shape.headWidth)
      if let mask { dropHead(scores.base, scores.base, mask, shape, sequence, head, size) }
      for row in 0..<size.queries {
        let start = row * size.memory
        attune_softmax_backward(p + start, scores.base + start, shape.scale, scores.base + start, size.memory)
      }
      if let sum = slots[0] {
        Products.multiply(
          scores.base, .plain, size.memory, k.at(memoryRow, column), .plain, k.stride,
          sum + queryRow * q.stride + q.start + column, q.stride, size.queries, shape.headWidth, size.memory, beta: 1)
      }
      if let sum = slots[1] {
        Products.multiply(
          scores.base, .transposed, size.memory, q.at(queryRow, column), .plain, q.stride,
          sum + memoryRow * k.stride + k.start + column, k.stride, size.memory, shape.headWidth, size.queries, beta: 1)
      }
    }
  }
  return out
}

/// One job for each head of each sequence; several short ones share a chunk.
private func forEachHead(
  _ shape: AttentionShape, _ work: (_ sequence: Int, _ head: Int, _ size: (queries: Int, memory: Int)) -> Void
) {
  let tokens = max(1, (shape.queries.last ?? 0) / max(1, shape.sequences))
  let chunk = max(1, min(shape.heads, 4096 / (tokens * tokens)))
  parallel(shape.sequences * shape.heads, chunk: chunk) { part in
    for job in part {
      let sequence = job / shape.heads
      work(sequence, job % shape.heads, shape.sizes(sequence))
    }
  }
}

private func droppedCopy(
  _ p: UnsafeMutablePointer<Float>, _ mask: DropoutMask, _ shape: AttentionShape, _ sequence: Int, _ head: Int,
  _ size: (queries: Int, memory: Int)
) -> Buffer {
  let copy = Buffer(count: size.queries * size.memory)
  dropHead(p, copy.base, mask, shape, sequence, head, size)
  return copy
}

/// The rows of a head's mask are numbered through all heads and queries of the batch.
private func dropHead(
  _ from: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ mask: DropoutMask, _ shape: AttentionShape,
  _ sequence: Int, _ head: Int, _ size: (queries: Int, memory: Int)
) {
  let row = shape.queries[sequence] * shape.heads + head * size.queries
  attune_dropout_rows(from, to, mask.kernel, UInt32(truncatingIfNeeded: row), size.queries, size.memory)
}
