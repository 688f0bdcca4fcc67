import CKernels

/// What is added to a linear map: scale * up(down(dropout(x))), of a rank far below its width (LoRA, Hu et al. 2021).
package struct LowRank {
  /// [rank, in]
  package let down: Tensor
  /// [out, rank]
  package let up: Tensor
  package let scale: Float
  /// Dropout of x on its way into `down` alone.
  package let mask: DropoutMask?

  package init(down: Tensor, up: Tensor, scale: Float, dropout mask: DropoutMask? = nil) {
    precondition(down.shape[0] == up.shape[1], "both halves of a low-rank pair must have its rank")
    self.down = down
    self.up = up
    self.scale = scale
    self.mask = mask
  }

  private var rank: Int { down.shape[0] }

  /// The input of `down`; made again on the way back instead of being kept.
  private func input(_ x: Tensor) -> Buffer {
    guard let mask else { return x.buffer }
    let dropped = Buffer(count: x.count)
    applyDropout(x.buffer, dropped, mask, rows: x.rows, width: x.width)
    return dropped
  }

  /// down(dropout(x)), [tokens, rank]
  func reduce(_ x: Tensor) -> Buffer {
    let (tokens, inner, input) = (x.rows, x.width, input(x))
    let reduced = Buffer(count: max(1, tokens * rank))
    parallel(tokens, chunk: LowRank.chunk) { rows in
      Products.multiply(
        input.base + rows.lowerBound * inner, .plain, inner, down.pointer, .transposed, inner,
        reduced.base + rows.lowerBound * rank, rank, rows.count, rank, inner)
    }
    return reduced
  }

  /// Adds scale * up(reduced) for these rows and columns to `part`, whose rows are `stride` floats apart.
  func expand(
    _ reduced: Buffer, _ part: UnsafeMutablePointer<Float>, _ stride: Int, _ rows: Range<Int>, _ columns: Range<Int>
  ) {
    Products.multiply(
      reduced.base + rows.lowerBound * rank, .plain, rank, up.pointer + columns.lowerBound * rank, .transposed, rank,
      part, stride, rows.count, columns.count, rank, alpha: scale, beta: 1)
  }

  /// Gradients into x and both halves, from `flow` [tokens, width] with `stride` floats a row.
  func flowBack(_ x: Tensor, _ reduced: Buffer, _ flow: UnsafeMutablePointer<Float>, _ stride: Int, _ width: Int) {
    let (tokens, inner) = (x.rows, x.width)
    if let node = up.node {
      let (sum, beta) = node.slot()
      Cut(width, rank, tokens).forEach(width, rank) { rows, columns in
        Products.multiply(
          flow + rows.lowerBound, .transposed, stride, reduced.base + columns.lowerBound, .plain, rank,
          sum + rows.lowerBound * rank + columns.lowerBound, rank, rows.count, columns.count, tokens, alpha: scale,
          beta: beta)
      }
    }
    guard down.node != nil || x.node != nil else { return }
    let reducedFlow = Buffer(count: max(1, tokens * rank))
    parallel(tokens, chunk: LowRank.chunk) { rows in
      Products.multiply(
        flow + rows.lowerBound * stride, .plain, stride, up.pointer, .plain, rank,
        reducedFlow.base + rows.lowerBound * rank, rank, rows.count, rank, width, alpha: scale)
    }
    if let node = down.node {
      let (sum, beta) = node.slot()
      let input = input(x)
      Cut(rank, inner, tokens).forEach(rank, inner) { rows, columns in
        Products.multiply(
          reducedFlow.base + rows.lowerBound, .transposed, rank, input.base + columns.lowerBound, .plain, inner,
          sum + rows.lowerBound * inner + columns.lowerBound, inner, rows.count, columns.count, tokens, beta: beta)
      }
    }
    guard let node = x.node else { return }
    func spread(into sum: UnsafeMutablePointer<Float>, beta: Float) {
      parallel(tokens, chunk: LowRank.chunk) { rows in
        Products.multiply(
          reducedFlow.base + rows.lowerBound * rank, .plain, rank, down.pointer, .plain, inner,
          sum + rows.lowerBound * inner, inner, rows.count, inner, rank, beta: beta)
      }
    }
    guard let mask else {
      let (sum, beta) = node.slot()
      return spread(into: sum, beta: beta)
    }
    let part = Buffer(count: x.count)
    spread(into: part.base, beta: 0)
    applyDropout(part, part, mask, rows: tokens, width: inner)
    node.add(part)
  }

  /// Rows that one thread takes at a time.
  private static let chunk = 256
}
