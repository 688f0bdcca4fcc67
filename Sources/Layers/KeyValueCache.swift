import Tensors

/// Keys and values of the tokens that went through a decoder, so that every later token costs one row.
///
/// A sequence is a list of rows. Continuations of one past share its rows: reordering them changes lists and copies
/// no keys.
package final class KeyValueCache {
  /// The rows of each sequence, by position.
  package private(set) var rows: [[Int32]]
  /// The memory that each sequence looks at, by its number in the encoder's batch.
  package private(set) var sources: [Int]
  /// One [capacity, 2 * memory width] a layer: keys, then values.
  private var layers: [Int: Tensor] = [:]
  /// Keys and values of the encoder's hidden states, [memory tokens, 2 * inner] a layer.
  private var crossings: [Int: Tensor] = [:]
  private var used = 0
  private var capacity: Int

  /// - Parameters:
  ///   - sequences: that the first pass brings
  ///   - tokens: that will come to all sequences together, where that is known
  package init(sequences: Int, tokens: Int = 64) {
    rows = Array(repeating: [], count: sequences)
    sources = Array(0..<sequences)
    capacity = max(1, tokens)
  }

  /// Tokens of a sequence, those of the present pass included.
  package func length(_ sequence: Int) -> Int { rows[sequence].count }

  /// Gives rows to the tokens of a pass. Each trip through a decoder begins with it, once.
  package func extend(_ boundaries: [Int]) {
    precondition(boundaries.count == rows.count + 1, "a pass brings tokens for every sequence of its cache")
    for sequence in rows.indices {
      for token in boundaries[sequence]..<boundaries[sequence + 1] { rows[sequence].append(Int32(used + token)) }
    }
    used += boundaries[rows.count]
    guard used > capacity else { return }
    capacity = max(used, 2 * capacity)
  }

  /// Where each sequence's keys lie.
  var memory: [MemoryRows] {
    rows.map { rows in
      guard let first = rows.first, let last = rows.last else { return .span(0..<0) }
      // Rows only ever ascend along a sequence.
      return Int(last - first) + 1 == rows.count ? .span(Int(first)..<Int(last) + 1) : .scattered(rows)
    }
  }

  /// Writes the keys and values of a pass's tokens, `width` columns from `new` on.
  /// - Returns: those of all tokens so far, [capacity, width]
  func store(_ new: Columns, width: Int, layer: Int) -> Tensor {
    let tokens = new.tensor.rows
    let all = room(layer, width)
    for token in 0..<tokens {
      (all.pointer + (used - tokens + token) * width).update(
        from: new.tensor.pointer + token * new.tensor.width + new.start, count: width)
    }
    return all
  }

  /// What a layer stored for the last token of each sequence before a pass's tokens; zeros where there is none.
  /// - Returns: [sequences, width]
  func last(before boundaries: [Int], width: Int, layer: Int) -> Tensor {
    var values = [Float](repeating: 0, count: rows.count * width)
    for (sequence, rows) in rows.enumerated() {
      let place = rows.count - (boundaries[sequence + 1] - boundaries[sequence]) - 1
      guard place >= 0, let stored = layers[layer] else { continue }
      let start = stored.pointer + Int(rows[place]) * width
      for column in 0..<width { values[sequence * width + column] = start[column] }
    }
    return Tensor([rows.count, width], values)
  }

  private func room(_ layer: Int, _ width: Int) -> Tensor {
    if let there = layers[layer], there.rows == capacity { return there }
    let larger = Tensor([capacity, width], Buffer(count: capacity * width))
    if let there = layers[layer] { larger.pointer.update(from: there.pointer, count: there.count) }
    layers[layer] = larger
    return larger
  }

  /// What the encoder's hidden states become for a layer; computed once.
  func crossing(layer: Int, _ compute: () -> Tensor) -> Tensor {
    if let there = crossings[layer] { return there }
    let crossing = compute()
    crossings[layer] = crossing
    return crossing
  }

  /// Lets each sequence go on from the past of another; there may be more or fewer sequences then.
  package func reorder(_ parents: [Int]) {
    rows = parents.map { rows[$0] }
    sources = parents.map { sources[$0] }
  }

  /// Forgets all but the first tokens of the only sequence.
  package func truncate(_ count: Int) {
    precondition(rows.count == 1 && count <= rows[0].count, "one sequence is cut to some of its tokens")
    rows[0].removeLast(rows[0].count - count)
    used = rows[0].last.map { Int($0) + 1 } ?? 0
  }
}
