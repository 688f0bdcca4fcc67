import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The angles by which each token's queries and keys are turned.
package struct RotaryAngles {
  /// [tokens, half] each
  let cosines, sines: Buffer
  /// Pairs of a head that turn; the columns beyond twice as many stay.
  let half: Int

  /// - Parameters:
  ///   - positions: of each token
  ///   - frequencies: radians that each pair turns from one position to the next
  ///   - magnitude: that the turned pairs are scaled by
  package init(positions: [Int32], frequencies: [Float], magnitude: Float = 1) {
    half = frequencies.count
    cosines = Buffer(count: max(1, positions.count * half))
    sines = Buffer(count: max(1, positions.count * half))
    for (token, position) in positions.enumerated() {
      for (pair, frequency) in frequencies.enumerated() {
        let angle = Float(position) * frequency
        cosines.base[token * half + pair] = magnitude * cosf(angle)
        sines.base[token * half + pair] = magnitude * sinf(angle)
      }
    }
  }
}

/// Turns the first columns of every row, head by head, by the token's angles (Su et al. 2021): pair i is columns i and
/// i + half of a head, as Hugging Face's checkpoints have it. The other columns are copied.
/// - Parameters:
///   - x: [tokens, width]; the columns that turn stand first
///   - heads: how many heads turn, those of queries and of keys
package func rotary(_ x: Tensor, heads: Int, headWidth: Int, _ angles: RotaryAngles) -> Tensor {
  let (rows, width, turned) = (x.rows, x.width, heads * headWidth)
  precondition(turned <= width && 2 * angles.half <= headWidth, "only columns that are there can turn")
  precondition(angles.cosines.count >= rows * angles.half, "every token has its angles")
  let tape = Tape.of(x)
  func turn(_ from: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ direction: Float) {
    parallel(rows, chunk: max(1, (1 << 14) / max(1, width))) { part in
      for row in part {
        let (start, target) = (from + row * width, to + row * width)
        attune_rotate(
          start, angles.cosines.base + row * angles.half, angles.sines.base + row * angles.half, direction, target,
          heads, headWidth, angles.half)
        (target + turned).update(from: start + turned, count: width - turned)
      }
    }
  }
  let out = Tensor(x.shape, on: tape)
  turn(x.pointer, out.pointer, 1)
  tape?.record(out) { [node = x.node] gradient in
    guard let node else { return }
    let flow = Buffer(count: gradient.count)
    turn(gradient.base, flow.base, -1)
    node.add(flow)
  }
  return out
}
