import CKernels

/// The steps of one forward trip, to be walked back.
///
/// A step is recorded only if one of its inputs was; parameters join for a training step, so inference records nothing
/// and freezing is not joining. Not shared between threads.
package final class Tape {
  private var steps: [(output: Node, backward: (Buffer) -> Void)] = []
  /// While it is, nothing is recorded.
  private var isPaused = false

  package init() {}

  /// The tape of the first recorded tensor among `inputs`.
  static func of(_ inputs: Tensor?...) -> Tape? {
    for input in inputs { if let tape = input?.node?.tape, !tape.isPaused { return tape } }
    return nil
  }

  /// Remembers how the gradient of `output` flows on. `backward` gets that gradient, complete.
  func record(_ output: Tensor, _ backward: @escaping (Buffer) -> Void) {
    if let node = output.node { steps.append((node, backward)) }
  }

  /// Walks back from a scalar with gradient 1. Each step's activations and gradient are freed once it is done.
  /// - Parameter between: called after every step; returning false abandons the walk.
  /// - Returns: whether the walk was finished.
  @discardableResult
  package func backward(from loss: Tensor, while between: () -> Bool = { true }) -> Bool {
    let seed = Buffer(count: 1)
    seed.base[0] = 1
    loss.node?.add(seed)
    return walk(while: between)
  }

  /// `body(x)`, of which only x is kept: walking back computes it once more and then walks through it. Memory is that of
  /// one such piece instead of all (Chen et al. 2016), for the time of one more forward trip.
  /// - Parameter again: computes what `body` did, bit for bit
  package func recomputed(
    _ x: Tensor, _ body: (Tensor) -> Tensor, again: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    isPaused = true
    let value = body(x.detached)
    isPaused = false
    let out = Tensor(value.shape, value.buffer, node: Node(self, count: value.count))
    record(out) { gradient in
      let inner = Tape()
      let start = Tensor(x.shape, x.buffer, node: Node(inner, count: x.count))
      again(start).node?.add(gradient)
      inner.walk()
      if let flow = start.node?.take() { x.node?.add(flow) }
    }
    return out
  }

  @discardableResult
  private func walk(while between: () -> Bool = { true }) -> Bool {
    while let step = steps.popLast() {
      if let gradient = step.output.take() { step.backward(gradient) }
      if !between() {
        steps.removeAll()
        return false
      }
    }
    return true
  }
}

/// Where the gradient of one recorded tensor gathers.
package final class Node {
  /// Weak: a tape owns its steps, and they own the nodes.
  weak var tape: Tape?
  let count: Int
  /// The whole gradient, where one has arrived.
  package private(set) var gradient: Buffer?
  /// The gradient of some rows of a table, where only a gather has arrived. Tables that gather sparsely start with one.
  package private(set) var sparse: RowGradient?

  init(_ tape: Tape, count: Int, sparse: RowGradient? = nil) {
    self.tape = tape
    self.count = count
    self.sparse = sparse
  }

  /// Hands the gradient over; the node is empty then.
  func take() -> Buffer? {
    defer { gradient = nil }
    return gradient
  }

  /// Adds a gradient. The buffer may be shared with other nodes: it is written again only by a sole owner.
  func add(_ part: Buffer) {
    guard gradient != nil || sparse?.isEmpty == false else {
      gradient = part
      return
    }
    let sum = slot().pointer
    parallel(count, chunk: 1 << 16) { attune_accumulate(sum + $0.lowerBound, part.base + $0.lowerBound, $0.count) }
  }

  /// Memory to add into: `beta` is 0 where it holds nothing yet (it is not initialised) and 1 where it does.
  func slot() -> (pointer: UnsafeMutablePointer<Float>, beta: Float) {
    if let sparse, !sparse.isEmpty {
      let dense = Buffer(count: count)
      sparse.spread(into: dense)
      self.sparse = nil
      gradient = dense
      return (dense.base, 1)
    }
    if isKnownUniquelyReferenced(&gradient), let sole = gradient { return (sole.base, 1) }
    let new = Buffer(count: count)
    defer { gradient = new }
    guard let shared = gradient else { return (new.base, 0) }
    new.base.update(from: shared.base, count: count)
    return (new.base, 1)
  }

  /// As `slot`, and zeroed where it held nothing.
  func zeroedSlot() -> UnsafeMutablePointer<Float> {
    let (pointer, beta) = slot()
    if beta == 0 { attune_fill(pointer, 0, count) }
    return pointer
  }

  /// Adds row `index` of `part` to row `rows[index]`, except where that is `ignored`.
  func addRows(_ rows: [Int32], _ part: Buffer, width: Int, ignoring ignored: Int32?) {
    if let sparse, gradient == nil {
      for (index, row) in rows.enumerated() where row != ignored && row >= 0 {
        attune_accumulate(sparse.row(row), part.base + index * width, width)
      }
      return
    }
    let sum = zeroedSlot()
    for (index, row) in rows.enumerated() where row != ignored && row >= 0 {
      attune_accumulate(sum + Int(row) * width, part.base + index * width, width)
    }
  }
}
