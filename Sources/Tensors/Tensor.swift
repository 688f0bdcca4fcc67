/// A dense array of 32-bit floats in row-major order.
///
/// `node` is where its gradient gathers; it is nil unless an input was recorded on a `Tape`.
package struct Tensor {
  package let shape: [Int]
  package let buffer: Buffer
  package let node: Node?

  package init(_ shape: [Int], _ buffer: Buffer, node: Node? = nil) {
    precondition(shape.reduce(1, *) == buffer.count, "a tensor's shape must fill its buffer")
    self.shape = shape
    self.buffer = buffer
    self.node = node
  }

  /// New memory, not initialised; recorded on `tape` when there is one.
  init(_ shape: [Int], on tape: Tape?) {
    let count = shape.reduce(1, *)
    self.init(shape, Buffer(count: count), node: tape.map { Node($0, count: count) })
  }

  package init(_ shape: [Int], _ values: [Float]) {
    let buffer = Buffer(count: values.count)
    values.withUnsafeBufferPointer {
      if let base = $0.baseAddress { buffer.base.update(from: base, count: values.count) }
    }
    self.init(shape, buffer)
  }

  package var count: Int { buffer.count }
  /// The last dimension.
  package var width: Int { shape.last ?? 1 }
  /// Everything before the last dimension.
  package var rows: Int { width == 0 ? 0 : count / width }
  package var pointer: UnsafeMutablePointer<Float> { buffer.base }

  /// A copy of the values.
  package var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// The value of a tensor with one element, such as a loss.
  package var scalar: Float {
    precondition(count == 1, "only a tensor of one element is a scalar")
    return pointer[0]
  }

  /// The same values under another shape.
  package func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape, buffer, node: node) }

  /// The same values, off the tape.
  package var detached: Tensor { Tensor(shape, buffer) }
}
