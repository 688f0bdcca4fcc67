import CKernels

/// A table and the row of it that each token takes.
package struct Lookup {
  package let table: Tensor
  package let rows: [Int32]
  /// A row that gets no gradient (`padding_idx`).
  package let paddingRow: Int32?

  package init(_ table: Tensor, _ rows: [Int32], paddingRow: Int32? = nil) {
    self.table = table
    self.rows = rows
    self.paddingRow = paddingRow
  }
}

/// The sum of one row from each table, for every token. Rows must be inside their tables.
/// - Returns: [tokens, width]
package func gather(_ lookups: [Lookup]) -> Tensor {
  let (width, tokens) = (lookups[0].table.width, lookups[0].rows.count)
  precondition(
    lookups.allSatisfy { lookup in
      lookup.table.width == width && lookup.rows.count == tokens
        && lookup.rows.allSatisfy { $0 >= 0 && Int($0) < lookup.table.rows }
    }, "a gathered row must be in its table")
  let tape = lookups.lazy.compactMap { Tape.of($0.table) }.first
  let out = Tensor([tokens, width], on: tape)
  parallel(tokens, chunk: 256) { part in
    for token in part {
      let row = out.pointer + token * width
      row.update(from: lookups[0].table.pointer + Int(lookups[0].rows[token]) * width, count: width)
      for lookup in lookups.dropFirst() {
        attune_accumulate(row, lookup.table.pointer + Int(lookup.rows[token]) * width, width)
      }
    }
  }
  tape?.record(out) { gradient in
    for lookup in lookups {
      lookup.table.node?.addRows(lookup.rows, gradient, width: width, ignoring: lookup.paddingRow)
    }
  }
  return out
}

/// The rows of `x` that `rows` names, in that order, such as the first token of every sequence.
package func gather(_ x: Tensor, _ rows: [Int32]) -> Tensor { gather([Lookup(x, rows)]) }
