/// A token of one sequence: its id, its scalars in the original, and the number of its word.
package struct Token: Equatable, Sendable {
  var id: Int32
  var start: Int32
  var end: Int32
  var word: Int32
}

/// Cuts words into pieces of a vocabulary.
///
/// A conforming type writes `tokenize`; the loop over a text's words comes from the extension, where it is
/// specialised for the type.
package protocol Subword: Sendable {
  var vocabulary: Vocabulary { get }

  /// The piece that stands for a word that cannot be cut, if there is one.
  var unknown: String? { get }

  /// Whether a word always comes out the same, wherever it stands.
  var isDeterministic: Bool { get }

  /// How large the sum of scores before a stretch may be there; see `Reach`. Of no meaning to a model without sums.
  func size(of score: Double) -> Int

  /// Adds the scores of pieces that were remembered to the sum.
  func recount(_ tokens: ArraySlice<Token>, into state: inout SequenceState)

  /// Appends the pieces of a word in UTF-8 that is not empty, as word number `state.word`.
  ///
  /// A piece's `start` and `end` are byte offsets into the word plus `base`.
  func tokenize(_ word: UnsafeBufferPointer<UInt8>, base: Int32, into state: inout SequenceState)

  /// Appends the pieces of every word of a segment. The extension's version serves every model.
  func encode(_ segment: Segment, with stages: Stages, into state: inout SequenceState)

  /// Appends the pieces of every word of normalised text, split here.
  func encode(_ text: inout AlignedText, with stages: Stages, into state: inout SequenceState)
}

/// A stretch of the original between added tokens, in UTF-8; `start` counts the original's bytes before it.
package struct Segment {
  var bytes: UnsafeBufferPointer<UInt8>
  var start: Int
}

/// What comes before the subword model.
package struct Stages: Sendable {
  let normalizer: any Normalizer
  let preTokenizer: any PreTokenizer
  /// How ASCII bytes pass both stages; nil where they depend on their surroundings.
  let plan: ASCIIPlan?
  /// Whether stretches of the text can be taken by themselves; see `Stretch`.
  let allowsCutting: Bool

  init(normalizer: any Normalizer, preTokenizer: any PreTokenizer) {
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    plan = ASCIIPlan(normalizer.asciiOutcome, preTokenizer.asciiRoles)
    allowsCutting = normalizer.allowsCutting && preTokenizer.cutting == .endsWord
  }
}

extension Subword {
  package var isDeterministic: Bool { true }
  package func size(of score: Double) -> Int { 0 }
  package func recount(_ tokens: ArraySlice<Token>, into state: inout SequenceState) {}
}

/// What a sequence has become so far, and memory that its words share.
package struct SequenceState {
  var tokens: [Token] = []
  /// What tokens stand for where that is not their own text, by token.
  var texts: [Int: String] = [:]
  var word: Int32 = 0
  /// The sum of the scores so far, for a model whose choices depend on its rounding.
  var score = 0.0
  /// Up to which size of that sum the words since this was last set come out the same.
  var reach = Reach.endless
  /// The bytes before the next segment that do not start a scalar.
  var continuations = 0
  var workspace: Workspace
  /// Where stages report to, for a trace.
  var record: SequenceTrace?
  /// What made encoding impossible, if anything did.
  var failure: TokenizerError?
}
