import Foundation

/// A text in pieces that a translation model can take.
package struct TextPieces: Sendable, Equatable {
  package struct Piece: Sendable, Equatable {
    package let text: String
    /// What stands between this piece and the next: a space, or the line breaks of a paragraph.
    package let gap: String
  }

  package let pieces: [Piece]

  /// Each paragraph as it is where it is short enough, else its sentences; a sentence that is too long is halved between
  /// words.
  /// - Parameter isShort: whether a piece may stay whole
  package init(_ text: String, splitsAlways: Bool = false, isShort: (String) throws -> Bool) rethrows {
    var pieces: [Piece] = []
    for paragraph in TextPieces.paragraphs(text) {
      let parts =
        try !splitsAlways && isShort(paragraph.text)
        ? [paragraph.text] : TextPieces.sentences(paragraph.text).flatMap { try TextPieces.halves($0, isShort) }
      for (place, part) in parts.enumerated() {
        pieces.append(Piece(text: part, gap: place == parts.count - 1 ? paragraph.gap : " "))
      }
    }
    self.pieces = pieces
  }

  /// The pieces' translations in one text, spaced as the pieces were.
  package func joined(_ texts: [String]) -> String {
    zip(pieces, texts).enumerated().map { place, pair in
      pair.1 + (place == pieces.count - 1 ? "" : pair.0.gap)
    }.joined()
  }

  /// Parts of a text between empty lines.
  private static func paragraphs(_ text: String) -> [(text: String, gap: String)] {
    var paragraphs: [(text: String, gap: String)] = []
    var rest = Substring(text)
    while let gap = rest.firstMatch(of: /\s*\n\s*\n\s*/) {
      let before = rest[..<gap.range.lowerBound]
      if !before.allSatisfy(\.isWhitespace) { paragraphs.append((String(before), String(gap.output))) }
      rest = rest[gap.range.upperBound...]
    }
    if !rest.allSatisfy(\.isWhitespace) { paragraphs.append((String(rest), "")) }
    return paragraphs
  }

  /// Sentences by their marks: one ends at a mark that stands before a space and something that can begin a sentence,
  /// unless the word before it is usually shortened.
  package static func sentences(_ text: String) -> [String] {
    var sentences: [String] = []
    var start = text.startIndex
    for end in text.matches(of: /([.!?…]+["'”’»)\]]*)\s+|[。！？]+[”」』）]*\s*/).map(\.range) {
      let isWide = text[end].first.map { "。！？".contains($0) } ?? false
      guard isWide || endsSentence(text[start..<end.lowerBound], text[end], before: text[end.upperBound...]) else {
        continue
      }
      sentences.append(text[start..<end.upperBound].trimmingCharacters(in: .whitespacesAndNewlines))
      start = end.upperBound
    }
    let rest = text[start...].trimmingCharacters(in: .whitespacesAndNewlines)
    return rest.isEmpty ? sentences : sentences + [rest]
  }

  private static let shortened: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "sra", "srta", "jr", "vs", "etc", "e.g", "i.e", "cf", "fig", "no",
    "vol", "p", "pp", "ca", "approx", "inc", "ltd", "co", "gen", "col", "capt", "rev", "av", "dra", "ex", "pág", "tel",
  ]

  private static func endsSentence(_ before: Substring, _ mark: Substring, before next: Substring) -> Bool {
    guard let first = next.first else { return true }
    guard !first.isLowercase else { return false }
    guard mark.hasPrefix("."), !mark.hasPrefix("..") else { return true }
    let words = before.split { $0.isWhitespace || "([\"“".contains($0) }
    let word = words.last.map { $0.lowercased() } ?? ""
    if shortened.contains(word) { return word == "etc" }
    // An initial, as in "J. S. Bach".
    return !(word.count == 1 && before.last?.isUppercase == true)
  }

  private static func halves(_ text: String, _ isShort: (String) throws -> Bool) rethrows -> [String] {
    guard try !isShort(text) else { return [text] }
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count > 1 else { return [text] }
    let middle = words.count / 2
    return try [words[..<middle], words[middle...]].flatMap { try halves($0.joined(separator: " "), isShort) }
  }
}
