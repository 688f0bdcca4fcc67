import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The tokens that may be drawn, with their logits: narrowed down step by step, in the order that transformers has.
package struct Candidates {
  /// From the likeliest down; of equally likely ones the smaller id first.
  package private(set) var all: [(id: Int32, logit: Float)]

  /// - Parameter kept: the fewest that narrowing leaves
  package init(_ row: UnsafeBufferPointer<Float>, _ settings: GenerationSettings, keeping kept: Int = 1) {
    let heat = settings.temperature
    let count = settings.topCount.map { max($0, kept) } ?? row.count
    all = Candidates.likeliest(row, count, mass: settings.topMass).map { ($0, row[Int($0)] / heat) }
    if settings.topMass < 1 { keepMass(settings.topMass, kept) }
    if let share = settings.leastShare { keepShare(share, kept) }
    if settings.typicalMass < 1 { keepTypical(settings.typicalMass, kept) }
  }

  /// Probabilities of the candidates among themselves.
  package var probabilities: [Float] {
    let largest = all.first?.logit ?? 0
    let powers = all.map { expf($0.logit - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// One of them at random.
  package func draw(_ generator: inout Generator) -> Int32 {
    var left = generator.uniform()
    let probabilities = probabilities
    for (candidate, probability) in zip(all, probabilities) {
      left -= probability
      if left < 0 { return candidate.id }
    }
    // What rounding left over falls to the likeliest.
    return all.first?.id ?? 0
  }

  /// Ids of the largest logits, sorted. Those as large as the last of them stay too.
  private static func likeliest(_ row: UnsafeBufferPointer<Float>, _ count: Int, mass: Float) -> [Int32] {
    var ids: [Int32] = []
    if count < row.count {
      let threshold = Candidates.threshold(row, count)
      for (id, logit) in row.enumerated() where logit >= threshold && logit > -.infinity { ids.append(Int32(id)) }
    } else {
      for (id, logit) in row.enumerated() where logit > -.infinity { ids.append(Int32(id)) }
    }
    return ids.sorted { (row[Int($1)], $0) < (row[Int($0)], $1) }
  }

  /// The smallest of the `count` largest.
  private static func threshold(_ row: UnsafeBufferPointer<Float>, _ count: Int) -> Float {
    // A heap of the largest so far, its smallest on top.
    var heap = Array(row.prefix(count)).sorted()
    for logit in row.dropFirst(count) where logit > heap[0] {
      var place = 0
      while true {
        let (left, right) = (2 * place + 1, 2 * place + 2)
        guard left < heap.count else { break }
        let child = right < heap.count && heap[right] < heap[left] ? right : left
        guard heap[child] < logit else { break }
        heap[place] = heap[child]
        place = child
      }
      heap[place] = logit
    }
    return heap[0]
  }

  private mutating func keepMass(_ mass: Float, _ kept: Int) {
    var above: Float = 0
    let count = probabilities.prefix { probability in
      defer { above += probability }
      return above < mass
    }.count
    all.removeLast(all.count - max(min(kept, all.count), count))
  }

  private mutating func keepShare(_ share: Float, _ kept: Int) {
    let probabilities = probabilities
    let count = probabilities.prefix { $0 >= share * (probabilities.first ?? 0) }.count
    all.removeLast(all.count - max(min(kept, all.count), count))
  }

  private mutating func keepTypical(_ mass: Float, _ kept: Int) {
    let probabilities = probabilities
    let surprises = probabilities.map { -logf($0) }
    let expected = zip(probabilities, surprises).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
    let distances = surprises.map { abs($0 - expected) }
    let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    var sum: Float = 0
    let below = order.prefix { place in
      sum += probabilities[place]
      return sum < mass
    }.count
    guard let last = order.dropFirst(below).first ?? order.last else { return }
    let near = Set(order.prefix(kept))
    all = all.indices.filter { distances[$0] <= distances[last] || near.contains($0) }.map { all[$0] }
  }
}

extension Tensor {
  /// One row, to be read and changed in place.
  func line(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer + index * width, count: width)
  }
}
