/// The cells that a text takes on a terminal, counted per grapheme cluster.
///
/// East Asian wide and emoji clusters (ZWJ sequences, flags and VS16 included) are 2, combining marks and
/// format characters 0, everything else 1. No cluster is wider than 2. Control characters count 0: sanitize
/// first.
package func displayWidth(_ text: String) -> Int {
  if let narrow = asciiWidth(text) { return narrow }
  return text.reduce(0) { $0 + displayWidth($1) }
}

/// The cells that one grapheme cluster takes: 0, 1 or 2.
package func displayWidth(_ cluster: Character) -> Int {
  if let ascii = cluster.asciiValue { return ascii >= 0x20 && ascii < 0x7F ? 1 : 0 }
  if let only = soleScalar(cluster), drawingRange.contains(only) || brailleRange.contains(only) { return 1 }
  var total = 0
  var isPicture = false
  var asksForText = false
  var previousMayBePicture = false
  for scalar in cluster.unicodeScalars {
    let properties = scalar.properties
    switch scalar.value {
    case 0xFE0F: isPicture = isPicture || previousMayBePicture
    case 0xFE0E: asksForText = true
    default:
      isPicture = isPicture || properties.isEmojiPresentation
      total += scalarWidth(scalar)
    }
    previousMayBePicture = properties.isEmoji
  }
  if asksForText && total > 0 && cluster.unicodeScalars.count == 2 { return min(total, 2) }
  return isPicture ? 2 : min(total, 2)
}

private let drawingRange: ClosedRange<UInt32> = 0x2500...0x25A9
private let brailleRange: ClosedRange<UInt32> = 0x2800...0x28FF

private func soleScalar(_ cluster: Character) -> UInt32? {
  let scalars = cluster.unicodeScalars
  guard let first = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex else {
    return nil
  }
  return first.value
}

private func asciiWidth(_ text: String) -> Int? {
  var count = 0
  for byte in text.utf8 {
    guard byte >= 0x20 && byte < 0x7F else { return nil }
    count += 1
  }
  return count
}

private func scalarWidth(_ scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) { return 0 }
  if scalar.value < 0x300 { return scalar.value == 0xAD ? 0 : 1 }
  if (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FB).contains(scalar.value) { return 0 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
  default: return contains(scalar.value, in: wideRanges) ? 2 : 1
  }
}
