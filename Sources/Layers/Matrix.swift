import Tensors

/// The weight of a linear map: dense, with or without a low-rank addition that is trained in its place.
package struct Matrix {
  /// [out, in]
  package let weight: Parameter
  package let lowRank: LowRankPair?

  /// As one operand of a product in this pass.
  func affine(_ bias: Parameter?, _ pass: Pass) -> Affine {
    Affine(weight.tensor, bias?.tensor, lowRank: lowRank?.addition(pass))
  }
}

extension Matrix {
  /// The weight that does alone what weight and addition do together.
  package var merged: Buffer {
    guard let lowRank else { return weight.value }
    let (out, inner, rank) = (weight.shape[0], weight.shape[1], lowRank.down.shape[0])
    let sum = Buffer(count: weight.count)
    sum.base.update(from: weight.value.base, count: weight.count)
    Products.multiply(
      lowRank.up.value.base, .plain, rank, lowRank.down.value.base, .plain, inner, sum.base, inner, out, inner, rank,
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
