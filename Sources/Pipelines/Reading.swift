import Tokenizers

/// What a model makes of a text, and whether the text was longer than the model reads at once.
package struct Reading<Content: Sendable>: Sendable {
  package let content: Content
  /// Whether the end of the text did not fit the model and was not read.
  package let isCut: Bool

  package func map<Other>(_ change: (Content) -> Other) -> Reading<Other> {
    Reading<Other>(content: change(content), isCut: isCut)
  }
}

/// What was made of each text, with what became of it on the way in.
func readings<Content>(_ contents: [Content], _ encodings: [Encoding]) -> [Reading<Content>] {
  zip(contents, encodings).map { Reading(content: $0, isCut: $1.isTruncated) }
}
