/// Reads the visible characters of byte-level pieces as the bytes that they stand for.
package struct ByteLevelDecoder: PieceDecoder {
  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    var bytes: [UInt8] = []
    for piece in pieces {
      let read = piece.scalars.map { ByteAlphabet.byte(of: $0) }
      let known = read.compactMap { $0 }
      bytes += known.count == read.count ? known : piece
    }
    return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
  }
}

/// Joins pieces such as `<0x61>` to the text that their bytes are; a U+FFFD for each byte where they are none.
package struct ByteFallbackDecoder: PieceDecoder {
  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var bytes: [UInt8] = []
    func flush() {
      guard !bytes.isEmpty else { return }
      if String(validating: bytes, as: UTF8.self) != nil {
        parts.append(bytes)
      } else {
        parts += repeatElement(Array("\u{FFFD}".utf8), count: bytes.count)
      }
      bytes = []
    }
    for piece in pieces {
      if let byte = Self.byte(of: piece) {
        bytes.append(byte)
      } else {
        flush()
        parts.append(piece)
      }
    }
    flush()
    return parts
  }

  private static func byte(of piece: [UInt8]) -> UInt8? {
    guard piece.count == 6, piece.starts(with: Array("<0x".utf8)), piece.last == 62 else { return nil }
    let digits = String(decoding: piece[3..<5], as: UTF8.self)
    return digits.hasPrefix("-") ? nil : UInt8(digits, radix: 16)
  }
}

/// Joins all pieces to one.
package struct FuseDecoder: PieceDecoder {
  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] { [Array(pieces.joined())] }
}
