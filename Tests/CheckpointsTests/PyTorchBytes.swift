import Foundation

/// Pickles of tensors, written by hand.
enum PickleBytes {
  /// `OrderedDict`-free: a dictionary of these.
  static func state(_ members: [(String, [UInt8])]) -> [UInt8] {
    [0x80, 2, 0x7d, 0x28] + members.flatMap { text($0.0) + $0.1 } + Array("u.".utf8)
  }

  /// `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())`
  static func tensor(
    _ key: String, shape: [Int], strides: [Int]? = nil, offset: Int = 0, count: Int = 4
  ) -> [UInt8] {
    let rows = strides ?? shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    let storage: [UInt8] =
      [0x28] + text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text(key) + text("cpu") + whole(count)
      + Array("tQ".utf8)
    return Array("ctorch._utils\n_rebuild_tensor_v2\n(".utf8) + storage + whole(offset) + tuple(shape) + tuple(rows)
      + [0x89] + Array("ccollections\nOrderedDict\n)RtR".utf8)
  }

  static func text(_ text: String) -> [UInt8] {
    [0x58] + bytes(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  private static func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(whole) + [0x74] }
  private static func whole(_ value: Int) -> [UInt8] { [0x8a, 8] + bytes(UInt64(bitPattern: Int64(value))) }
  static func bytes<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// Zip archives, written by hand.
enum ZipBytes {
  /// What `torch.save` makes of a pickle and storages of floats.
  static func checkpoint(_ pickle: [UInt8], _ storages: [String: [Float]]) -> Data {
    archive(
      [("archive/data.pkl", Data(pickle))]
        + storages.map { ("archive/data/\($0.key)", $0.value.withUnsafeBytes { Data($0) }) })
  }

  static func archive(_ entries: [(String, Data)], method: UInt16 = 0) -> Data {
    var (data, list) = (Data(), Data())
    for (name, content) in entries {
      let sizes = PickleBytes.bytes(UInt32(content.count)) + PickleBytes.bytes(UInt32(content.count))
      let shared =
        PickleBytes.bytes(UInt16(0)) + PickleBytes.bytes(method) + [0, 0, 0, 0] + [0, 0, 0, 0] + sizes
        + PickleBytes.bytes(UInt16(name.utf8.count)) + [0, 0]
      let start = UInt32(data.count)
      data += Data([0x50, 0x4b, 3, 4, 20, 0] + shared) + Data(name.utf8) + content
      list += Data(
        [0x50, 0x4b, 1, 2, 20, 0, 20, 0] + shared + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + PickleBytes.bytes(start))
      list += Data(name.utf8)
    }
    let count = PickleBytes.bytes(UInt16(entries.count))
    let end: [UInt8] =
      [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count + PickleBytes.bytes(UInt32(list.count))
      + PickleBytes.bytes(UInt32(data.count)) + [0, 0]
    return data + list + Data(end)
  }
}
