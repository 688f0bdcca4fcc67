import Tensors
import Testing

@Suite struct TapeTests {
  @Test("A tensor that is used twice gathers both gradients")
  func accumulates() {
    let x = randomParameter([2, 3], seed: 1)
    let tape = Tape()
    x.join(tape)
    tape.backward(from: projected(add(scale(x.tensor, by: 2), scale(x.tensor, by: 5))))
    let factors = normals(6, seed: 99)
    #expect(relativeError(x.whole ?? [], factors.map { 7 * Double($0) }) < 1e-6)
  }

  @Test("A block that is recomputed gives the same bits as one that is kept", arguments: [true, false])
  func recomputing(inputIsRecorded: Bool) {
    func gradients(recomputed: Bool) -> [[UInt32]] {
      let parameters = [[4, 6], [6, 6], [6], [6]].enumerated().map { randomParameter($1, seed: UInt64($0)) }
      let tape = Tape()
      for parameter in parameters.dropFirst(inputIsRecorded ? 0 : 1) { parameter.join(tape) }
      let mask = DropoutMask(key: 3, rate: 0.2)
      func block(_ x: Tensor) -> Tensor {
        layerNorm(
          linear(x, parameters[1].tensor, nil, activation: .gelu), residual: x, dropout: mask,
          weight: parameters[2].tensor, bias: parameters[3].tensor, epsilon: 1e-5)
      }
      var x = parameters[0].tensor
      for _ in 0..<3 { x = recomputed ? tape.recomputed(x, block, again: block) : block(x) }
      tape.backward(from: projected(x))
      return [bits(x.values)] + parameters.map { bits($0.whole ?? []) }
    }
    #expect(gradients(recomputed: true) == gradients(recomputed: false))
  }

  @Test("A gradient that two tensors share is copied before one of them adds to it")
  func sharedGradientIsCopied() {
    let (a, b) = (randomParameter([2, 3], seed: 1), randomParameter([2, 3], seed: 2))
    let tape = Tape()
    a.join(tape)
    b.join(tape)
    let early = scale(a.tensor, by: 10)  // walked back last, when a already holds what b holds too
    let sum = add(a.tensor, b.tensor)
    tape.backward(from: projected(add(early, sum)))
    let factors = normals(6, seed: 99).map(Double.init)
    #expect(relativeError(b.whole ?? [], factors) < 1e-6)
    #expect(relativeError(a.whole ?? [], factors.map { 11 * $0 }) < 1e-6)
  }

  @Test("A gathered table keeps a gradient of the rows that were met, each once and in order")
  func sparseGradient() {
    let table = randomParameter([100, 2], seed: 1, isTable: true, paddingRow: 0)
    let tape = Tape()
    table.join(tape)
    tape.backward(from: projected(gather([Lookup(table.tensor, [9, 0, 40, 9], paddingRow: 0)])))
    guard case .rows(let rows) = table.gradient else {
      Issue.record("the gradient is not sparse")
      return
    }
    #expect(rows.rows == [9, 40])
    #expect(rows.count == 4)
  }

  @Test(
    "A dense gradient on a gathered table makes it dense, whichever comes first", arguments: [true, false])
  func sparseMeetsDense(gatherComesFirst: Bool) {
    let table = randomParameter([7, 3], seed: 1, isTable: true)
    let tape = Tape()
    table.join(tape)
    let x = randomTensor([2, 3], seed: 2)
    func gathered() -> Tensor { projected(gather([Lookup(table.tensor, [6, 6])]), seed: 3) }
    func head() -> Tensor { projected(linear(x, table.tensor, nil), seed: 4) }
    let loss = gatherComesFirst ? add(gathered(), head()) : add(head(), gathered())
    tape.backward(from: loss)
    #expect(!table.isSparse)

    let (rows, scores) = (normals(6, seed: 3).map(Double.init), normals(14, seed: 4).map(Double.init))
    let wanted = (0..<21).map { place in
      let (row, column) = (place / 3, place % 3)
      let fromHead = (0..<2).reduce(0.0) { $0 + scores[$1 * 7 + row] * Double(x.values[$1 * 3 + column]) }
      return fromHead + (row == 6 ? rows[column] + rows[3 + column] : 0)
    }
    #expect(relativeError(table.whole ?? [], wanted) < 1e-6)
  }

