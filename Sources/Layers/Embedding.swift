import Tensors

/// A table with one row for each token, position or segment.
package struct Embedding {
  /// [rows, width]
  package let table: Parameter

  package init(_ weights: Weights, rows: Int, width: Int, paddingRow: Int32? = nil) {
    table = weights.parameter("weight", [rows, width], isTable: true, paddingRow: paddingRow)
  }

  /// The rows of these ids, as one term of a `gather`.
  package func callAsFunction(_ ids: [Int32]) -> Lookup { Lookup(table.operand, ids, paddingRow: table.paddingRow) }
}
