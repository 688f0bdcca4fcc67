import Foundation

/// The name that git gives to a file's content, by which the hub tags files that are not in its store of large ones:
/// SHA-1 (FIPS 180-4) of the content behind its length. It finds damage; nothing here trusts it against forgery.
package enum GitBlob {
  package static func hex(of content: Data) -> String {
    var hash = SHA1()
    hash.update(Data("blob \(content.count)\0".utf8) + content)
    return hash.hex
  }
}

private struct SHA1 {
  private var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]

  /// Takes all of the message at once.
  mutating func update(_ message: Data) {
    var padded = [UInt8](message)
    let bits = UInt64(message.count) * 8
    padded.append(0x80)
    while padded.count % 64 != 56 { padded.append(0) }
    withUnsafeBytes(of: bits.bigEndian) { padded.append(contentsOf: $0) }
    padded.withUnsafeBytes { bytes in
      var words = [UInt32](repeating: 0, count: 80)
      for start in stride(from: 0, to: bytes.count, by: 64) { block(bytes, start, &words) }
    }
  }

  private mutating func block(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ words: inout [UInt32]) {
    func turned(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
    for i in 0..<16 {
      words[i] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * i, as: UInt32.self))
    }
    for i in 16..<80 { words[i] = turned(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1) }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for i in 0..<80 {
      let (mix, constant): (UInt32, UInt32) =
        switch i / 20 {
        case 0: (b & c | ~b & d, 0x5A82_7999)
        case 1: (b ^ c ^ d, 0x6ED9_EBA1)
        case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      let next = turned(a, 5) &+ mix &+ e &+ constant &+ words[i]
      (a, b, c, d, e) = (next, a, turned(b, 30), c, d)
    }
    for (i, value) in [a, b, c, d, e].enumerated() { state[i] &+= value }
  }

  var hex: String {
    state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}
