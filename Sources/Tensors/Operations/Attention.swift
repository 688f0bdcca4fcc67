import CKernels

/// softmax(q k^T * scale + bias) v for every head of every sequence (Vaswani et al. 2017). Nothing is padded: each
/// sequence is its own products, read as column bands.
/// - Parameters:
///   - mask: dropout of the probabilities
///   - watch: gets the probabilities before dropout, laid out as `AttentionShape.offsets` says
/// - Returns: [query tokens, heads * headWidth]
package func attention(
  _ q: Columns, _ k: Columns, _ v: Columns, _ shape: AttentionShape, bias: RelativeBias? = nil,
  dropout mask: DropoutMask? = nil, watch: ((Buffer) -> Void)? = nil
) -> Tensor {
  let tape = Tape.of(q.tensor, k.tensor, v.tensor, bias?.table)
  let width = shape.heads * shape.headWidth
  let out = Tensor([shape.queries.last ?? 0, width], on: tape)
  let offsets = shape.offsets
  // Without a need to keep them, only probabilities that are few stay beside each other.
  let keeps = tape != nil || watch != nil || offsets[shape.sequences] <= 1 << 16
  let kept = Buffer(count: keeps ? max(1, offsets[shape.sequences]) : 1)

  forEachHead(shape) { head in
    let scratch = keeps ? nil : Buffer(count: head.count)
    let p = scratch?.base ?? kept.base + offsets[head.sequence] + head.number * head.count
    head.score(q, k, bias, into: p)
    let dropped = mask.map { head.droppedCopy(p, $0) }
    head.average(dropped?.base ?? p, v, into: out.pointer + head.queryRow * width + head.column, width)
  }
  watch?(kept)

  tape?.record(out) { gradient in
    let slots = [q, k, v].map { $0.tensor.node?.zeroedSlot() }
    let biases = bias.map { Buffer(count: shape.sequences * shape.heads * $0.distances) }
    // The heads of a group add to the same keys, so one thread takes them all.
    forEachGroup(shape) { head in
      let p = kept.base + offsets[head.sequence] + head.number * head.count
      let flow = gradient.base + head.queryRow * width + head.column
      let (queries, memory) = head.size
      let (memoryRow, band) = (head.memoryRow, head.memoryColumn)
      let dropped = mask.map { head.droppedCopy(p, $0) }
      if let sum = slots[2] {
        Products.multiply(
          dropped?.base ?? p, .transposed, memory, flow, .plain, width, sum + memoryRow * v.stride + v.start + band,
          v.stride, memory, shape.headWidth, queries, beta: 1)
      }
      guard slots[0] != nil || slots[1] != nil || biases != nil else { return }
      let scores = Buffer(count: head.count)
      Products.multiply(
        flow, .plain, width, v.at(memoryRow, band), .transposed, v.stride, scores.base, memory, queries, memory,
        shape.headWidth)
      if let mask { head.drop(scores.base, scores.base, mask) }
      for row in 0..<queries {
        attune_softmax_backward(p + row * memory, scores.base + row * memory, 1, scores.base + row * memory, memory)
      }
      if let sum = slots[0] {
        Products.multiply(
          scores.base, .plain, memory, k.at(memoryRow, band), .plain, k.stride,
          sum + head.queryRow * q.stride + q.start + head.column, q.stride, queries, shape.headWidth, memory,
          alpha: shape.scale, beta: 1)
      }
      if let sum = slots[1] {
        Products.multiply(
          scores.base, .transposed, memory, q.at(head.queryRow, head.column), .plain, q.stride,
          sum + memoryRow * k.stride + k.start + band, k.stride, memory, shape.headWidth, queries, alpha: shape.scale,
          beta: 1)
      }
      if let bias, let biases { head.gather(scores, bias, into: biases) }
    }
    if let bias, let biases { bias.flowBack(biases, sequences: shape.sequences) }
  }
  return out
}

/// One head of one sequence.
private struct Head {
  let shape: AttentionShape
  let sequence: Int
  let number: Int
  let size: (queries: Int, memory: Int)

  init(_ shape: AttentionShape, _ sequence: Int, _ number: Int) {
    self.shape = shape
    self.sequence = sequence
    self.number = number
    size = shape.sizes(sequence)
  }

  /// Probabilities of the head.
  var count: Int { size.queries * size.memory }
  var queryRow: Int { shape.queries[sequence] }
  var column: Int { number * shape.headWidth }
  var memoryColumn: Int { number / shape.group * shape.headWidth }

  /// The first row of a span. What is recorded has no scattered memory: that is a cache's, and a cache is read only.
  var memoryRow: Int {
    guard case .span(let span) = shape.memory[sequence] else {
      preconditionFailure("gradients do not flow into a cache")
    }
    return span.lowerBound
  }

