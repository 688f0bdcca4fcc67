import Tensors

/// Multi-head self-attention with its output projection.
package struct SelfAttention {
  /// Names of the four projections below the layer's place.
  package struct Names: Sendable {
    package let query, key, value, output: String

    package init(query: String, key: String, value: String, output: String) {
      self.query = query
      self.key = key
      self.value = value
      self.output = output
    }
  }

  let query, key, value, output: Linear
  let heads: Int
  let headWidth: Int
  let dropoutRate: Float

  package init(_ weights: Weights, _ names: Names, width: Int, heads: Int, dropoutRate: Float) {
    query = Linear(weights(names.query), in: width, out: width)
    key = Linear(weights(names.key), in: width, out: width)
    value = Linear(weights(names.value), in: width, out: width)
    output = Linear(weights(names.output), in: width, out: width)
    self.heads = heads
    headWidth = width / heads
    self.dropoutRate = dropoutRate
  }

  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let width = heads * headWidth
    let shape = AttentionShape(
      heads: heads, headWidth: headWidth, queries: pass.boundaries, memory: pass.boundaries,
      scale: 1 / Float(headWidth).squareRoot())
    let joint = linear(x, [query.affine(pass), key.affine(pass), value.affine(pass)])  // [tokens, 3 width]
    let context = attention(
      Columns(joint, from: 0), Columns(joint, from: width), Columns(joint, from: 2 * width), shape,
      dropout: pass.mask(rate: dropoutRate), watch: pass.watcher?.attentionReceiver(shape))  // [tokens, width]
    return output(context, pass)  // [tokens, width]
  }
}
