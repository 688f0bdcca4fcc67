import CKernels

/// Columns of every row.
/// - Returns: [rows, columns.count]
package func slice(_ x: Tensor, columns: Range<Int>) -> Tensor {
  precondition(columns.lowerBound >= 0 && columns.upperBound <= x.width, "a slice must be inside its tensor")
  let (rows, width) = (x.rows, columns.count)
  let tape = Tape.of(x)
  let out = Tensor([rows, width], on: tape)
  for row in 0..<rows {
    (out.pointer + row * width).update(from: x.pointer + row * x.width + columns.lowerBound, count: width)
  }
  tape?.record(out) { [node = x.node, whole = x.width] gradient in
    guard let sum = node?.zeroedSlot() else { return }
    for row in 0..<rows {
      attune_accumulate(sum + row * whole + columns.lowerBound, gradient.base + row * width, width)
    }
  }
  return out
}

/// Tensors of equal rows side by side.
/// - Returns: [rows, sum of widths]
package func concatenate(_ parts: [Tensor]) -> Tensor {
  let (rows, total) = (parts[0].rows, parts.reduce(0) { $0 + $1.width })
  precondition(parts.allSatisfy { $0.rows == rows }, "only tensors of equal rows stand side by side")
  let tape = parts.lazy.compactMap { Tape.of($0) }.first
  let out = Tensor([rows, total], on: tape)
  var start = 0
  for part in parts {
    for row in 0..<rows {
      (out.pointer + row * total + start).update(from: part.pointer + row * part.width, count: part.width)
    }
    start += part.width
  }
  tape?.record(out) { gradient in
    var start = 0
    for part in parts {
      if let sum = part.node?.zeroedSlot() {
        for row in 0..<rows {
          attune_accumulate(sum + row * part.width, gradient.base + row * total + start, part.width)
        }
      }
      start += part.width
    }
  }
  return out
}

/// The mean of each sequence's rows.
/// - Parameter boundaries: where sequences start, and the end of the last: [0, …, tokens]. No sequence is empty.
/// - Returns: [sequences, width]
package func mean(_ x: Tensor, boundaries: [Int]) -> Tensor {
  let (sequences, width) = (boundaries.count - 1, x.width)
  let tape = Tape.of(x)
  let out = Tensor([sequences, width], on: tape)
  attune_fill(out.pointer, 0, out.count)
  for sequence in 0..<sequences {
    let span = boundaries[sequence]..<boundaries[sequence + 1]
    for row in span {
      attune_accumulate_scaled(out.pointer + sequence * width, x.pointer + row * width, 1 / Float(span.count), width)
    }
  }
  tape?.record(out) { gradient in
    guard let sum = x.node?.zeroedSlot() else { return }
    for sequence in 0..<sequences {
      let span = boundaries[sequence]..<boundaries[sequence + 1]
      for row in span {
        attune_accumulate_scaled(sum + row * width, gradient.base + sequence * width, 1 / Float(span.count), width)
      }
    }
  }
  return out
}
