import CKernels
import Foundation

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits: of bytes that are at hand, or as they come.
package struct SHA256 {
  private var hash = attune_sha256()

  package init() { attune_sha256_init(&hash) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    attune_sha256_update(&hash, bytes.baseAddress, bytes.count)
  }

  /// The digits of all bytes so far; call it once.
  package mutating func hex() -> String { Self.finish(&hash) }

  package static func hex(of data: Data) -> String {
    var hash = attune_sha256()
    attune_sha256_init(&hash)
    data.withUnsafeBytes { attune_sha256_update(&hash, $0.baseAddress, $0.count) }
    return finish(&hash)
  }

  /// Reads the file in pieces of a megabyte. `advance` hears the size of each; it may stop the reading by
  /// throwing.
  package static func hex(of url: URL, advance: (Int) throws -> Void = { _ in }) throws -> String {
    let path = url.path
    let (descriptor, code) = systemCall { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError.reading(path, code) }
    defer { close(descriptor) }
    var hash = attune_sha256()
    attune_sha256_init(&hash)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let (count, code) = systemCall { read(descriptor, piece.baseAddress, piece.count) }
      guard count >= 0 else { throw FileError.reading(path, code) }
      if count == 0 { return finish(&hash) }
      attune_sha256_update(&hash, piece.baseAddress, count)
      try advance(count)
    }
  }

  private static func finish(_ hash: inout attune_sha256) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    attune_sha256_final(&hash, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
