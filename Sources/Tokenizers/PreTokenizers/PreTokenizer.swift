/// Splits normalised text into words, which the subword model then cuts further.
package protocol PreTokenizer: Sendable {
  /// Appends the words of the text; it may also rewrite the text that they are ranges of.
  func split(_ text: inout AlignedText, into words: inout [Range<Int>])

  /// What each ASCII byte of normalised text does; nil where that depends on what is beside it.
  var asciiRoles: [ASCIIRole]? { get }
}

/// What a byte does in splitting.
package enum ASCIIRole: UInt8, Sendable {
  /// Goes on with a word.
  case word
  /// Ends a word and is dropped.
  case separator
  /// Is a word by itself.
  case alone
}

/// Takes the whole text as one word, for a file whose pre-tokenizer is `null`.
struct NoPreTokenizer: PreTokenizer {
  func split(_ text: inout AlignedText, into words: inout [Range<Int>]) {
    if text.count > 0 { words.append(0..<text.count) }
  }
  var asciiRoles: [ASCIIRole]? { nil }
}
