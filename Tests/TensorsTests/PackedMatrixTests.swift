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
}
