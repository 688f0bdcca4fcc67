import Foundation
import Tensors
import Testing

@Suite struct ActivationAccuracyTests {
  /// From -30 to 30 in small uneven steps, and both signs of every power of ten that a float holds.
  static let sweep: [Float] = {
    let middle = stride(from: Float(-30), through: 30, by: 0.00371).map { $0 }
    let powers = (-44...38).flatMap { power -> [Float] in
      let value = Float("1e\(power)") ?? 0
      return [value, -value]
    }
    return middle + powers + [
      0, -0.0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
  }()

  @Test("Within 1.2e-6 of the function, or of its size", arguments: Activation.allCases)
  func forward(_ kind: Activation) {
    let ours = kind(Tensor([Self.sweep.count], Self.sweep)).values
    let definition = Definition.activation(kind)
    for (x, y) in zip(Self.sweep, ours) {
      let wanted = definition(Double(x))
      #expect(abs(Double(y) - wanted) <= 1.2e-6 * max(1, abs(wanted)), "\(kind)(\(x)) = \(y), not \(wanted)")
    }
  }

  @Test("Its slope within 5e-6 of the function's", arguments: Activation.allCases)
  func backward(_ kind: Activation) {
    let x = Parameter("x", [Self.sweep.count], Tensor([Self.sweep.count], Self.sweep).buffer)
    let tape = Tape()
    x.join(tape)
    let ones = Tensor([1, x.count], Array(repeating: 1, count: x.count))
    tape.backward(from: linear(kind(x.tensor).reshaped([1, x.count]), ones, nil))
    for (value, slope) in zip(Self.sweep, x.whole ?? []) {
      let wanted = slopeOf(kind, Double(value))
      #expect(abs(Double(slope) - wanted) <= 5e-6, "\(kind)'(\(value)) = \(slope), not \(wanted)")
    }
    #expect(x.whole?.count == Self.sweep.count)
  }

  private func slopeOf(_ kind: Activation, _ x: Double) -> Double {
    switch kind {
    case .gelu:
      return 0.5 * erfc(-x / 2.0.squareRoot())
        + (abs(x) > 1e3 ? 0 : x * exp(-x * x / 2) / (2 * .pi).squareRoot())
    case .geluTanh:
      if abs(x) > 1e3 { return x > 0 ? 1 : 0 }
      let root = (2 / Double.pi).squareRoot()
      let t = Foundation.tanh(root * (x + 0.044715 * x * x * x))
      return 0.5 * (1 + t + x * (1 - t * t) * root * (1 + 3 * 0.044715 * x * x))
    case .relu: return x > 0 ? 1 : 0
    case .silu:
      let s = 1 / (1 + exp(-x))
      return abs(x) > 1e3 ? (x > 0 ? 1 : 0) : s * (1 + x * (1 - s))
    case .tanh: return 1 / (cosh(min(abs(x), 300)) * cosh(min(abs(x), 300)))
    }
  }

  @Test(
    "Infinity goes where the function goes, and not-a-number stays itself", arguments: Activation.allCases)
  func extremes(_ kind: Activation) {
    let inputs: [Float] = [.infinity, -.infinity, .nan, 1]
    // In every lane of a vector and in its tail.
    for shift in 0..<40 {
      let values = Array(repeating: Float(1), count: shift) + inputs
      let ours = Array(kind(Tensor([values.count], values)).values.dropFirst(shift))
      switch kind {
      case .tanh: #expect(abs(ours[0] - 1) < 1e-6 && abs(ours[1] + 1) < 1e-6)
      case .gelu, .geluTanh, .relu, .silu: #expect(ours[0] == .infinity && abs(ours[1]) < 1e-6, "\(ours)")
      }
      #expect(ours[2].isNaN)
      #expect(abs(Double(ours[3]) - Definition.activation(kind)(1)) < 1e-6, "its neighbours are not touched")
    }
  }

  @Test("Any length: what vectors do and what is left over agree bit by bit", arguments: Activation.allCases)
  func lengths(_ kind: Activation) {
    let values = normals(67, seed: 3, deviation: 3)
    let whole = kind(Tensor([67], values)).values
    for count in 0...67 {
      let part = kind(Tensor([count], Array(values.prefix(count)))).values
      #expect(relativeError(part, whole.prefix(count).map(Double.init)) < 6e-7, "\(count)")
    }
  }
}
