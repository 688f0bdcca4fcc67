/// The weight of a linear map or a table of rows: dense, packed for products, or quantised and taken as it is.
package enum MatrixOperand {
  /// [rows, width]: [out, in] of a linear map
  case dense(Tensor)
  /// [width, rows], as GPT-2 keeps its maps
  case transposed(Tensor)
  /// The same as dense, of a weight that is not trained.
  case packed(PackedMatrix)
  case quantized(QuantizedMatrix)

  package var rows: Int {
    switch self {
    case .dense(let tensor): tensor.shape[0]
    case .transposed(let tensor): tensor.width
    case .packed(let matrix): matrix.tensor.rows
    case .quantized(let matrix): matrix.rows
    }
  }

  package var width: Int {
    switch self {
    case .dense(let tensor): tensor.width
    case .transposed(let tensor): tensor.shape[0]
    case .packed(let matrix): matrix.tensor.width
    case .quantized(let matrix): matrix.width
    }
  }

  /// The same, of a tensor that lies the other way. Quantised matrices never do.
  package var transposed: MatrixOperand {
    switch self {
    case .dense(let tensor): .transposed(tensor)
    case .transposed(let tensor): .dense(tensor)
    case .packed(let matrix): .transposed(matrix.tensor)
    case .quantized: self
    }
  }

  private var tensor: Tensor? {
    switch self {
    case .dense(let tensor), .transposed(let tensor): tensor
    case .packed(let matrix): matrix.tensor
    case .quantized: nil
    }
  }

  /// Where gradients of a dense weight gather.
  var node: Node? { tensor?.node }
  var tape: Tape? { Tape.of(tensor) }
}
