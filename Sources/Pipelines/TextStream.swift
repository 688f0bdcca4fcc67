import Tokenizers

/// Text out of tokens, piece by piece as they come. A character whose bytes are not all there yet waits for them.
struct TextStream {
  private let tokenizer: Tokenizer
  private var ids: [Int] = []
  /// What is decoded again, so that a piece knows what stands before it; and what has been shown of it.
  private var anchor = 0, shown = 0

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// Takes up a token.
  /// - Returns: the text that is sure now
  mutating func add(_ id: Int) -> String {
    ids.append(id)
    let before = tokenizer.decode(Array(ids[anchor..<shown]), skippingSpecialTokens: true)
    let now = tokenizer.decode(Array(ids[anchor...]), skippingSpecialTokens: true)
    guard !now.unicodeScalars.reversed().starts(with: ["\u{FFFD}"]), now.count > before.count else { return "" }
    (anchor, shown) = (shown, ids.count)
    return String(now.dropFirst(before.count))
  }
}
