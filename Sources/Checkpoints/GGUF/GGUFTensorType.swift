import Tensors

/// The element types of GGUF tensors: plain numbers, or blocks of quantised weights.
package enum GGUFTensorType: Sendable, Equatable {
  case elements(ElementType)
  case blocks(BlockFormat)

  /// By ggml's numbers (`enum ggml_type`). Types that are not here are refused by name of the tensor.
  static let byNumber: [UInt32: GGUFTensorType] = [
    0: .elements(.f32), 1: .elements(.f16), 30: .elements(.bf16), 28: .elements(.f64),
    24: .elements(.i8), 25: .elements(.i16), 26: .elements(.i32), 27: .elements(.i64),
    2: .blocks(.q40), 3: .blocks(.q41), 6: .blocks(.q50), 7: .blocks(.q51), 8: .blocks(.q80),
    12: .blocks(.q4K), 13: .blocks(.q5K), 14: .blocks(.q6K),
  ]

  /// The number in a file.
  var number: UInt32 { GGUFTensorType.byNumber.first { $0.value == self }?.key ?? 0 }

  package var name: String {
    switch self {
    case .elements(let type): type.rawValue
    case .blocks(let format): format.rawValue
    }
  }

  /// Elements that lie together; rows are whole multiples of it.
  var blockCount: Int {
    switch self {
    case .elements: 1
    case .blocks(let format): format.blockCount
    }
  }

  /// What so many elements take; nil where no memory holds them.
  func bytes(_ count: Int) -> Int? {
    let (bytes, overflow) = (count / blockCount).multipliedReportingOverflow(by: blockBytes)
    return overflow || bytes > 1 << 56 ? nil : bytes
  }

  var blockBytes: Int {
    switch self {
    case .elements(let type): type.width
    case .blocks(let format): format.blockBytes
    }
  }
}
