import Foundation
import Tensors

/// Writes tensors as a safetensors file that the Python library and `from_pretrained` read.
package enum SafetensorsWriter {
  /// A tensor to be written, row-major. `shape` must describe exactly the elements given.
  package struct Item {
    enum Content {
      case floats(Buffer, offset: Int)
      case halves(Buffer)
      case integers([Int])
    }

    package let name: String
    package let shape: [Int]
    let content: Content

    /// F32, from `offset` floats into `buffer`.
    package init(_ name: String, _ shape: [Int], _ buffer: Buffer, offset: Int = 0) {
      precondition(
        offset >= 0 && offset + shape.reduce(1, *) <= buffer.count, "\(name) is larger than its buffer")
      self.name = name
      self.shape = shape
      content = .floats(buffer, offset: offset)
    }

    /// F16, each value rounded to the nearest.
    package init(_ name: String, _ shape: [Int], halvesOf buffer: Buffer) {
      precondition(shape.reduce(1, *) <= buffer.count, "\(name) is larger than its buffer")
      self.name = name
      self.shape = shape
      content = .halves(buffer)
    }

    /// I64.
    package init(_ name: String, _ shape: [Int], integers: [Int]) {
      precondition(
        shape.reduce(1, *) == integers.count, "\(name) has another number of elements than its shape")
      self.name = name
      self.shape = shape
      content = .integers(integers)
    }

    var type: ElementType {
      switch content {
      case .floats: .f32
      case .halves: .f16
      case .integers: .i64
      }
    }

    var bytes: Int { shape.reduce(1, *) * type.width }
  }

  /// Replaces the file at `url` whole, or leaves it as it was and throws `FileError.cannotWrite`.
  ///
  /// Tensors lie by falling element width and then by name, the data begin at a multiple of 8 bytes.
  package static func write(
    _ items: [Item], metadata: [String: String] = ["format": "pt"], to url: URL
  ) throws(FileError) {
    precondition(Set(items.map(\.name)).count == items.count, "two tensors of one name")
    let ordered = items.sorted { a, b in
      a.type.width == b.type.width ? a.name < b.name : a.type.width > b.type.width
    }
    let header = header(ordered, metadata)
    try AtomicFile.write(to: url) { sink throws(FileError) in
      try sink.write(header)
      for item in ordered {
        switch item.content {
        case .floats(let buffer, let offset):
          try sink.write(UnsafeRawBufferPointer(start: buffer.base + offset, count: item.bytes))
          withExtendedLifetime(buffer) {}
        case .halves(let buffer):
          let count = item.shape.reduce(1, *)
          try sink.write(UnsafeBufferPointer(start: buffer.base, count: count).map(singleToHalf))
        case .integers(let values): try sink.write(values)
        }
      }
    }
  }

  /// The 8 bytes of length and the padded JSON.
  private static func header(_ items: [Item], _ metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for item in items {
      let shape = item.shape.map(String.init).joined(separator: ",")
      let place = "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(offset + item.bytes)]"
      members.append("\(quoted(item.name)):{\"dtype\":\"\(item.type.rawValue)\",\(place)}")
      offset += item.bytes
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
