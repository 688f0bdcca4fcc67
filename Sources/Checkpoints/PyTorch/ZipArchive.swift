/// The contents of a zip archive as PyTorch writes it: stored, never compressed, with sizes of 64 bits where needed.
///
/// Only the list at the archive's end counts; every place in it is held against the file before it is used.
struct ZipArchive {
  struct Entry: Equatable {
    /// Of the content, in the file.
    let offset: Int
    let count: Int
  }

  private(set) var entries: [String: Entry] = [:]

  private static let mostEntries = 1 << 20

  init(_ bytes: UnsafeRawBufferPointer) throws(PyTorchProblem) {
    let list = try Self.directory(bytes)
    var place = list.offset
    for _ in 0..<list.count {
      let header = try Self.part(bytes, place, 46, "its list of contents")
      guard header.whole(0, UInt32.self) == 0x0201_4b50 else { throw .brokenArchive(part: "its list of contents") }
      let (nameCount, extraCount) = (Int(header.whole(28, UInt16.self)), Int(header.whole(30, UInt16.self)))
      let name = String(decoding: try Self.part(bytes, place + 46, nameCount, "a name"), as: UTF8.self)
      let extra = try Self.part(bytes, place + 46 + nameCount, extraCount, "a name")
      let entry = try Self.entry(name, header, extra, bytes)
      guard entries.updateValue(entry, forKey: name) == nil else { throw .duplicateEntry(name) }
      place += 46 + nameCount + extraCount + Int(header.whole(32, UInt16.self))
    }
  }

  private static func entry(
    _ name: String, _ header: UnsafeRawBufferPointer, _ extra: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer
  ) throws(PyTorchProblem) -> Entry {
    // Bit 0: encrypted. Method 0: stored.
    guard header.whole(8, UInt16.self) & 1 == 0, header.whole(10, UInt16.self) == 0 else {
      throw .compressedEntry(name)
    }
    var stored = UInt64(header.whole(20, UInt32.self))
    var size = UInt64(header.whole(24, UInt32.self))
    var local = UInt64(header.whole(42, UInt32.self))
    // What does not fit into 32 bits stands behind the name, in this order (4.5.3).
    var wide = Self.wideFields(extra)[...]
    for take in [\Fields.size, \.stored, \.local] {
      var fields = Fields(size: size, stored: stored, local: local)
      guard fields[keyPath: take] == 0xFFFF_FFFF else { continue }
      guard let value = wide.popFirst() else { throw .brokenArchive(part: name) }
      fields[keyPath: take] = value
      (size, stored, local) = (fields.size, fields.stored, fields.local)
    }
    guard size == stored else { throw .compressedEntry(name) }
    guard let start = Int(exactly: local), let count = Int(exactly: size) else { throw .brokenArchive(part: name) }
    let head = try part(bytes, start, 30, name)
    guard head.whole(0, UInt32.self) == 0x0403_4b50 else { throw .brokenArchive(part: name) }
    let offset = start + 30 + Int(head.whole(26, UInt16.self)) + Int(head.whole(28, UInt16.self))
    _ = try part(bytes, offset, count, name)
    return Entry(offset: offset, count: count)
  }

  private struct Fields {
    var size: UInt64
    var stored: UInt64
    var local: UInt64
  }

  /// The numbers of 64 bits in the extra field 1.
  private static func wideFields(_ extra: UnsafeRawBufferPointer) -> [UInt64] {
    var place = 0
    while place + 4 <= extra.count {
      let (kind, count) = (extra.whole(place, UInt16.self), Int(extra.whole(place + 2, UInt16.self)))
      guard place + 4 + count <= extra.count else { return [] }
      if kind == 1 { return (0..<count / 8).map { extra.whole(place + 4 + 8 * $0, UInt64.self) } }
      place += 4 + count
    }
    return []
  }

  /// Where the list of contents begins, and how long it is: from the record at the end (4.3.16, 4.3.14).
  private static func directory(_ bytes: UnsafeRawBufferPointer) throws(PyTorchProblem) -> (offset: Int, count: Int) {
    let fault = PyTorchProblem.brokenArchive(part: "its end")
    var end = bytes.count - 22
    let first = max(0, end - 0xFFFF)
    while end >= first, bytes.whole(end, UInt32.self) != 0x0605_4b50 { end -= 1 }
    guard end >= first, end >= 0 else { throw fault }
    var count = UInt64(bytes.whole(end + 10, UInt16.self))
    var offset = UInt64(bytes.whole(end + 16, UInt32.self))
    if end >= 20, bytes.whole(end - 20, UInt32.self) == 0x0706_4b50 {
      guard let place = Int(exactly: bytes.whole(end - 12, UInt64.self)) else { throw fault }
      let record = try part(bytes, place, 56, "its end")
      guard record.whole(0, UInt32.self) == 0x0606_4b50 else { throw fault }
      (count, offset) = (record.whole(32, UInt64.self), record.whole(48, UInt64.self))
    }
    guard let start = Int(exactly: offset), count <= UInt64(min(mostEntries, bytes.count / 46)) else { throw fault }
    return (start, Int(count))
  }

  private static func part(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ count: Int, _ name: String
  ) throws(PyTorchProblem) -> UnsafeRawBufferPointer {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      throw .brokenArchive(part: name)
    }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }
}

extension UnsafeRawBufferPointer {
  /// A little-endian number; the caller has checked the place.
  fileprivate func whole<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Number.Type) -> Number {
    Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}