  /// Rows of a memory that lies end to end; nil for one that is better read row by row.
  private var products: Int? {
    guard case .span(let span) = shape.memory[sequence], size.queries > Products.fewRows else { return nil }
    return span.lowerBound
  }

  func score(_ q: Columns, _ k: Columns, _ bias: RelativeBias?, into p: UnsafeMutablePointer<Float>) {
    let memory = size.memory
    if let row = products {
      Products.multiply(
        q.at(queryRow, column), .plain, q.stride, k.at(row, memoryColumn), .transposed, k.stride, p, memory,
        size.queries, memory, shape.headWidth, alpha: shape.scale)
    } else {
      withMemory(k) { rows in
        for row in 0..<size.queries {
          attune_attend_keys(q.at(queryRow + row, column), rows, shape.scale, p + row * memory, shape.headWidth)
        }
      }
    }
    for row in 0..<size.queries {
      let visible = shape.visible(row, size)
      if let bias {
        attune_accumulate(p + row * memory, bias.line(number, queryAt: row + memory - size.queries), visible)
      }
      _ = attune_softmax(p + row * memory, 1, visible)
      if visible < memory { attune_fill(p + row * memory + visible, 0, memory - visible) }
    }
  }

  /// The mean of the values by `p`, into rows that are `stride` floats apart.
  func average(_ p: UnsafeMutablePointer<Float>, _ v: Columns, into out: UnsafeMutablePointer<Float>, _ stride: Int) {
    if let row = products {
      Products.multiply(
        p, .plain, size.memory, v.at(row, memoryColumn), .plain, v.stride, out, stride, size.queries,
        shape.headWidth, size.memory)
    } else {
      withMemory(v) { rows in
        for row in 0..<size.queries {
          attune_attend_values(p + row * size.memory, rows, out + row * stride, shape.headWidth)
        }
      }
    }
  }

  private func withMemory(_ columns: Columns, _ body: (attune_memory) -> Void) {
    func memory(_ first: Int, _ rows: UnsafePointer<Int32>?) -> attune_memory {
      attune_memory(base: columns.at(first, memoryColumn), stride: columns.stride, rows: rows, count: size.memory)
    }
    switch shape.memory[sequence] {
    case .span(let span): body(memory(span.lowerBound, nil))
    case .scattered(let rows): rows.withUnsafeBufferPointer { body(memory(0, $0.baseAddress)) }
    }
  }

  /// Adds gradients of scores to those of their biases, by distance.
  func gather(_ scores: Buffer, _ bias: RelativeBias, into sums: Buffer) {
    let line = sums.base + (sequence * shape.heads + number) * bias.distances
    attune_fill(line, 0, bias.distances)
    for row in 0..<size.queries {
      let first = bias.offset(ofQueryAt: row + size.memory - size.queries)
      attune_accumulate(line + first, scores.base + row * size.memory, size.memory)
    }
  }

  func droppedCopy(_ p: UnsafeMutablePointer<Float>, _ mask: DropoutMask) -> Buffer {
    let copy = Buffer(count: count)
    drop(p, copy.base, mask)
    return copy
  }

  /// The rows of a head's mask are numbered through all heads and queries of the batch.
  func drop(_ from: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ mask: DropoutMask) {
    let row = queryRow * shape.heads + number * size.queries
    attune_dropout_rows(from, to, mask.kernel, UInt32(truncatingIfNeeded: row), size.queries, size.memory)
  }
}

/// One job for each head of each sequence; several short ones share a chunk.
private func forEachHead(_ shape: AttentionShape, _ work: (Head) -> Void) {
  parallel(shape.sequences * shape.heads, chunk: chunk(shape, shape.heads)) { part in
    for job in part { work(Head(shape, job / shape.heads, job % shape.heads)) }
  }
}

/// One job for each head of keys of each sequence.
private func forEachGroup(_ shape: AttentionShape, _ work: (Head) -> Void) {
  parallel(shape.sequences * shape.memoryHeads, chunk: chunk(shape, shape.memoryHeads)) { part in
    for job in part {
      let first = job % shape.memoryHeads * shape.group
      for head in first..<first + shape.group { work(Head(shape, job / shape.memoryHeads, head)) }
    }
  }
}

private func chunk(_ shape: AttentionShape, _ jobs: Int) -> Int {
  let sequences = max(1, shape.sequences)
  let queries = max(1, (shape.queries.last ?? 0) / sequences)
  let memory = max(1, shape.memory.reduce(0) { $0 + $1.count } / sequences)
  return max(1, min(jobs, 4096 / (queries * memory)))
}
