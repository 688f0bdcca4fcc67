import Foundation
import Tensors
import Testing

@Suite struct SoftmaxAccuracyTests {
  @Test("Any length: probabilities within 6e-7 of the definition's, and a sum of 1")
  func lengths() {
    for count in 1...67 {
      let x = randomTensor([3, count], seed: UInt64(count), deviation: 5)
      let ours = softmax(x).values
      let wanted = Definition.softmax(Matrix(columns: count, x.values.map(Double.init))).values
      #expect(relativeError(ours, wanted) < 6e-7, "\(count)")
      for row in 0..<3 {
        let sum = ours[row * count..<(row + 1) * count].reduce(0.0) { $0 + Double($1) }
        #expect(abs(sum - 1) < 1e-6)
      }
    }
  }

  @Test("exp over its whole range, as the odds of two scores")
  func exponentials() {
    for gap in stride(from: Float(0), through: 86, by: 0.0137) {
      let odds = softmax(Tensor([2], [0, -gap])).values
      let wanted = exp(-Double(gap))
      #expect(abs(Double(odds[1] / odds[0]) / wanted - 1) < 5e-7, "\(gap)")
    }
  }

  @Test("A score that cannot be is worth nothing, and the others are as if it were not there")
  func minusInfinity() {
    for count in 2...40 {
      var values = normals(count, seed: 1)
      values[count / 2] = -.infinity
      let ours = softmax(Tensor([count], values)).values
      let wanted = Definition.softmax(values.map(Double.init))
      #expect(ours[count / 2] < 1e-37)
      #expect(relativeError(ours, wanted) < 6e-7)
    }
  }

  @Test("Scores of any size stay finite", arguments: [1e-30, 1e30, 3e38, -1e-30, -1e30, -3e38] as [Float])
  func sizes(_ value: Float) {
    let alone = softmax(Tensor([3], [value, value, value])).values
    #expect(relativeError(alone, [1.0 / 3, 1.0 / 3, 1.0 / 3]) < 1e-6)
    let beside = softmax(Tensor([2], [value, 0])).values
    #expect(relativeError(beside, Definition.softmax([Double(value), 0])) < 1e-6)
  }

  @Test(
    "A row without an answer is not-a-number throughout, and touches no other row",
    arguments: [
      [.nan, 1, 2], [.nan, .nan, .nan], [-.infinity, -.infinity, -.infinity], [.infinity, 1, 2],
    ] as [[Float]])
  func rowsWithoutAnAnswer(_ row: [Float]) {
    for width in [3, 16, 19, 35] {
      let bad = row + Array(repeating: row[row.count - 1], count: width - 3)
      let good = normals(width, seed: 2)
      let ours = softmax(Tensor([3, width], good + bad + good)).values
      #expect(ours[width..<2 * width].allSatisfy { $0.isNaN }, "\(ours)")
      #expect(relativeError(Array(ours.prefix(width)), Definition.softmax(good.map(Double.init))) < 6e-7)
      #expect(bits(Array(ours.prefix(width))) == bits(Array(ours.suffix(width))))
    }
  }

  @Test("A loss over a row without an answer is not-a-number, not a crash")
  func lossWithoutAnAnswer() {
    let loss = crossEntropy(
      Tensor([1, 3], [.nan, 1, 2]), [Prediction(start: 0, stride: 1, count: 3, target: 1)])
    #expect(loss.scalar.isNaN)
  }

  @Test("A loss of certain and of hopeless predictions", arguments: [(0, 0.0), (1, 80.0), (2, 1000.0)])
  func losses(target: Int, wanted: Double) {
    let loss = crossEntropy(
      Tensor([1, 3], [0, -80, -1000]), [Prediction(start: 0, stride: 1, count: 3, target: target)])
    #expect(abs(Double(loss.scalar) - wanted) < 1e-5 * max(1, wanted))
  }
}

@Suite struct ElementwiseLengthTests {
  static let operations:
    [(
      name: String, ours: @Sendable (Tensor, Tensor) -> Tensor,
      definition: @Sendable (Double, Double) -> Double
    )] = [
      ("add", { add($0, $1) }, { $0 + $1 }), ("multiply", { multiply($0, $1) }, { $0 * $1 }),
      ("scale", { a, _ in scale(a, by: 0.3) }, { a, _ in a * Double(Float(0.3)) }),
    ]

  @Test("Elementwise operations and their gradients at every length, 0 to 67", arguments: operations.indices)
  func lengths(_ index: Int) {
    let operation = Self.operations[index]
    for count in 0...67 {
      let (a, b) = (randomParameter([1, count], seed: 1), randomParameter([1, count], seed: 2))
      let tape = Tape()
      a.join(tape)
      let out = operation.ours(a.tensor, b.tensor)
      let pairs = zip(a.tensor.values, b.tensor.values).map { (Double($0), Double($1)) }
      #expect(
        relativeError(out.values, pairs.map { operation.definition($0.0, $0.1) }) < 1e-6,
        "\(operation.name) \(count)")
      guard count > 0 else { continue }
      tape.backward(from: projected(out))
      let slopes = pairs.map { operation.definition(1, $0.1) - operation.definition(0, $0.1) }
      let wanted = zip(slopes, normals(count, seed: 99)).map { $0 * Double($1) }
      #expect(relativeError(a.whole ?? [], wanted) < 1e-6, "\(operation.name) \(count)")
    }
  }

  @Test("layerNorm at every width, 1 to 67")
  func normWidths() {
    for width in 1...67 {
      let x = randomTensor([3, width], seed: UInt64(width))
      let (weight, bias) = (randomTensor([width], seed: 1), randomTensor([width], seed: 2))
      let wanted = Definition.layerNorm(
        Matrix(columns: width, x.values.map(Double.init)),
        Matrix(columns: width, weight.values.map(Double.init)),
        Matrix(columns: width, bias.values.map(Double.init)), epsilon: 1e-5)
      let ours = layerNorm(x, weight: weight, bias: bias, epsilon: 1e-5)
      #expect(relativeError(ours.values, wanted.values) < 2e-6, "\(width)")
    }
  }

  @Test("Nothing at all goes through every operation of rows")
  func noRows() {
    let parameter = randomParameter([5, 4], seed: 1)
    let tape = Tape()
    parameter.join(tape)
    let none = gather(scale(parameter.tensor, by: 1), [])  // [0, 4]
    let normal = layerNorm(
      none, weight: randomTensor([4], seed: 2), bias: randomTensor([4], seed: 3), epsilon: 1e-5)
    let scores = linear(
      dropout(normal, DropoutMask(key: 1, rate: 0.5)), randomTensor([3, 4], seed: 4), nil, activation: .gelu)
    #expect(scores.shape == [0, 3])
    let loss = crossEntropy(softmax(scores), [])
    #expect(loss.scalar == 0)
    tape.backward(from: loss)
    #expect(parameter.whole?.allSatisfy { $0 == 0 } == true)
  }
}
