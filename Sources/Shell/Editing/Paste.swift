/// What a paste leaves on the line.
package enum Paste {
  /// Line ends become newlines, those at the end go, and so do control characters. When the text was copied
  /// from a session, its prompts and what stands between them go too.
  package static func cleaned(_ pasted: String) -> String {
    let text = pasted.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\t", with: " ")
    let lines = String(text.unicodeScalars.filter { isKept($0) }.map(Character.init))
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return trimmed(typed(lines)).joined(separator: "\n")
  }

  private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || !(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value))
  }

  private static func trimmed(_ lines: [String]) -> [String] {
    Array(lines.prefix { _ in true }.reversed().drop { $0.allSatisfy(\.isWhitespace) }.reversed())
  }

  /// The lines without prompts, if the first one has one; else as they are.
  private static func typed(_ lines: [String]) -> [String] {
    guard let first = lines.first, afterPrompt(first) != nil else { return lines }
    return lines.compactMap(afterPrompt)
  }

  private static func afterPrompt(_ line: String) -> String? {
    if let match = line.prefixMatch(of: /In \[\d+\]: ?/) { return String(line[match.range.upperBound...]) }
    if let match = line.prefixMatch(of: /\ {1,}\.\.\.: ?/) { return String(line[match.range.upperBound...]) }
    return nil
  }
}
