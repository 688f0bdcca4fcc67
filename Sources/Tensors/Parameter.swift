/// A named, trained tensor of a model.
package final class Parameter {
  /// Its values: floats, or a matrix that stays quantised and is not trained.
  package enum Storage {
    case dense(Buffer)
    /// Blocks run along the input of a linear map, so where transformers keeps [in, out] the matrix lies the other way.
    case quantized(QuantizedMatrix, isTransposed: Bool = false)
  }

  /// Its Hugging Face name, such as `bert.encoder.layer.0.attention.self.query.weight`.
  package let name: String
  package let shape: [Int]
  package private(set) var storage: Storage
  private var wantsTraining = true
  /// The row of an embedding table that gathers without gradient (`padding_idx`).
  package let paddingRow: Int32?
  /// Whether it is a table whose rows are gathered: its gradient stays sparse.
  package let isTable: Bool
  private var node: Node?
  private var packed: PackedMatrix?
  /// How products with it round, where they are 8-bit arithmetic.
  package private(set) var rounding: ByteRounding?

  package init(_ name: String, _ shape: [Int], _ storage: Storage, isTable: Bool = false, paddingRow: Int32? = nil) {
    precondition(shape.reduce(1, *) == storage.count, "a parameter's shape must fill its storage")
    self.name = name
    self.shape = shape
    self.storage = storage
    self.isTable = isTable
    self.paddingRow = paddingRow
  }

  package convenience init(
    _ name: String, _ shape: [Int], _ value: Buffer, isTable: Bool = false, paddingRow: Int32? = nil
  ) {
    self.init(name, shape, .dense(value), isTable: isTable, paddingRow: paddingRow)
  }

  package var count: Int { storage.count }

  /// Bytes of the values as they are kept.
  package var bytes: Int {
    switch storage {
    case .dense: count * MemoryLayout<Float>.stride
    case .quantized(let matrix, _): matrix.bytes.count
    }
  }

  /// Whether only what is read of it comes into memory.
  package var isMapped: Bool {
    switch storage {
    case .dense(let buffer): buffer.isBorrowed
    case .quantized: true
    }
  }

  package var isQuantized: Bool { if case .quantized = storage { true } else { false } }

  /// Whether training changes it. Never what is quantised.
  package var isTrained: Bool {
    get { wantsTraining && !isQuantized }
    set { wantsTraining = newValue }
  }

  /// Its values as floats: of a quantised matrix a copy, made each time.
  package var value: Buffer {
    get {
      switch storage {
      case .dense(let buffer): buffer
      case .quantized(let matrix, false): matrix.dequantized
      case .quantized(let matrix, true): matrix.dequantized.transposed(rows: matrix.rows, columns: matrix.width)
      }
    }
    set {
      storage = .dense(newValue)
      packed = nil
    }
  }

  /// Its values for a forward trip, recorded while it has joined a tape.
  package var tensor: Tensor { Tensor(shape, value, node: node) }

  /// The same for products and gathers, which take a quantised matrix as it is.
  package var operand: MatrixOperand {
    switch storage {
    case .dense: packed.map { .packed($0) } ?? .dense(tensor)
    case .quantized(let matrix, _): .quantized(matrix)
    }
  }

  /// Says that it is used from now on and not trained: products may keep its values a second time, in their own order.
  /// Ends when it joins a tape or gets other values.
  /// - Parameter rounding: makes its products 8-bit arithmetic
  package func settle(_ rounding: ByteRounding? = nil) {
    guard case .dense(let buffer) = storage, shape.count == 2, node == nil else { return }
    self.rounding = rounding
    packed = isTable && rounding == nil ? nil : PackedMatrix(Tensor(shape, buffer), rounding)
  }

  /// Takes part in one training step, with an empty gradient.
  package func join(_ tape: Tape) {
    guard isTrained else { return }
    packed = nil
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

extension Parameter.Storage {
  package var count: Int {
    switch self {
    case .dense(let buffer): buffer.count
    case .quantized(let matrix, _): matrix.count
    }
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
