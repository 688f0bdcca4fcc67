/// What a text, or a pair of texts, has become: ids and where each comes from.
///
/// Arrays are stored where a batch needs them and made on demand where only a reader does.
package struct Encoding: Sendable {
  package internal(set) var ids: [Int32] = []
  /// The scalars of the original text, of its own sequence; empty at 0 for a special token that was added.
  package internal(set) var offsets: [Range<Int>] = []
  package internal(set) var typeIDs: [Int32] = []
  /// Whether a token was added rather than found in the text.
  package internal(set) var specialMask: [Bool] = []
  /// The parts that truncation cut off, each complete with special tokens.
  package internal(set) var overflowing: [Encoding] = []
  /// Whether truncation cut anything off, kept as `overflowing` or not.
  package internal(set) var isTruncated = false

  /// The number of each token's word within its sequence; -1 for a special token.
  var words: [Int32] = []
  /// Where the tokens of each sequence stand, by sequence.
  var sequences: [(isSecond: Bool, range: Range<Int>)] = []
  /// The texts of tokens that are not what the vocabulary says.
  var texts: [Int: String] = [:]
  /// The tokens that only fill up the length.
  var padding = 0..<0
  let names: TokenNames

  package var count: Int { ids.count }

  /// The text of one token.
  package func token(_ index: Int) -> String {
    texts[index] ?? names.token(of: Int(ids[index])) ?? ""
  }

  /// The texts of all tokens, made at each call.
  package var tokens: [String] { ids.indices.map(token) }

  /// The number of each token's word within its sequence, made at each call; nil for a special token.
  package var wordIDs: [Int?] { words.map { $0 < 0 ? nil : Int($0) } }

  /// The word of one token; nil for a special token.
  package func wordID(_ index: Int) -> Int? { words[index] < 0 ? nil : Int(words[index]) }

  /// Whether a model attends to each token, made at each call: all but padding.
  package var attentionMask: [Bool] { ids.indices.map { !padding.contains($0) } }

  /// The sequence, 0 or 1, of each token, made at each call; nil for a special token.
  package var sequenceIDs: [Int?] {
    var result = [Int?](repeating: nil, count: count)
    for (isSecond, range) in sequences {
      for index in range { result[index] = isSecond ? 1 : 0 }
    }
    return result
  }
}

/// The texts of all ids of a tokenizer.
final class TokenNames: Sendable {
  private let vocabulary: Vocabulary
  private let added: AddedVocabulary
  /// The white space at the ends of each piece, where offsets are trimmed by it.
  private let margins: [OffsetTrimming.Margins]

  init(_ vocabulary: Vocabulary, _ added: AddedVocabulary, size: Int, trims: Bool) {
    self.vocabulary = vocabulary
    self.added = added
    margins =
      trims
      ? (0..<size).map { .init(added.text(of: $0) ?? vocabulary.piece(of: $0) ?? "") } : []
  }

  func token(of id: Int) -> String? { added.text(of: id) ?? vocabulary.piece(of: id) }

  func margins(of id: Int) -> OffsetTrimming.Margins {
    margins.indices.contains(id) ? margins[id] : .init(token(of: id) ?? "")
  }
}
