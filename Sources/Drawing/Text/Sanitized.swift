/// A text as one line that is safe to show: nothing in it can move the cursor, change colours or reorder what
/// is read.
///
/// Newline, tab and carriage return become the two characters `\n`, `\t`, `\r`; other control characters (C0,
/// DEL, C1, so every escape sequence), bidirectional controls, line separators, invisible fillers and
/// noncharacters become `\u{1B}`. A mark that would join what stands before the text gets a dotted circle,
/// and a cluster keeps at most eight scalars of marks. Idempotent. Several lines: `sanitizedLines(_:)`.
package func sanitized(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var result = String.UnicodeScalarView()
  var marks = 0
  var follower: Follower = .start
  for scalar in text.unicodeScalars {
    if let escape = escape(scalar, after: follower) {
      result.append(contentsOf: escape.unicodeScalars)
      (marks, follower) = (0, .text)
      continue
    }
    if joinsBackwards(scalar) {
      if follower == .start { result.append("\u{25CC}") }
      marks += 1
      if marks > 8 && follower != .flag { continue }
    } else {
      marks = 0
    }
    result.append(scalar)
    if scalar.value == 0x1F3F4 {
      follower = .flag
    } else if follower != .flag || !tags.contains(scalar.value) {
      follower = .text
    }
  }
  return String(result)
}

/// A text as safe lines: split at newlines, tabs widened to the next multiple of four columns.
package func sanitizedLines(_ text: String) -> [String] {
  var lines: [String] = []
  var scalars = String.UnicodeScalarView()
  func close() {
    let line = sanitized(String(scalars))
    lines.append(line)
    scalars = String.UnicodeScalarView()
  }
  var previous: Unicode.Scalar = " "
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": if previous != "\r" { close() }
    case "\r": close()
    case "\t":
      let column = displayWidth(sanitized(String(scalars)))
      scalars.append(contentsOf: String(repeating: " ", count: 4 - column % 4).unicodeScalars)
    default: scalars.append(scalar)
    }
    previous = scalar
  }
  close()
  return lines
}

/// A piece of text whose blanks matter: safe, and with its outer spaces visible.
package func visiblePiece(_ text: String, unicode: Bool) -> String {
  let safe = sanitized(text)
  guard !safe.isEmpty else { return "''" }
  let blank = unicode ? "␣" : "_"
  let leading = safe.prefix { $0 == " " }.count
  let trailing = leading == safe.count ? 0 : safe.reversed().prefix { $0 == " " }.count
  guard leading + trailing > 0 else { return safe }
  return String(repeating: blank, count: leading)
    + safe.dropFirst(leading).dropLast(trailing)
    + String(repeating: blank, count: trailing)
}

/// A title that introduces sentences.
func headline(_ title: String) -> String {
  let safe = sanitized(title)
  return safe.last?.isPunctuation == true ? safe : safe + ":"
}

private enum Follower { case start, text, flag }

private let tags: ClosedRange<UInt32> = 0xE0020...0xE007F

private let escapedRanges: [ClosedRange<UInt32>] = [
  0x00...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x115F...0x1160, 0x180E...0x180E, 0x200B...0x200B,
  0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164...0x3164, 0xFDD0...0xFDEF, 0xFEFF...0xFEFF,
  0xFFA0...0xFFA0, 0xFFF0...0xFFFB, 0xFFFE...0xFFFF, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF,
]

private func escape(_ scalar: Unicode.Scalar, after follower: Follower) -> String? {
  switch scalar {
  case "\n": return "\\n"
  case "\t": return "\\t"
  case "\r": return "\\r"
  default: break
  }
  let isNoncharacter = scalar.value & 0xFFFE == 0xFFFE
  guard isNoncharacter || contains(scalar.value, in: escapedRanges) else { return nil }
  if follower == .flag && tags.contains(scalar.value) { return nil }
  return "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
}

private func joinsBackwards(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x300 else { return false }
  return scalar.properties.isGraphemeExtend || scalar.properties.isEmojiModifier || scalar.value == 0x200D
    || scalar.properties.generalCategory == .spacingMark
}
