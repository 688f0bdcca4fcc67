import Foundation

/// A SentencePiece character map as Hugging Face applies it.
///
/// Grapheme clusters of fewer than six bytes are looked up whole, others scalar by scalar. Of the keys that a cluster
/// starts with the shortest wins, and takes the whole cluster along; the reference does so, and models are
/// trained on it.
package struct Precompiled: Normalizer {
  private let map: CharacterMap
  /// What each scalar below U+0080 alone becomes; nil for itself.
  private let ascii: [[UInt32]?]

  private static let longestCluster = 5

  /// Throws `wrongField` where the map is not base 64 or its sizes do not add up.
  init(_ json: JSONObject) throws(TokenizerError) {
    let field = try json.required("precompiled_charsmap")
    guard let data = Data(base64Encoded: try field.string()), let map = Self([UInt8](data)) else {
      throw field.wrong(.characterMap)
    }
    self = map
  }

  /// A map as a SentencePiece file holds it; nil where its sizes do not add up.
  init?(_ bytes: [UInt8]) {
    guard let map = CharacterMap(bytes) else { return nil }
    self.map = map
    ascii = (0..<128).map { byte in
      var key = Key()
      key.append(UInt32(byte))
      return Self.replacement(of: key, map)
    }
  }

  /// Where the first cluster becomes nothing, all that follows is aligned to one cluster before its own.
  package func allowsCutting(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var scalars: [UInt32] = []
    var position = 0
    while position < text.count, scalars.count < 8 { scalars.append(text.scalar(at: &position)) }
    guard !scalars.isEmpty else { return true }
    return scalars.withUnsafeBufferPointer { scalars in
      let end = GraphemeBreaker().end(of: 0, in: scalars)
      let replacement = end > 1 ? replacement(of: scalars[0..<end]) : nil
      return (replacement ?? self.replacement(of: scalars[0..<1]))?.isEmpty != true
    }
  }

  package func normalize(_ text: inout AlignedText) {
    let isPlain = text.scalars.allSatisfy { $0 < 0x80 && ascii[Int($0)] == nil }
    guard !isPlain else { return }
    let breaker = GraphemeBreaker()
    var output: [(scalar: UInt32, change: Int)] = []
    var isChanged = false
    text.scalars.withUnsafeBufferPointer { scalars in
      var start = 0
      while start < scalars.count {
        let scalar = scalars[start]
        let isLone = scalar < 0x80 && (start + 1 == scalars.count || scalars[start + 1] < 0x80 && scalar != 13)
        let end = isLone ? start + 1 : breaker.end(of: start, in: scalars)
        if end > start + 1, let replacement = replacement(of: scalars[start..<end]) {
          Self.replace(end - start, by: replacement, in: &output)
          isChanged = true
        } else {
          for index in start..<end {
            if let replacement = replacement(of: scalars[index..<(index + 1)]) {
              Self.replace(1, by: replacement, in: &output)
              isChanged = true
            } else {
              output.append((scalars[index], 0))
            }
          }
        }
        start = end
      }
    }
    guard isChanged else { return }
    for (scalar, change) in output { text.emit(scalar, change: change) }
    text.commit()
  }

  /// Notes a replacement: what is longer than the old text is added, what is shorter takes more of it along.
  private static func replace(_ count: Int, by new: [UInt32], in output: inout [(scalar: UInt32, change: Int)]) {
    for scalar in new { output.append((scalar, 0)) }
    let difference = new.count - count
    if difference > 0 {
      for index in (output.count - difference)..<output.count { output[index].change = 1 }
    } else if difference < 0, !output.isEmpty {
      output[output.count - 1].change += difference
    }
  }

  private func replacement(of scalars: Slice<UnsafeBufferPointer<UInt32>>) -> [UInt32]? {
    if scalars.count == 1, let first = scalars.first, first < 0x80 { return ascii[Int(first)] }
    var key = Key()
    for scalar in scalars {
      key.append(scalar)
      if key.count > Self.longestCluster { return nil }
    }
    return Self.replacement(of: key, map)
  }

  /// UTF-8 of at most a cluster's bytes and a scalar more.
  private struct Key {
    private(set) var bytes: UInt64 = 0
    private(set) var count = 0

    mutating func append(_ scalar: UInt32) {
      guard let scalar = Unicode.Scalar(scalar), let encoded = UTF8.encode(scalar), count < 5 else {
        return count = 8
      }
      for byte in encoded {
        if count < 8 { bytes |= UInt64(byte) << UInt64(8 * count) }
        count += 1
      }
    }
  }

  /// The text of the shortest key that the bytes start with.
  private static func replacement(of key: Key, _ map: CharacterMap) -> [UInt32]? {
    var node = map.root
    for index in 0..<min(key.count, 8) {
      guard let (next, text) = map.step(node, UInt8(truncatingIfNeeded: key.bytes >> UInt64(8 * index))) else {
        return nil
      }
      node = next
      if let text { return map.scalars(at: text) }
    }
    return nil
  }
}
