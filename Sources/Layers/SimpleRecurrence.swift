import Tensors

/// A recurrent unit in place of a decoder's attention to what it has written: one cell for each column, which forgets by a
/// gate (the SSRU of Kim et al. 2019).
package struct SimpleRecurrence {
  /// Places of its two maps.
  package struct Names: Sendable {
    package let input, forget: String

    package init(input: String, forget: String) {
      self.input = input
      self.forget = forget
    }
  }

  let input, forget: Linear
  /// Its place among the blocks, for the cache.
  let layer: Int

  package init(_ weights: Weights, _ names: Names, width: Int, layer: Int) {
    input = Linear(weights(names.input), in: width, out: width, hasBias: false)
    forget = Linear(weights(names.forget), in: width, out: width)
    self.layer = layer
  }

  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let joint = linear(x, [forget.affine(pass), input.affine(pass)])  // [tokens, 2 width]
    let starts = pass.cache?.last(before: pass.boundaries, width: x.width, layer: layer)
    let cells = recurrence(joint, boundaries: pass.boundaries, starts: starts)  // [tokens, width]
    _ = pass.cache?.store(Columns(cells, from: 0), width: x.width, layer: layer)
    return Activation.relu(cells)
  }
}
