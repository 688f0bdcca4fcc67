import CKernels
import Checkpoints
import Foundation
import Testing

/// The examples of FIPS 180-4's publisher, and lengths around the block's edges.
@Suite struct SHA256Tests {
  static let examples: [(text: String, digest: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test(arguments: 0..<examples.count) func publishedExamples(index: Int) {
    let (text, digest) = Self.examples[index]
    #expect(SHA256.hex(of: Data(text.utf8)) == digest)
    #expect(portable(Data(text.utf8)) == digest)
  }

  @Test func everyLengthGivesTheSameWithAndWithoutShaInstructions() {
    let bytes = Data((0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    for length in 0...bytes.count {
      #expect(SHA256.hex(of: bytes.prefix(length)) == portable(bytes.prefix(length)), "\(length) bytes")
    }
  }

  @Test func piecesOfAnySizeGiveTheDigestOfTheWhole() {
    let bytes = Data((0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    for step in [1, 3, 63, 64, 65, 200] {
      #expect(portable(bytes, step: step) == SHA256.hex(of: bytes), "in pieces of \(step)")
    }
  }

  @Test func filesAreReadInPieces() throws {
    let folder = try TemporaryFolder()
    let data = Data(repeating: 0x61, count: 2_500_000)
    let url = try folder.write("letters", data)
    var pieces: [Int] = []
    #expect(try SHA256.hex(of: url) { pieces.append($0) } == SHA256.hex(of: data))
    #expect(pieces.count == 3 && pieces.reduce(0, +) == data.count)
    #expect(throws: FileError.missing(path: folder("none").path)) { try SHA256.hex(of: folder("none")) }
  }

  private func portable(_ data: Data, step: Int = .max) -> String {
    var hash = attune_sha256()
    attune_sha256_init_portable(&hash)
    var rest = data
    while !rest.isEmpty {
      let piece = rest.prefix(step)
      piece.withUnsafeBytes { attune_sha256_update(&hash, $0.baseAddress, $0.count) }
      rest = rest.dropFirst(piece.count)
    }
    var digest = [UInt8](repeating: 0, count: 32)
    attune_sha256_final(&hash, &digest)
    return digest.map { String(($0 >> 4), radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
