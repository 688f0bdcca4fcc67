/// A named, trained tensor of a model.
package final class Parameter {
  /// Its Hugging Face name, such as `bert.encoder.layer.0.attention.self.query.weight`.
  package let name: String
  package let shape: [Int]
  package var value: Buffer
  /// Whether training changes it.
  package var isTrained = true
  /// The row of an embedding table that gathers without gradient (`padding_idx`).
  package let paddingRow: Int32?
  /// Whether it is a table whose rows are gathered: its gradient stays sparse.
  package let isTable: Bool
  private var node: Node?

  package init(_ name: String, _ shape: [Int], _ value: Buffer, isTable: Bool = false, paddingRow: Int32? = nil) {
    precondition(shape.reduce(1, *) == value.count, "a parameter's shape must fill its buffer")
    self.name = name
    self.shape = shape
    self.value = value
    self.isTable = isTable
    self.paddingRow = paddingRow
  }

  package var count: Int { value.count }

  /// Its values for a forward trip, recorded while it has joined a tape.
  package var tensor: Tensor { Tensor(shape, value, node: node) }

  /// Takes part in one training step, with an empty gradient.
  package func join(_ tape: Tape) {
    guard isTrained else { return }
    node = Node(tape, count: count, sparse: isTable ? RowGradient(width: shape.last ?? 1) : nil)
  }

  /// Ends the training step and lets the gradient go.
  package func leave() { node = nil }

  /// The gradient that the last walk back left here; nil if none reached it.
  package var gradient: Gradient? {
    if let dense = node?.gradient { return .dense(dense) }
    if let sparse = node?.sparse, !sparse.isEmpty { return .rows(sparse) }
    return nil
  }
}

package enum Gradient {
  case dense(Buffer)
  case rows(RowGradient)

  /// The floats that are not zero by construction.
  package var stored: UnsafeMutableBufferPointer<Float> {
    switch self {
    case .dense(let buffer): UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count)
    case .rows(let rows): UnsafeMutableBufferPointer(start: rows.pointer, count: rows.count)
    }
  }
}
