import Tensors

/// The four projections of an attention: of queries, keys, values and the output.
package struct AttentionNames: Sendable {
  /// One map for each, or one for all three side by side.
  package enum Inputs: Sendable {
    case separate(query: String, key: String, value: String)
    case joint(String)
  }

  package let inputs: Inputs
  package let output: String

  package init(query: String, key: String, value: String, output: String) {
    inputs = .separate(query: query, key: key, value: value)
    self.output = output
  }

  package init(joint: String, output: String) {
    inputs = .joint(joint)
    self.output = output
  }

  /// Places of the maps.
  package var places: [String] {
    switch inputs {
    case .separate(let query, let key, let value): [query, key, value, output]
    case .joint(let joint): [joint, output]
    }
  }
}

/// Multi-head attention of a sequence to itself, with its output projection.
package struct SelfAttention {
  /// Their outputs side by side are queries, keys and values.
  let inputs: [Linear]
  let output: Linear
  let shape: StackShape
  let scale: Float
  let isCausal: Bool
  let dropoutRate: Float
  /// Its place among the blocks, for the cache.
  let layer: Int

  package init(
    _ weights: Weights, _ names: AttentionNames, _ shape: StackShape, _ style: BlockStyle, layer: Int, isCausal: Bool
  ) {
    let (queries, memory) = (shape.heads * shape.headWidth, shape.memoryHeads * shape.headWidth)
    func map(_ name: String, _ out: Int) -> Linear {
      Linear(
        weights(name), in: shape.width, out: out, hasBias: style.hasQueryBias, isTransposed: style.isTransposed)
    }
    switch names.inputs {
    case .separate(let query, let key, let value): inputs = [map(query, queries), map(key, memory), map(value, memory)]
    case .joint(let joint): inputs = [map(joint, queries + 2 * memory)]
    }
    output = Linear(
      weights(names.output), in: queries, out: shape.width, hasBias: style.hasOutputBias,
      isTransposed: style.isTransposed)
    self.shape = shape
    scale = style.scoreScale(headWidth: shape.headWidth, layer: layer)
    self.isCausal = isCausal
    dropoutRate = style.attentionDropout
    self.layer = layer
  }

  /// - Parameter asked: the rows that ask; nil: all
  /// - Returns: [asked or tokens, width]
  package func callAsFunction(
    _ x: Tensor, _ pass: Pass, _ places: TokenPlaces, asked: AskedRows? = nil
  ) -> Tensor {
    let (query, key) = columns(x, pass, places, asked)
    let value = Columns(key.tensor, from: key.start + shape.memoryHeads * shape.headWidth)
    let attentionShape = AttentionShape(
      heads: shape.heads, memoryHeads: shape.memoryHeads, headWidth: shape.headWidth,
      queries: asked?.boundaries ?? pass.boundaries, memory: pass.cache?.memory ?? pass.ownMemory, scale: scale,
      isCausal: isCausal)
    let context = attention(
      query, key, value, attentionShape, bias: places.bias, dropout: pass.mask(rate: dropoutRate),
      watch: pass.watcher?.receiver(attentionShape, \.attentions))  // [asked or tokens, queries]
    return output(context, pass)
  }

  /// Queries, and keys with the values beside them.
  private func columns(
    _ x: Tensor, _ pass: Pass, _ places: TokenPlaces, _ asked: AskedRows?
  ) -> (query: Columns, key: Columns) {
    let (queries, memory) = (shape.heads * shape.headWidth, shape.memoryHeads * shape.headWidth)
    if let asked {
      let source = linear(x, inputs.dropFirst().map { $0.affine(pass) })  // [tokens, 2 memory]
      return (Columns(inputs[0](gather(x, asked.rows), pass), from: 0), Columns(source, from: 0))
    }
    var joint = linear(x, inputs.map { $0.affine(pass) })  // [tokens, queries + 2 memory]
    if let angles = places.angles {
      joint = rotary(joint, heads: shape.heads + shape.memoryHeads, headWidth: shape.headWidth, angles)
    }
    // Keys and values stand behind the queries; a cache has them alone, and those of earlier passes before them.
    let cached = pass.cache?.store(Columns(joint, from: queries), width: 2 * memory, layer: layer)
    return (Columns(joint, from: 0), cached.map { Columns($0, from: 0) } ?? Columns(joint, from: queries))
  }
}

/// Multi-head attention of a sequence to an encoder's hidden states, with its output projection.
package struct CrossAttention {
  let query: Linear
  /// Their outputs side by side are keys and values.
  let inputs: [Linear]
  let output: Linear
  let shape: StackShape
  let scale: Float
  let dropoutRate: Float
  let layer: Int

  package init(_ weights: Weights, _ names: AttentionNames, _ shape: StackShape, _ style: BlockStyle, layer: Int) {
    guard case .separate(let query, let key, let value) = names.inputs else {
      preconditionFailure("queries and keys of a cross-attention come from two places")
    }
    let inner = shape.heads * shape.headWidth
    func map(_ name: String, _ from: Int, _ to: Int, _ hasBias: Bool) -> Linear {
      Linear(weights(name), in: from, out: to, hasBias: hasBias, isTransposed: style.isTransposed)
    }
    self.query = map(query, shape.width, inner, style.hasQueryBias)
    inputs = [key, value].map { map($0, shape.width, inner, style.hasQueryBias) }
    output = map(names.output, inner, shape.width, style.hasOutputBias)
    self.shape = shape
    scale = style.scoreScale(headWidth: shape.headWidth, layer: layer)
    dropoutRate = style.attentionDropout
    self.layer = layer
  }

  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard let memory = pass.memory else { preconditionFailure("a cross-attention's pass carries a memory") }
    let inner = shape.heads * shape.headWidth
    func joint() -> Tensor { linear(memory.hidden, inputs.map { $0.affine(pass) }) }  // [memory tokens, 2 inner]
    let source = pass.cache?.crossing(layer: layer, joint) ?? joint()
    let attentionShape = AttentionShape(
      heads: shape.heads, headWidth: shape.headWidth, queries: pass.boundaries,
      memory: memory.rows(pass.cache?.sources), scale: scale)
    let context = attention(
      Columns(query(x, pass), from: 0), Columns(source, from: 0), Columns(source, from: inner), attentionShape,
      dropout: pass.mask(rate: dropoutRate),
      watch: pass.watcher?.receiver(attentionShape, \.crossAttentions))  // [tokens, inner]
    return output(context, pass)  // [tokens, width]
  }
}
