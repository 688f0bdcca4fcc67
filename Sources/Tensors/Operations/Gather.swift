import CKernels

/// A table and the row of it that each token takes.
package struct Lookup {
  package let table: MatrixOperand
  package let rows: [Int32]
  /// A row that gets no gradient (`padding_idx`).
  package let paddingRow: Int32?

  package init(_ table: MatrixOperand, _ rows: [Int32], paddingRow: Int32? = nil) {
    self.table = table
    self.rows = rows
    self.paddingRow = paddingRow
  }

  package init(_ table: Tensor, _ rows: [Int32], paddingRow: Int32? = nil) {
    self.init(.dense(table.reshaped([table.rows, table.width])), rows, paddingRow: paddingRow)
  }
}

/// The sum of one row from each table, for every token. Rows must be inside their tables; -1 stands for zeros.
/// - Returns: [tokens, width]
package func gather(_ lookups: [Lookup]) -> Tensor {
  let (width, tokens) = (lookups[0].table.width, lookups[0].rows.count)
  precondition(
    lookups.allSatisfy { lookup in
      lookup.table.width == width && lookup.rows.count == tokens
        && lookup.rows.allSatisfy { $0 >= -1 && Int($0) < lookup.table.rows }
    }, "a gathered row must be in its table")
  let tape = lookups.lazy.compactMap(\.table.tape).first
  let out = Tensor([tokens, width], on: tape)
  parallel(tokens, chunk: 256) { part in
    for token in part {
      let row = out.pointer + token * width
      lookups[0].table.copy(row: Int(lookups[0].rows[token]), to: row)
      for lookup in lookups.dropFirst() { lookup.table.accumulate(row: Int(lookup.rows[token]), into: row) }
    }
  }
  tape?.record(out) { gradient in
    for lookup in lookups {
      lookup.table.node?.addRows(lookup.rows, gradient, width: width, ignoring: lookup.paddingRow)
    }
  }
  return out
}

extension MatrixOperand {
  fileprivate func copy(row: Int, to out: UnsafeMutablePointer<Float>) {
    guard row >= 0 else { return attune_fill(out, 0, width) }
    switch self {
    case .dense(let tensor): out.update(from: tensor.pointer + row * width, count: width)
    case .packed(let matrix): out.update(from: matrix.tensor.pointer + row * width, count: width)
    case .transposed: preconditionFailure("rows are gathered from tables, which are never transposed")
    case .quantized(let matrix): matrix.dequantize(row..<row + 1, into: out)
    }
  }

  fileprivate func accumulate(row: Int, into sum: UnsafeMutablePointer<Float>) {
    guard row >= 0 else { return }
    switch self {
    case .dense(let tensor): attune_accumulate(sum, tensor.pointer + row * width, width)
    case .packed(let matrix): attune_accumulate(sum, matrix.tensor.pointer + row * width, width)
    case .transposed: preconditionFailure("rows are gathered from tables, which are never transposed")
    case .quantized(let matrix):
      let values = Buffer(count: width)
      matrix.dequantize(row..<row + 1, into: values.base)
      attune_accumulate(sum, values.base, width)
    }
  }
}

/// The rows of `x` that `rows` names, in that order, such as the first token of every sequence.
package func gather(_ x: Tensor, _ rows: [Int32]) -> Tensor { gather([Lookup(x, rows)]) }
