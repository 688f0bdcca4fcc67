import Tensors
import Testing

/// Each operation against its definition in doubles: values directly, gradients by central differences of the
/// definition, which in doubles are right to about 1e-9.
@Suite struct GradientTests {
  @Test("Every operation computes what it means, and its gradient", arguments: OperationCase.all)
  func operation(_ operation: OperationCase) throws {
    let inputs = operation.inputs.enumerated().map { index, input in
      Parameter(
        "input \(index)", input.shape, randomTensor(input.shape, seed: UInt64(index + 1)).buffer,
        isTable: input.isTable, paddingRow: input.paddingRow)
    }
    let tape = Tape()
    inputs.forEach { $0.join(tape) }
    let output = operation.ours(inputs.map(\.tensor))
    let matrices = inputs.map { parameter in
      Matrix(columns: parameter.shape.last ?? 1, parameter.tensor.values.map(Double.init))
    }
    #expect(relativeError(output.values, operation.definition(matrices).values) < 1e-5)

    tape.backward(from: projected(output))
    let projection = normals(output.count, seed: 99).map(Double.init)
    func scalar(_ matrices: [Matrix]) -> Double {
      zip(operation.definition(matrices).values, projection).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for (index, parameter) in inputs.enumerated() {
      let gradient = (parameter.whole ?? Array(repeating: 0, count: parameter.count)).map(Double.init)
      let magnitude = gradient.reduce(1) { max($0, abs($1)) }
      if let row = parameter.paddingRow {
        let width = parameter.shape[1]
        #expect(
          gradient[Int(row) * width..<(Int(row) + 1) * width].allSatisfy { $0 == 0 },
          "input \(index), padding")
      }
      for direction in directions(parameter, seed: UInt64(index)) {
        func moved(_ step: Double) -> Double {
          var matrices = matrices
          for (place, part) in direction { matrices[index].values[place] += step * part }
          return scalar(matrices)
        }
        let wanted = (moved(1e-5) - moved(-1e-5)) / 2e-5
        let found = direction.reduce(0) { $0 + gradient[$1.place] * $1.part }
        let length = direction.reduce(0) { $0 + $1.part * $1.part }.squareRoot()
        #expect(
          abs(found - wanted) < 2e-5 * magnitude * length, "input \(index), place \(direction[0].place)")
      }
    }
  }

  /// Each place by itself where they are few; else some places, and random directions through all of them.
  private func directions(_ parameter: Parameter, seed: UInt64) -> [[(place: Int, part: Double)]] {
    let padding = parameter.paddingRow.map {
      Int($0) * parameter.shape[1]..<(Int($0) + 1) * parameter.shape[1]
    }
    let places = (0..<parameter.count).filter { padding?.contains($0) != true }
    guard places.count > 400 else { return places.map { [($0, 1)] } }
    var generator = Generator(seed: seed)
    let single = (0..<20).map { _ in [(place: places.randomElement(using: &generator) ?? 0, part: 1.0)] }
    let mixed = (0..<3).map { _ in places.map { (place: $0, part: Double(generator.normal(deviation: 1))) } }
    return single + mixed
  }
}
