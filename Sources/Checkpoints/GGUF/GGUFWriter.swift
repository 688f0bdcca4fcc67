import Foundation
import Tensors

/// Writes metadata and tensors as a GGUF file (version 3, little-endian) that llama.cpp reads.
package enum GGUFWriter {
  /// A tensor to be written; its bytes are made when its turn comes.
  package struct Item {
    package let name: String
    package let shape: [Int]
    package let type: GGUFTensorType
    let content: () -> [UInt8]

    /// - Parameters:
    ///   - shape: the slowest dimension first, its last a multiple of the type's block
    ///   - content: exactly the bytes that shape and type need
    package init(_ name: String, _ shape: [Int], _ type: GGUFTensorType, content: @escaping () -> [UInt8]) {
      precondition((shape.last ?? 1) % type.blockCount == 0, "a row of \(name) must be whole blocks")
      self.name = name
      self.shape = shape
      self.type = type
      self.content = content
    }

    var bytes: Int { shape.reduce(1, *) / type.blockCount * type.blockBytes }
  }

  /// Replaces the file at `url` whole, or leaves it as it was and throws `FileError.cannotWrite`.
  package static func write(
    _ items: [Item], metadata: [(key: String, value: GGUFValue)], to url: URL
  ) throws(FileError) {
    precondition(Set(items.map(\.name)).count == items.count, "two tensors of one name")
    let alignment = GGUFHeader.defaultAlignment
    let pairs = metadata.filter { $0.key != GGUFHeader.alignmentKey }
    try AtomicFile.write(to: url) { sink throws(FileError) in
      let header = header(items, pairs, alignment)
      try sink.write(padded(header, alignment))
      for item in items {
        let content = item.content()
        precondition(content.count == item.bytes, "\(item.name) has another number of bytes than its shape")
        try sink.write(padded(content, alignment))
      }
    }
  }

  private static func header(
    _ items: [Item], _ metadata: [(key: String, value: GGUFValue)], _ alignment: Int
  ) -> [UInt8] {
    var bytes = GGUFHeader.magic.littleEndianBytes + UInt32(3).littleEndianBytes
    bytes += UInt64(items.count).littleEndianBytes + UInt64(metadata.count).littleEndianBytes
    for (key, value) in metadata {
      bytes += key.countedBytes + value.type.rawValue.littleEndianBytes + value.payload
    }
    var offset = 0
    for item in items {
      bytes += item.name.countedBytes + UInt32(item.shape.count).littleEndianBytes
      for size in item.shape.reversed() { bytes += UInt64(size).littleEndianBytes }
      bytes += item.type.number.littleEndianBytes + UInt64(offset).littleEndianBytes
      offset += (item.bytes + alignment - 1) / alignment * alignment
    }
    return bytes
  }

  private static func padded(_ bytes: [UInt8], _ alignment: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
  }
}
