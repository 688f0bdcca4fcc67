import Foundation

/// Text to token ids and back: normaliser, pre-tokenizer, subword model, post-processor and decoder in a row.
///
/// Reads what Hugging Face tokenizers write and computes what they compute, offsets in Unicode scalars.
package final class Tokenizer: Sendable {
  let stages: Stages
  let subword: any Subword
  let added: AddedVocabulary
  let postProcessor: any PostProcessor
  let decoder: any PieceDecoder
  let names: TokenNames
  /// The layouts of one sequence and of two, without and with special tokens.
  private let layouts: [[[LayoutPart]]]
  private let workspaces = WorkspacePool()

  /// How many ids there are, added tokens included.
  package let vocabularySize: Int
  package let special: SpecialTokens
  /// The most tokens that the model takes, where a configuration says so.
  package let modelMaximumLength: Int?
  /// The truncation and padding that tokenizer.json asks for; never applied unasked.
  package let fileTruncation: Truncation?
  package let filePadding: PaddingSetting?
  /// How conversations are laid out, by name; the usual one is `default`.
  package let chatTemplates: [String: String]
  /// The texts of special tokens by names such as `bos_token`, as chat templates ask for them.
  package let specialTexts: [String: String]
  /// The files that this was made from, unchanged, for a saved model's folder.
  package let files: [(name: String, data: Data)]

  /// A tokenizer from the bytes of a tokenizer.json; `name` is what errors call the file.
  package convenience init(json: Data, name: String) throws(TokenizerError) {
    try self.init(
      TokenizerFile(json, name: name), name: name, configuration: .init(),
      files: [("tokenizer.json", json)])
  }

  init(
    _ file: TokenizerFile, name: String, configuration: TokenizerConfiguration,
    files: [(name: String, data: Data)]
  ) throws(TokenizerError) {
    subword = file.subword
    stages = file.stages
    postProcessor = file.postProcessor
    decoder = file.decoder
    fileTruncation = file.truncation
    filePadding = file.padding
    self.files = files
    added = AddedVocabulary(file.added, normalizer: file.stages.normalizer)
    vocabularySize = try Self.size(subword.vocabulary, file.added, name)
    names = TokenNames(subword.vocabulary, added, size: vocabularySize, trims: postProcessor.trimming != nil)
    let postProcessor = postProcessor
    layouts = [false, true].map { isPair in
      [false, true].map { postProcessor.layout(isPair: isPair, special: $0) }
    }
    for case .special(let tokens, _) in layouts.joined().joined() {
      for token in tokens where !(0..<vocabularySize).contains(token.id) {
        throw .missingID(file: name, id: token.id)
      }
    }
    var configured = configuration.specialTokens
    configured["unk_token"] = configured["unk_token"] ?? subword.unknown
    let (vocabulary, added) = (subword.vocabulary, added)
    special = SpecialTokens(configured: configured) { added.id(of: $0) ?? vocabulary.id(of: $0) }
    modelMaximumLength = configuration.modelMaximumLength
    chatTemplates = configuration.chatTemplates
    specialTexts = configuration.specialTokens
  }

  /// Checks that added tokens agree with the vocabulary and leave no hole; returns how many ids there are.
  private static func size(
    _ vocabulary: Vocabulary, _ added: [AddedToken], _ file: String
  ) throws(TokenizerError) -> Int {
    var beyond: Set<Int> = []
    for token in added {
      let found = vocabulary.id(of: token.content)
      if let found, found != token.id {
        throw .conflictingID(file: file, token: token.content, listed: token.id, found: found)
      }
      if found == nil, let piece = vocabulary.piece(of: token.id) {
        throw .conflictingID(
          file: file, token: token.content, listed: token.id, found: vocabulary.id(of: piece) ?? token.id)
      }
      if token.id >= vocabulary.count || token.id < 0 { beyond.insert(token.id) }
    }
    let size = vocabulary.count + beyond.count
    for id in vocabulary.count..<size where !beyond.contains(id) {
      throw .missingID(file: file, id: id)
    }
    return size
  }

  /// Encodes a text, or a pair of texts.
  ///
  /// Throws `textTooLong` past 2^31 bytes and what `Truncation` throws.
  package func encode(
    _ text: String, pair: String? = nil, specialTokens: Bool = true, truncation: Truncation? = nil
  ) throws(TokenizerError) -> Encoding {
    var sequences = [try sequence(text, record: nil)]
    if let pair { sequences.append(try sequence(pair, record: nil)) }
    return try assemble(sequences, specialTokens: specialTokens, truncation: truncation)
  }

  /// Takes one text up to its tokens, noting each stage if there is a record.
  func sequence(_ text: String, record: SequenceTrace?) throws(TokenizerError) -> SequenceState {
    var text = text
    var state = SequenceState(workspace: workspaces.take(), record: record)
    let isShort = text.withUTF8 { bytes in
      guard bytes.count < Int(Int32.max) else { return false }
      if record == nil { state.tokens.reserveCapacity(min(bytes.count, 64 + bytes.count / 4)) }
      added.encode(bytes, with: stages, subword: subword, into: &state)
      return true
    }
    var workspace = Workspace()
    swap(&workspace, &state.workspace)
    workspaces.give(workspace)
    guard isShort else { throw .textTooLong(bytes: text.utf8.count) }
    if let failure = state.failure { throw failure }
    return state
  }

  func assemble(
    _ sequences: [SequenceState], specialTokens: Bool, truncation: Truncation?
  ) throws(TokenizerError) -> Encoding {
    let layout = layouts[sequences.count - 1][specialTokens ? 1 : 0]
    let added = layout.reduce(0) { $0 + $1.addedCount }
    let windows =
      try truncation?.parts(
        of: sequences[0].tokens.count, sequences.dropFirst().first?.tokens.count, added: added)
      ?? sequences.map { [0..<$0.tokens.count] }
    return try Assembly(
      layout: layout, sequences: sequences, windows: windows, names: names, processor: postProcessor
    ).encoding()
  }

  /// Puts ids together into text. Ids that the tokenizer does not have are left out.
  package func decode(_ ids: [Int], skippingSpecialTokens: Bool) -> String {
    let pieces = ids.compactMap { id -> [UInt8]? in
      let token = added.text(of: id)
      if skippingSpecialTokens, let token, added.isSpecial(token) { return nil }
      return (token ?? subword.vocabulary.piece(of: id)).map { Array($0.utf8) }
    }
    return joined(pieces)
  }

  /// The id of a token, compared byte by byte.
  package func id(of token: String) -> Int? { added.id(of: token) ?? subword.vocabulary.id(of: token) }

  /// The token of an id.
  package func token(of id: Int) -> String? { names.token(of: id) }
}
