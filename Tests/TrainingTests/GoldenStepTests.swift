import Tensors
import Testing
import Training

@Suite struct GoldenStepTests {
  private static let (rows, width) = (12, 5)

  private func table(_ seed: UInt64, isTable: Bool) -> Parameter {
    var generator = Generator(seed: seed)
    let values = (0..<Self.rows * Self.width).map { _ in generator.normal(deviation: 1) }
    return Parameter(
      "table", [Self.rows, Self.width], Tensor([values.count], values).buffer, isTable: isTable)
  }

  /// One step on the rows named, with a gradient that depends on the values.
  private func train(_ table: Parameter, _ optimizer: AdamW, _ rows: [Int32], rate: Float) -> Float {
    let tape = Tape()
    table.join(tape)
    defer { table.leave() }
    let x = gather([Lookup(table.tensor, rows)])
    let loss = mean(
      multiply(x, x).reshaped([rows.count * Self.width, 1]), boundaries: [0, rows.count * Self.width])
    tape.backward(from: loss)
    return optimizer.step(learningRate: rate)
  }

  @Test(
    "A table learns the same from sparse gradients as from dense ones", arguments: [nil, 0.1] as [Float?])
  func sparseEqualsDense(clip: Float?) {
    let (sparse, dense) = (table(1, isTable: true), table(1, isTable: false))
    let settings = AdamW.Settings(weightDecay: 0.1, maximumNorm: clip)
    let optimizers = (AdamW([sparse], settings), AdamW([dense], settings))
    let batches: [[Int32]] = [[1, 2], [2, 2, 7], [0], [1, 11, 7], [3], [3, 2]]
    for (step, rows) in batches.enumerated() {
      let rate = 0.1 / Float(step + 1)
      let norms = (
        train(sparse, optimizers.0, rows, rate: rate), train(dense, optimizers.1, rows, rate: rate)
      )
      #expect(abs(norms.0 - norms.1) < 1e-6 * norms.1)
      for (a, b) in zip(sparse.tensor.values, dense.tensor.values) { #expect(abs(a - b) < 1e-6) }
    }
    let start = table(1, isTable: true).tensor.values
    let last = sparse.tensor.values
    #expect(zip(start, last).allSatisfy { $0 != $1 }, "rows that were never met decay too")
  }

  @Test("A table whose gradient is sparse in one step and dense in the next learns as if always dense")
  func mixed() {
    let (mixed, dense) = (table(1, isTable: true), table(1, isTable: false))
    let settings = AdamW.Settings(weightDecay: 0.1, maximumNorm: nil)
    let optimizers = (AdamW([mixed], settings), AdamW([dense], settings))
    for step in 0..<4 {
      for (parameter, optimizer) in [(mixed, optimizers.0), (dense, optimizers.1)] {
        let tape = Tape()
        parameter.join(tape)
        var loss = mean(gather([Lookup(parameter.tensor, [2, 5])]).reshaped([10, 1]), boundaries: [0, 10])
        if step == 1 { loss = add(loss, mean(parameter.tensor.reshaped([60, 1]), boundaries: [0, 60])) }
        tape.backward(from: loss)
        _ = optimizer.step(learningRate: 0.05)
        parameter.leave()
      }
      for (a, b) in zip(mixed.tensor.values, dense.tensor.values) {
        #expect(abs(a - b) < 1e-6, "step \(step)")
      }
    }
  }

  @Test("Each step is the published one, in doubles")
  func definition() {
    let parameter = table(3, isTable: false)
    let optimizer = AdamW([parameter], .init(weightDecay: 0.2, maximumNorm: 0.5))
    var values = parameter.tensor.values.map(Double.init)
    var (first, second) = (values.map { _ in 0.0 }, values.map { _ in 0.0 })
    for step in 1...5 {
      let norm = train(parameter, optimizer, Array(0..<Int32(Self.rows)), rate: 0.1)
      let gradient = values.map { 2 * $0 / Double(values.count) }
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(Double(norm) - length) < 1e-5 * length)
      for index in values.indices {
        let slope = gradient[index] * min(1, 0.5 / (length + 1e-6))
        first[index] = 0.9 * first[index] + 0.1 * slope
        second[index] = 0.999 * second[index] + 0.001 * slope * slope
        let correction = (1 - power(0.9, step), (1 - power(0.999, step)).squareRoot())
        values[index] *= 1 - 0.1 * 0.2
        values[index] -=
          0.1 / correction.0 * first[index] / (second[index].squareRoot() / correction.1 + 1e-8)
      }
      for (ours, wanted) in zip(parameter.tensor.values, values) {
        #expect(abs(Double(ours) - wanted) < 2e-5)
      }
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * base }
  }

  @Test("Vectors do not decay, matrices do; what is frozen or got no gradient stays as it is")
  func whoDecays() {
    func constant(_ shape: [Int]) -> Parameter {
      let count = shape.reduce(1, *)
      return Parameter("p", shape, Tensor([count], Array(repeating: 1, count: count)).buffer)
    }
    let (vector, matrix, frozen, untouched) = (
      constant([4]), constant([2, 2]), constant([2, 2]), constant([2, 2])
    )
    frozen.isTrained = false
    let all = [vector, matrix, frozen, untouched]
    let optimizer = AdamW(all, .init(weightDecay: 0.5, maximumNorm: nil))
    let tape = Tape()
    all.forEach { $0.join(tape) }
    let nothing = scale(
      add(vector.tensor, add(matrix.tensor.reshaped([4]), frozen.tensor.reshaped([4]))), by: 0)
    tape.backward(from: mean(nothing.reshaped([4, 1]), boundaries: [0, 4]))
    let norm = optimizer.step(learningRate: 0.1)
    #expect(norm == 0)
    #expect(vector.tensor.values == [1, 1, 1, 1])
    #expect(matrix.tensor.values.allSatisfy { abs($0 - 0.95) < 1e-6 })
    #expect(frozen.tensor.values == [1, 1, 1, 1])
    #expect(untouched.tensor.values == [1, 1, 1, 1])
  }

  @Test(
    "The learning rate rises in a straight line and falls in one",
    arguments: [
      (1, 5, [0, 1, 0.75, 0.5, 0.25, 0, 0]), (0, 4, [1, 0.75, 0.5, 0.25, 0]),
      (4, 6, [0, 0.25, 0.5, 0.75, 1, 0.5, 0]),
      (0, 0, [0]), (3, 3, [0, 1.0 / 3, 2.0 / 3, 0, 0]), (0, 1, [1, 0]),
    ] as [(Int, Int, [Float])])
  func schedule(warmup: Int, total: Int, rates: [Float]) {
    let schedule = Schedule(peak: 2e-4, warmupSteps: warmup, totalSteps: total)
    for (step, rate) in rates.enumerated() {
      #expect(abs(schedule.learningRate(at: step) - 2e-4 * rate) < 1e-10, "step \(step)")
    }
  }
}
