import Foundation
import Tensors
import Testing

/// The number of threads is the whole process's: these take turns, and put it back.
@Suite(.serialized) struct ThreadTests {
  private func withThreads<Result>(_ count: Int, _ work: () throws -> Result) rethrows -> Result {
    let before = Threads.count
    Threads.count = count
    defer { Threads.count = before }
    return try work()
  }

  @Test("Each place is in one chunk, and chunks depend on the arguments alone", arguments: [1, 2, 3, 8])
  func chunks(threads: Int) {
    withThreads(threads) {
      for (count, chunk) in [
        (0, 1), (1, 1), (1, 100), (7, 2), (100, 1), (1000, 7), (1000, 1000), (1001, 1000), (64, 64),
      ] {
        let counts = Counts(count)
        parallel(count, chunk: chunk) { part in
          #expect(part.lowerBound % chunk == 0 && (part.count == chunk || part.upperBound == count))
          counts.bump(part)
        }
        #expect(counts.allAreOne, "\(count) \(chunk)")
      }
    }
  }

  @Test("A call from inside a chunk does its own work whole")
  func nested() {
    withThreads(3) {
      let counts = Counts(20 * 50)
      parallel(20, chunk: 1) { outer in
        parallel(50, chunk: 4) { inner in counts.bump(inner, offset: outer.lowerBound * 50) }
      }
      #expect(counts.allAreOne)
    }
  }

  @Test("Thousands of short calls one after the other lose nothing")
  func rapid() {
    withThreads(3) {
      for round in 0..<20_000 {
        let counts = Counts(6)
        parallel(6, chunk: 1) { counts.bump($0) }
        if !counts.allAreOne { Issue.record("round \(round)") }
      }
    }
  }

  @Test("Calls from several threads at once each do their own work whole")
  func concurrent() async {
    let before = Threads.count
    Threads.count = 3
    let bad = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<2000).reduce(0) { bad, round in
            let counts = Counts(40 + round % 5)
            parallel(40 + round % 5, chunk: 3) { counts.bump($0) }
            return bad + (counts.allAreOne ? 0 : 1)
          }
        }
      }
      return await group.reduce(0, +)
    }
    Threads.count = before
    #expect(bad == 0)
  }

  @Test("A number of threads that makes no sense is moved to one that does")
  func limits() {
    withThreads(0) { #expect(Threads.count == 1) }
    withThreads(-5) { #expect(Threads.count == 1) }
    withThreads(100_000) { #expect(Threads.count == 64) }
  }

  @Test("A training step gives the same bits with 1, 2 and 3 threads")
  func sameBits() {
    let runs = [1, 2, 3, 1].map { threads in withThreads(threads) { trainingStep() } }
    for run in runs.dropFirst() { #expect(run == runs[0]) }
    #expect(runs[0].allSatisfy { !$0.isEmpty })
  }

  /// A gathered table, joint projections, attention, norms and a loss, all of a size that is shared out.
  /// - Returns: the bits of the loss and of every gradient
  private func trainingStep() -> [[UInt32]] {
    let width = 64
    let table = randomParameter([500, width], seed: 1, isTable: true)
    let projection = randomParameter([3 * width, width], seed: 2)
    let bias = randomParameter([3 * width], seed: 3)
    let (weight, offset) = (randomParameter([width], seed: 4), randomParameter([width], seed: 5))
    let parameters = [table, projection, bias, weight, offset]
    let tape = Tape()
    parameters.forEach { $0.join(tape) }
    let boundaries = [0, 90, 100, 260, 400]
    var generator = Generator(seed: 6)
    let ids = (0..<400).map { _ in Int32.random(in: 0..<500, using: &generator) }
    let masks = DropoutGenerator(seed: 7)

    let x = gather([Lookup(table.tensor, ids)])  // [400, 64]
    let joint = linear(scale(x, by: 0.3), projection.tensor, bias.tensor, activation: .gelu)  // [400, 192]
    let shape = AttentionShape(heads: 4, headWidth: 16, queries: boundaries, memory: boundaries, scale: 0.25)
    let context = attention(
      Columns(joint, from: 0), Columns(joint, from: width), Columns(joint, from: 2 * width), shape,
      dropout: masks.mask(rate: 0.1))
    let normal = layerNorm(
      context, residual: x, dropout: masks.mask(rate: 0.1), weight: weight.tensor, bias: offset.tensor,
      epsilon: 1e-12)
    let logits = linear(normal, table.tensor, nil)  // [400, 500]
    let loss = crossEntropy(logits, Prediction.rows(ids.map { Int($0) }, classes: 500))
    tape.backward(from: loss)
    return [bits(loss.values)] + parameters.map { bits($0.whole ?? []) }
  }
}
