/// A number that stands for a text: the same on every machine and in every run, and with 64 bits as good as unique
/// among millions of texts.
///
/// Words of eight bytes are mixed as in Moremur (a stronger SplitMix finaliser).
package func textFingerprint(_ text: String) -> UInt64 {
  var text = text
  return text.withUTF8 { bytes in
    var hash = mixed(UInt64(bytes.count) &+ 0x9e37_79b9_7f4a_7c15)
    var place = 0
    while place + 8 <= bytes.count {
      let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: place, as: UInt64.self)
      hash = mixed(hash ^ UInt64(littleEndian: word))
      place += 8
    }
    var rest: UInt64 = 0
    while place < bytes.count {
      rest = rest << 8 | UInt64(bytes[place])
      place += 1
    }
    return mixed(hash ^ rest)
  }
}

/// A bijection that spreads every bit of its argument over all bits of the result.
func mixed(_ value: UInt64) -> UInt64 {
  var value = value
  value ^= value >> 27
  value = value &* 0x3c79_ac49_2ba7_b653
  value ^= value >> 33
  value = value &* 0x1c69_b3f7_4ac4_ae35
  return value ^ value >> 27
}
