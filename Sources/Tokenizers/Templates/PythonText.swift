import Foundation

/// Text as Python writes and cuts it: by scalars, not by what a reader sees as a character.
enum PythonText {
  /// A number with a point, as short as it can be read back.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = String(describing: value)
    guard let exponent = text.firstIndex(of: "e") else {
      // Python goes over to exponents later than Swift, at 10^16 as Swift does, and below 10^-4.
      return text
    }
    let power = Int(text[text.index(after: exponent)...]) ?? 0
    var digits = String(text[..<exponent])
    if digits.hasSuffix(".0") { digits.removeLast(2) }
    return digits + (power < 0 ? "e-" : "e+") + (abs(power) < 10 ? "0" : "") + String(abs(power))
  }

  /// In quotes, with escapes for what is not printed.
  static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar = text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
    var result = String(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\": result += "\\" + String(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if isPrinted(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          let (prefix, width) = scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
          let digits = String(scalar.value, radix: 16)
          result += prefix + String(repeating: "0", count: width - digits.count) + digits
        }
      }
    }
    return result + String(quote)
  }

  private static func isPrinted(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  /// Without the scalars of a set, or white space, at its ends.
  static func stripped(_ text: String, of set: String?, left: Bool = true, right: Bool = true) -> String {
    let set = set.map { Set($0.unicodeScalars) }
    let drops = { (scalar: Unicode.Scalar) in set?.contains(scalar) ?? isSpace(scalar) }
    var rest = text.unicodeScalars[...]
    if left { rest = rest.drop(while: drops) }
    if right { while let last = rest.last, drops(last) { rest.removeLast() } }
    return String(rest)
  }

  /// Where a text begins inside another, in bytes, from a place on; nil where it does not.
  static func find(_ part: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard let first = part.first else { return start <= text.count ? start : nil }
    var place = start
    while place + part.count <= text.count {
      guard let next = text[place...].firstIndex(of: first), next + part.count <= text.count else { return nil }
      if text[next..<(next + part.count)].elementsEqual(part) { return next }
      place = next + 1
    }
    return nil
  }

  /// How often a text that is not empty stands in another, none overlapping.
  static func count(_ part: String, in text: String) -> Int {
    let (bytes, part) = (Array(text.utf8), Array(part.utf8))
    var (count, place) = (0, 0)
    while let found = find(part, in: bytes, from: place) {
      count += 1
      place = found + part.count
    }
    return count
  }

  /// The parts between a separator that is not empty, at most `limit` cuts from the left or from the right.
  static func split(_ text: String, at separator: String, limit: Int?, fromRight: Bool = false) -> [String] {
    let (bytes, part) = (Array(text.utf8), Array(separator.utf8))
    var cuts: [Int] = []
    var place = 0
    while let found = find(part, in: bytes, from: place) {
      cuts.append(found)
      place = found + part.count
    }
    if let limit, limit >= 0 { cuts = Array(fromRight ? cuts.suffix(limit) : cuts.prefix(limit)) }
    var parts: [String] = []
    var start = 0
    for cut in cuts {
      parts.append(String(decoding: bytes[start..<cut], as: UTF8.self))
      start = cut + part.count
    }
    return parts + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  /// The words between white space; after `limit` cuts the rest stays whole.
  static func words(_ text: String, limit: Int?) -> [String] {
    var words: [String] = []
    var rest = text.unicodeScalars.drop(while: isSpace)
    while !rest.isEmpty {
      if let limit, limit >= 0, words.count == limit {
        words.append(stripped(String(rest), of: nil, left: false))
        break
      }
      let word = rest.prefix { !isSpace($0) }
      words.append(String(word))
      rest = rest[word.endIndex...].drop(while: isSpace)
    }
    return words
  }

  static func lines(_ text: String, keepsEnds: Bool) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      let isEnd =
        (0xA...0xD).contains(scalar.value) || (0x1C...0x1E).contains(scalar.value)
        || [0x85, 0x2028, 0x2029].contains(scalar.value)
      if !isEnd || keepsEnds { line.append(scalar) }
      guard isEnd else { continue }
      if scalar == "\r", next == "\n" {
        if keepsEnds { line.append("\n") }
        next = scalars.next()
      }
      lines.append(String(line))
      line = .init()
    }
    return line.isEmpty ? lines : lines + [String(line)]
  }

  static func replaced(_ text: String, _ old: String, by new: String, limit: Int? = nil) -> String {
    if old.isEmpty {
      var parts = text.unicodeScalars.map { String($0) }
      let count = min(limit.map { $0 < 0 ? .max : $0 } ?? .max, parts.count + 1)
      for index in 0..<min(count, parts.count) { parts[index] = new + parts[index] }
      return parts.joined() + (count > parts.count ? new : "")
    }
    return split(text, at: old, limit: limit).joined(separator: new)
  }

  /// The first letter of every word large, the others small.
  static func titled(_ text: String) -> String {
    var result = ""
    var isInside = false
    for scalar in text.unicodeScalars {
      let isCased = scalar.properties.isCased
      result +=
        isInside ? scalar.properties.lowercaseMapping : isCased ? scalar.properties.titlecaseMapping : String(scalar)
      isInside = isCased
    }
    return result
  }

  static func capitalized(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return "" }
    return first.properties.titlecaseMapping + String(text.unicodeScalars.dropFirst()).lowercased()
  }
}
