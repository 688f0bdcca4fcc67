import Tensors
import Testing

/// Products with quantised weights against those with the same weights spread as floats.
@Suite struct QuantizedTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let format: BlockFormat
    let rows, blocks, tokens: Int
    var width: Int { blocks * format.blockCount }
    var testDescription: String { "\(format.rawValue) \(tokens)x\(width)x\(rows)" }
  }

  /// One row and a few, tiles that are full and not, widths of more than one piece.
  static let cases = BlockFormat.allCases.flatMap { format in
    let long = format.blockCount == 32 ? 67 : 9
    return [(1, 1, 1), (5, 1, 3), (16, 2, 8), (37, 3, 21), (16, long, 9), (3, long, 1)].map {
      Case(format: format, rows: $0.0, blocks: $0.1, tokens: $0.2)
    }
  }

  static func weights(_ example: Case) -> QuantizedMatrix {
    let dense = randomTensor([example.rows, example.width], seed: 3, deviation: 0.2)
    return QuantizedMatrix(dense.buffer, rows: example.rows, width: example.width, example.format)
  }

  /// What rounding x may change: half a step of each value, a 254th of the largest of its neighbours, and the rounding of
  /// scales to 11 bits.
  static func bound(_ x: [Float], _ weights: [Float], group: Int) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: x.count, by: group) {
      let largest = x[start..<start + group].reduce(0) { max($0, abs($1)) }
      for place in start..<start + group { sum += Double(abs(weights[place]) * largest) * (1 / 254 + 1 / 2048) }
    }
    return sum
  }

  @Test(arguments: cases)
  func staysWithinTheRoundingOfItsInput(_ example: Case) {
    let weights = Self.weights(example)
    let x = randomTensor([example.tokens, example.width], seed: 4)
    let values = Tensor([example.rows, example.width], weights.dequantized).values
    for level in QuantizedProducts.Level.allCases where level.rawValue <= QuantizedProducts.best.rawValue {
      let ours = QuantizedProducts.multiply(x, weights, level: level).values
      for token in 0..<example.tokens {
        let input = Array(x.values[token * example.width..<(token + 1) * example.width])
        for row in 0..<example.rows {
          let weight = Array(values[row * example.width..<(row + 1) * example.width])
          let exact = zip(input, weight).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
          let allowed = 1.001 * Self.bound(input, weight, group: 32) + 1e-5
          let miss = abs(Double(ours[token * example.rows + row]) - exact)
          #expect(miss <= allowed, "\(level) token \(token) row \(row)")
        }
      }
    }
  }

  @Test("Every level of instructions gives the same sums", arguments: cases)
  func levelsAgree(_ example: Case) {
    let weights = Self.weights(example)
    let x = randomTensor([example.tokens, example.width], seed: 5)
    let plain = QuantizedProducts.multiply(x, weights, level: .portable).values
    for level in QuantizedProducts.Level.allCases where level.rawValue <= QuantizedProducts.best.rawValue {
      let ours = QuantizedProducts.multiply(x, weights, level: level).values
      #expect(relativeError(ours, plain.map(Double.init)) < 2e-6, "\(level)")
    }
  }

  @Test("A row of a product does not depend on the rows beside it", arguments: BlockFormat.allCases)
  func rowsStandAlone(_ format: BlockFormat) {
    let weights = Self.weights(Case(format: format, rows: 24, blocks: 2, tokens: 11))
    let x = randomTensor([11, weights.width], seed: 6)
    let all = QuantizedProducts.multiply(x, weights).values
    for token in 0..<11 {
      let row = Tensor([1, weights.width], Array(x.values[token * weights.width..<(token + 1) * weights.width]))
      let alone = QuantizedProducts.multiply(row, weights).values
      #expect(relativeError(alone, all[token * 24..<(token + 1) * 24].map(Double.init)) < 2e-6)
    }
  }

  @Test("Zeros, and numbers that are none, stay where they are")
  func oddValues() {
    let weights = Self.weights(Case(format: .q80, rows: 4, blocks: 1, tokens: 1))
    let zeros = QuantizedProducts.multiply(Tensor([3, 32], [Float](repeating: 0, count: 96)), weights)
    #expect(zeros.values == [Float](repeating: 0, count: 12))
    for odd in [Float.infinity, .nan] {
      var values = [Float](repeating: 1, count: 64)
      values[40] = odd
      let product = QuantizedProducts.multiply(Tensor([2, 32], values), weights).values
      #expect(product.map(\.isFinite) == [true, true, true, true, false, false, false, false])
    }
  }

  @Test("Gradients flow through quantised weights as through the same weights spread", arguments: BlockFormat.allCases)
  func flowsBack(_ format: BlockFormat) {
    let example = Case(format: format, rows: 300, blocks: format.blockCount == 32 ? 3 : 2, tokens: 7)
    let weights = Self.weights(example)
    let x = randomParameter([7, example.width], seed: 7)
    func run(_ operand: MatrixOperand) -> (out: [Float], gradient: [Float]) {
      let tape = Tape()
      x.join(tape)
      defer { x.leave() }
      let out = linear(x.tensor, operand, nil)
      tape.backward(from: projected(out))
      return (out.values, x.whole ?? [])
    }
    let ours = run(.quantized(weights))
    let spread = run(.dense(Tensor([300, example.width], weights.dequantized)))
    #expect(relativeError(ours.out, spread.out.map(Double.init)) < 1e-6)
    #expect(relativeError(ours.gradient, spread.gradient.map(Double.init)) < 1e-6)
  }

  @Test func gathersRowsOfAQuantisedTable() {
    let weights = Self.weights(Case(format: .q41, rows: 9, blocks: 2, tokens: 1))
    let spread = Tensor([9, 64], weights.dequantized)
    let rows: [Int32] = [8, 0, 3, 3]
    let other = Lookup(.dense(randomTensor([9, 64], seed: 8)), rows.reversed())
    #expect(gather([Lookup(.quantized(weights), rows)]).values == gather([Lookup(spread, rows)]).values)
    #expect(gather([Lookup(.quantized(weights), rows), other]).values == gather([Lookup(spread, rows), other]).values)
    #expect(gather([other, Lookup(.quantized(weights), rows)]).values == gather([other, Lookup(spread, rows)]).values)
  }

  @Test("A quantised parameter is never trained, and gives floats to those who ask")
  func parameter() {
    let weights = Self.weights(Case(format: .q80, rows: 2, blocks: 1, tokens: 1))
    let parameter = Parameter("p", [2, 32], .quantized(weights))
    parameter.isTrained = true
    #expect(!parameter.isTrained)
    #expect(parameter.count == 64)
    #expect(parameter.tensor.values == Tensor([2, 32], weights.dequantized).values)
    parameter.value = randomTensor([2, 32], seed: 1).buffer
    #expect(parameter.isTrained && !parameter.isQuantized)
  }
}
