import Tensors

/// The weight of a linear map: dense or quantised, with or without a low-rank addition that is trained in its place.
package struct Matrix {
  /// [out, in], or [in, out] where it is transposed
  package let weight: Parameter
  package let lowRank: LowRankPair?
  package let isTransposed: Bool

  /// As one operand of a product in this pass.
  func affine(_ bias: Parameter?, _ pass: Pass) -> Affine {
    Affine(isTransposed ? weight.operand.transposed : weight.operand, bias?.tensor, lowRank: lowRank?.addition(pass))
  }
}

extension Matrix {
  /// The weight that does alone what weight and addition do together.
  package var merged: Buffer {
    guard let lowRank else { return weight.value }
    let (rows, columns, rank) = (weight.shape[0], weight.shape[1], lowRank.down.shape[0])
    let sum = Buffer(count: weight.count)
    let own = weight.value
    sum.base.update(from: own.base, count: weight.count)
    guard !isTransposed else {
      Products.multiply(
        lowRank.down.value.base, .transposed, rows, lowRank.up.value.base, .transposed, rank, sum.base, columns, rows,
        columns, rank, alpha: lowRank.scale, beta: 1)
      return sum
    }
    Products.multiply(
      lowRank.up.value.base, .plain, rank, lowRank.down.value.base, .plain, columns, sum.base, columns, rows, columns,
      rank,
      alpha: lowRank.scale, beta: 1)
    return sum
  }
}

/// Two thin matrices whose product is added to a frozen weight (LoRA, Hu et al. 2021).
package struct LowRankPair {
  /// [rank, in]; peft's `lora_A`
  package let down: Parameter
  /// [out, rank]; peft's `lora_B`
  package let up: Parameter
  package let scale: Float
  let dropoutRate: Float

  func addition(_ pass: Pass) -> LowRank {
    LowRank(down: down.tensor, up: up.tensor, scale: scale, dropout: pass.mask(rate: dropoutRate))
  }
}
