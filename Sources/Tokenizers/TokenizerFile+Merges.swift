import Foundation

extension TokenizerFile {
  /// Byte-level BPE around a vocab.json and a merges.txt, as GPT-2's family has them.
  ///
  /// Throws what is wrong with either file, and `missingToken` for a special token that has no id.
  init(
    vocabulary data: Data, merges: Data, _ conventions: TokenizerConventions, _ configuration: TokenizerConfiguration
  ) throws(TokenizerError) {
    let name = "vocab.json"
    var added = configuration.added
    let vocabulary = try Vocabulary(
      try PieceList(try JSONSlice(data, file: name)), elsewhere: Set(added.map(\.id)), file: name)
    for (_, key, _) in SpecialTokens.roles {
      guard let text = configuration.specialTokens[key] ?? conventions.names[key], let id = vocabulary.id(of: text),
        !added.contains(where: { $0.id == id })
      else { continue }
      var token = AddedToken(id: id, content: text)
      // What stands for a word takes the space before it along, for the word had it in its first piece.
      token.stripsLeft = key == "mask_token"
      added.append(token)
    }
    let list = try MergeList(lines: [UInt8](merges), file: "merges.txt")
    var stages: [any PreTokenizer] = []
    if conventions.words == GGUFSplitting.Words.gpt2 {
      stages.append(ByteLevel(addsPrefixSpace: configuration.addsPrefixSpace))
    } else {
      stages.append(Split(pattern: try Pattern(expression: conventions.words, file: name), behavior: .isolated))
      stages.append(ByteLevel(addsPrefixSpace: configuration.addsPrefixSpace, splits: false))
    }
    self.init(
      subword: try BPE(
        vocabulary: vocabulary, merges: try list.table(vocabulary, prefixLength: 0, file: "merges.txt"),
        settings: .init(), file: name),
      added: added,
      stages: Stages(
        normalizer: conventions.composes ? UnicodeForm.canonicallyComposed : NoNormalizer(),
        preTokenizer: stages.count == 1 ? stages[0] : PreTokenizerSequence(stages)),
      postProcessor: try conventions.postProcessor(
        configuration, file: name, trimming: OffsetTrimming(addsPrefixSpace: configuration.addsPrefixSpace)
      ) { text in vocabulary.id(of: text) ?? added.first { $0.content == text }?.id },
      decoder: ByteLevelDecoder())
  }
}
