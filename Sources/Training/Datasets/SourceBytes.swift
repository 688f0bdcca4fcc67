import Checkpoints
import Foundation

/// A file's bytes where they lie in memory: mapped, so that a large file takes only the pages in use.
struct SourceBytes: RandomAccessCollection, @unchecked Sendable {
  // Nobody writes to the memory, so any thread may read it; `owner` keeps it.
  private let base: UnsafePointer<UInt8>
  private let owner: AnyObject
  let count: Int

  init(_ file: MappedFile) {
    base = UnsafePointer(file.base.assumingMemoryBound(to: UInt8.self))
    count = file.count
    owner = file
  }

  /// A copy, for what is no file that could be mapped.
  init(copying bytes: some Collection<UInt8>) {
    let copy = Copy(bytes)
    base = UnsafePointer(copy.base)
    count = bytes.count
    owner = copy
  }

  var isMapped: Bool { owner is MappedFile }
  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(place: Int) -> UInt8 {
    precondition(place >= 0 && place < count)
    return base[place]
  }

  func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    defer { withExtendedLifetime(owner) {} }
    return try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The first place in `range` that holds `byte`.
  func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    defer { withExtendedLifetime(owner) {} }
    guard let found = memchr(base + range.lowerBound, Int32(byte), range.count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// The first place from `start` on whose byte is one of four; the end where there is none.
  func first(from start: Int, of a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> Int {
    precondition(start >= 0 && start <= count)
    defer { withExtendedLifetime(owner) {} }
    var place = start
    while place < count {
      let byte = base[place]
      if byte == a || byte == b || byte == c || byte == d { return place }
      place += 1
    }
    return count
  }

  /// The bytes of `range` as a string; nil when they are not UTF-8.
  func string(_ range: Range<Int>) -> String? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    defer { withExtendedLifetime(owner) {} }
    let part = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    // Validation that may fail is generic in the library, and costs as much as all else.
    return part.allSatisfy { $0 < 0x80 }
      ? String(decoding: part, as: UTF8.self) : String(validating: part, as: UTF8.self)
  }

  /// Lets go of the pages of a part that was read.
  func forget(_ range: Range<Int>) { (owner as? MappedFile)?.forget(range) }

  private final class Copy {
    let base: UnsafeMutablePointer<UInt8>

    init(_ bytes: some Collection<UInt8>) {
      base = .allocate(capacity: Swift.max(bytes.count, 1))
      _ = UnsafeMutableBufferPointer(start: base, count: bytes.count).initialize(from: bytes)
    }

    deinit { base.deallocate() }
  }
}
