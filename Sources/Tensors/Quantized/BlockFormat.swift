/// How weights are packed in blocks that share a scale: ggml's formats, by their names in a file.
///
/// A weight is `scale * quantum + offset`, with one scale and offset for each `group` of neighbours in a row.
package enum BlockFormat: String, CaseIterable, Sendable {
  case q40 = "Q4_0"
  case q41 = "Q4_1"
  case q50 = "Q5_0"
  case q51 = "Q5_1"
  case q80 = "Q8_0"
  case q4K = "Q4_K"
  case q5K = "Q5_K"
  case q6K = "Q6_K"

  /// Weights in a block. The rows of a matrix are whole blocks.
  package var blockCount: Int {
    switch self {
    case .q40, .q41, .q50, .q51, .q80: 32
    case .q4K, .q5K, .q6K: 256
    }
  }

  /// Bytes of a block.
  package var blockBytes: Int {
    switch self {
    case .q40: 2 + 16  // scale, nibbles
    case .q41: 2 + 2 + 16  // scale, offset, nibbles
    case .q50: 2 + 4 + 16  // scale, fifth bits, nibbles
    case .q51: 2 + 2 + 4 + 16
    case .q80: 2 + 32
    case .q4K: 2 + 2 + 12 + 128  // scale and offset of the 6-bit scales and offsets, those, nibbles
    case .q5K: 2 + 2 + 12 + 32 + 128
    case .q6K: 128 + 64 + 16 + 2  // low nibbles, high pairs of bits, 8-bit scales, their scale
    }
  }
}
