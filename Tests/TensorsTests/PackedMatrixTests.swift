import Tensors
import Testing

@Suite struct PackedMatrixTests {
  @Test(
    "Packed weights give the bits that weights as they lie give, in every trip",
    arguments: [(1, 40, 30), (24, 40, 30), (25, 33, 400), (128, 96, 800), (200, 70, 385), (300, 1000, 64)])
  func sameBits(rows: Int, out: Int, inner: Int) {
    let x = randomTensor([rows, inner], seed: 1)
    let bias = randomTensor([out], seed: 2)
    let settled = randomParameter([out, inner], seed: 3)
    settled.settle()
    let wanted = linear(x, randomParameter([out, inner], seed: 3).operand, bias)
    for _ in 0..<3 { #expect(bits(linear(x, settled.operand, bias).values) == bits(wanted.values)) }
  }

  @Test("Packed values are let go when the weight is trained or replaced")
  func changes() {
    let x = randomTensor([40, 32], seed: 1)
    let weight = randomParameter([64, 32], seed: 2)
    func twice() -> Tensor { _ = linear(x, weight.operand, nil); return linear(x, weight.operand, nil) }
    weight.settle()
    let before = twice()
    weight.join(Tape())
    weight.leave()
    for index in 0..<weight.count { weight.value.base[index] *= 2 }
    #expect(twice().values == before.values.map { $0 * 2 })
    weight.settle()
    _ = twice()
    weight.value = randomTensor([64, 32], seed: 2).buffer
    #expect(bits(twice().values) == bits(before.values))
  }

  @Test(
    "8-bit arithmetic sums whole numbers: rounded inputs by whole weights, whatever the processor",
    arguments: [(1, 5, 7), (3, 33, 64), (20, 40, 130), (64, 70, 1536)])
  func bytes(rows: Int, out: Int, inner: Int) {
    let rounding = ByteRounding(inputFactor: 40, unit: 1 / 64)
    let x = randomTensor([rows, inner], seed: 6)
    x.pointer[0] = 1000  // cut off
    let weight = randomParameter([out, inner], seed: 7)
    for place in 0..<weight.count {
      weight.value.base[place] = max(-127, min(127, (weight.value.base[place] * 64).rounded())) / 64
    }
    let bias = randomTensor([out], seed: 8)
    let steps = x.values.map { max(-127, min(127, ($0 * 40).rounded(.toNearestOrEven))) }
    var wanted: [Float] = []
    for row in 0..<rows {
      for column in 0..<out {
        var sum = 0
        for place in 0..<inner {
          sum += Int(steps[row * inner + place]) * Int((weight.value.base[column * inner + place] * 64).rounded())
        }
        wanted.append(Float(sum) * (rounding.unit / rounding.inputFactor))
      }
    }
    for level in QuantizedProducts.Level.allCases where level.rawValue <= QuantizedProducts.best.rawValue {
      #expect(rounding.multiply(x, Tensor(weight.shape, weight.value), level: level).values == wanted, "\(level)")
    }
    weight.settle(rounding)
    let biased = wanted.enumerated().map { $1 + bias.values[$0 % out] }
    for (own, right) in zip(linear(x, weight.operand, bias).values, biased) {
      #expect(abs(own - right) <= 1e-5 * max(1, abs(right)))
    }
    weight.settle()
    #expect(linear(x, weight.operand, bias).values != biased)
  }

  @Test("Rows of a packed weight are gathered, and gradients flow through it")
  func otherUses() {
    let weight = randomParameter([48, 32], seed: 4)
    let (plain, tape) = (Tensor([48, 32], weight.value), Tape())
    weight.settle()
    #expect(gather([Lookup(weight.operand, [5, 0])]).values == gather([Lookup(plain, [5, 0])]).values)
    let input = randomParameter([30, 32], seed: 5)
    input.join(tape)
    tape.backward(from: projected(linear(input.tensor, weight.operand, nil)))
    let through = input.whole
    let again = Tape()
    input.join(again)
    again.backward(from: projected(linear(input.tensor, plain, nil)))
    #expect(through == input.whole && through != nil)
  }

  @Test("Weights that are whole multiples of a number are multiplied as such, others as they are")
  func wholeNumbers() {
    for (out, inner) in [(1, 5), (37, 48), (70, 33), (130, 16)] {
      var state: UInt32 = 1
      let whole = (0..<out * inner).map { _ -> Float in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Float(Int(state >> 16) % 255 - 127) / 37.3
      }
      var spoiled = whole
      spoiled[spoiled.count - 1] += 0.01
      for (values, isWhole) in [(whole, true), (spoiled, false)] {
        let weight = Parameter("w", [out, inner], Tensor([out, inner], values).buffer)
        let bias = randomTensor([out], seed: 3)
        for rows in [1, 2, 3, 4, 5, 7, 24, 25] {
          let x = randomTensor([rows, inner], seed: UInt64(rows))
          let plain = linear(x, [Affine(Tensor([out, inner], values), bias)]).values
          weight.settle()
          let settled = linear(x, [Affine(weight.operand, bias)]).values
          if !isWhole || rows > 24 { #expect(settled == plain, "\(out) \(inner) \(rows)") }
          for (a, b) in zip(settled, plain) { #expect(abs(a - b) < 2e-5 * Float(inner)) }
        }
      }
    }
  }
}
