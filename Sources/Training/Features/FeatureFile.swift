import Checkpoints
import Foundation

/// Examples in a file, mapped: any of them is read without the others, and memory stays small.
///
/// Layout, in the machine's byte order: blocks of up to 1,024 examples; a description as JSON; its offset (8 bytes);
/// the SHA-256 of all before as 64 digits; the format's name. A block is a table of an offset, a count of tokens (the
/// highest bit: types follow) and a row for each example, 4 bytes each, then for each example its target and its ids.
final class FeatureFile: ExampleSource {
  static let signature = Array("attune.1".utf8)
  static let blockSize = 1024
  static let entrySize = 12
  static let hasTypes: UInt32 = 1 << 31

  /// What the file holds and was made from.
  struct Description: Codable, Equatable {
    /// The data file.
    var source: String
    var key: String
    var facts: FeatureFacts
    var shape: ExampleShape
    /// Where each block begins.
    var blocks: [Int]
  }

  let description: Description
  var facts: FeatureFacts { description.facts }
  var count: Int { description.facts.examples }
  private let file: MappedFile
  /// Bytes that may have come into memory since pages were last given back.
  private var touched = 0
  private var lastBlock = -1
  /// What one page that is asked for may bring with it: the system maps its neighbours, too.
  private static let reach = 1 << 16

  /// nil when the file is not there, is damaged, or was made by another version.
  init?(_ url: URL) {
    guard let file = try? MappedFile(url), let description = Self.describe(file) else { return nil }
    self.file = file
    self.description = description
  }

  func length(_ index: Int) -> Int { entry(index).tokens }
  func row(_ index: Int) -> Int { entry(index).row }

  func example(_ index: Int) -> Example {
    let entry = entry(index)
    let shape = description.shape
    return file.withBytes { bytes in
      var reader = ByteReader(bytes: UnsafeRawBufferPointer(bytes), place: entry.place)
      let target = shape.target(&reader, tokens: entry.tokens)
      let ids =
        shape.hasWideIDs ? reader.integers(entry.tokens, UInt32.self) : reader.integers(entry.tokens, UInt16.self)
      let types =
        entry.hasTypes ? reader.integers(entry.tokens, UInt8.self) : [Int32](repeating: 0, count: entry.tokens)
      touch(max(Self.reach, reader.place - entry.place))
      return Example(ids: ids, typeIDs: types, target: target, row: entry.row)
    }
  }

  private func entry(_ index: Int) -> (place: Int, tokens: Int, hasTypes: Bool, row: Int) {
    precondition(index >= 0 && index < count)
    if index / Self.blockSize != lastBlock {
      lastBlock = index / Self.blockSize
      touch(Self.reach)
    }
    let block = description.blocks[index / Self.blockSize]
    return file.withBytes { bytes in
      var reader = ByteReader(
        bytes: UnsafeRawBufferPointer(bytes), place: block + index % Self.blockSize * Self.entrySize)
      let (offset, tokens, row) = (reader.next(UInt32.self), reader.next(UInt32.self), reader.next(UInt32.self))
      return (block + Int(offset), Int(tokens & ~Self.hasTypes), tokens & Self.hasTypes != 0, Int(row))
    }
  }

  /// Gives all pages back once 32 MB came in: what is read again comes from the system's own cache.
  private func touch(_ bytes: Int) {
    touched += bytes
    if touched > 32 << 20 {
      file.forget(0..<file.count)
      touched = 0
    }
  }

  /// The description, when the whole file is as it was written.
  private static func describe(_ file: MappedFile) -> Description? {
    let tail = 8 + 64 + signature.count
    guard file.count > tail else { return nil }
    return file.withBytes { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      let end = file.count - tail
      guard bytes.suffix(signature.count).elementsEqual(signature) else { return nil }
      guard let begin = Int(exactly: bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)),
        (0...end).contains(begin)
      else { return nil }
      let digits = bytes[(end + 8)..<(end + 72)]
      guard hash(file, upTo: end + 8).utf8.elementsEqual(digits) else { return nil }
      return try? JSONDecoder().decode(Description.self, from: Data(bytes[begin..<end]))
    }
  }

  private static func hash(_ file: MappedFile, upTo end: Int) -> String {
    var hash = SHA256()
    for begin in stride(from: 0, to: end, by: 1 << 24) {
      let range = begin..<min(begin + 1 << 24, end)
      file.withBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[range])) }
      file.forget(range)
    }
    return hash.hex()
  }
}

/// Takes numbers from bytes one after the other.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  var place: Int

  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number {
    precondition(place >= 0 && place + MemoryLayout<Number>.size <= bytes.count)
    defer { place += MemoryLayout<Number>.size }
    return bytes.loadUnaligned(fromByteOffset: place, as: Number.self)
  }

  mutating func integers<Number: FixedWidthInteger & BitwiseCopyable>(_ count: Int, _: Number.Type) -> [Int32] {
    (0..<count).map { _ in Int32(truncatingIfNeeded: next(Number.self)) }
  }
}