  @Test("Without a joined parameter nothing is recorded")
  func inferenceRecordsNothing() {
    let weight = randomParameter([4, 3], seed: 1)
    let x = randomTensor([2, 3], seed: 2)
    #expect(linear(x, weight.tensor, nil, activation: .gelu).node == nil)
    weight.join(Tape())
    weight.leave()
    #expect(linear(x, weight.tensor, nil).node == nil)
  }

  @Test("A frozen parameter does not join, and the way behind it is not walked")
  func frozenParameters() {
    let (frozen, trained) = (randomParameter([3, 3], seed: 1), randomParameter([2, 3], seed: 2))
    frozen.isTrained = false
    let tape = Tape()
    frozen.join(tape)
    trained.join(tape)
    let inner = linear(randomTensor([4, 3], seed: 3), frozen.tensor, nil, activation: .tanh)
    #expect(inner.node == nil)
    tape.backward(from: projected(linear(inner, trained.tensor, nil)))
    #expect(frozen.gradient == nil)
    #expect(trained.gradient != nil)
  }

  @Test("Only the side of an attention that was recorded gets a gradient")
  func attentionToAFrozenMemory() {
    let (query, memory) = (randomParameter([2, 4], seed: 1), randomTensor([5, 8], seed: 2))
    let tape = Tape()
    query.join(tape)
    let shape = AttentionShape(heads: 2, headWidth: 2, queries: [0, 2], memory: [0, 5], scale: 0.7)
    tape.backward(
      from: projected(
        attention(
          Columns(query.tensor, from: 0), Columns(memory, from: 0), Columns(memory, from: 4), shape)))
    #expect(query.whole?.contains { $0 != 0 } == true)
    #expect(memory.node == nil)
  }

  @Test("Walking back frees every activation and every gradient on the way")
  func backwardFreesEverything() {
    let parameter = randomParameter([6, 6], seed: 1)
    let tape = Tape()
    parameter.join(tape)
    var activations: [Freed] = []
    var loss: Tensor?
    do {
      var x = randomTensor([4, 6], seed: 2)
      for _ in 0..<3 {
        x = linear(x, parameter.tensor, nil, activation: .gelu)
        activations.append(Freed(x))
      }
      loss = projected(x)
    }
    #expect(activations.allSatisfy { $0.buffer != nil && $0.node != nil }, "the tape holds them until then")
    if let loss { tape.backward(from: loss) }
    loss = nil
    #expect(activations.allSatisfy { $0.buffer == nil && $0.node == nil })
    #expect(parameter.gradient != nil)
  }

  @Test("A tape that is dropped without walking back frees everything too")
  func droppedTape() {
    let parameter = randomParameter([6, 6], seed: 1)
    var tape: Tape? = Tape()
    if let tape { parameter.join(tape) }
    let held = Freed(linear(randomTensor([4, 6], seed: 2), parameter.tensor, nil))
    #expect(held.node != nil)
    tape = nil
    parameter.leave()
    #expect(held.buffer == nil && held.node == nil)
  }

  @Test("A walk back can be abandoned after any step, and lets go of the rest")
  func abandoned() {
    let parameter = randomParameter([3, 3], seed: 1)
    let tape = Tape()
    parameter.join(tape)
    let first = linear(randomTensor([2, 3], seed: 2), parameter.tensor, nil)
    let held = Freed(first)
    let loss = projected(linear(scale(first, by: 2), parameter.tensor, nil))
    var steps = 0
    let finished = tape.backward(from: loss) {
      steps += 1
      return steps < 2
    }
    #expect(!finished)
    #expect(steps == 2)
    #expect(held.node?.gradient == nil, "the walk did not get there")
    #expect(
      tape.backward(from: loss) {
        Issue.record("a step is left"); return true
      })
  }

  @Test("A loss that was not recorded has nothing to walk")
  func unrecordedLoss() {
    #expect(Tape().backward(from: Tensor([1], [3])))
  }

  @Test("Detached values are the same memory off the tape")
  func detached() {
    let x = randomParameter([2, 2], seed: 1)
    x.join(Tape())
    #expect(x.tensor.node != nil)
    #expect(x.tensor.detached.node == nil)
    #expect(x.tensor.detached.pointer == x.tensor.pointer)
  }
}

/// Whether a tensor's memory and node are still held by somebody.
private final class Freed {
  weak var buffer: Buffer?
  weak var node: Node?

  init(_ x: Tensor) {
    buffer = x.buffer
    node = x.node
  }
}
