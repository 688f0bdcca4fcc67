extension TokenizerFile {
  /// SentencePiece's stages around the pieces of a model.
  ///
  /// Pieces of the kinds `control` and `unknown` are found in a text as they stand, as Hugging Face does, which lets a
  /// text say `</s>`. Throws `damaged` and `emptyVocabulary`.
  init(_ model: SentencePieceModel, postProcessor: any PostProcessor, name: String) throws(TokenizerError) {
    let vocabulary = try Vocabulary(model.texts, file: name)
    let atoms = model.trie { $0 == .userDefined }
    self.init(
      subword: try model.subword(vocabulary, atoms: atoms, file: name),
      added: model.kinds.indices.compactMap { id in
        guard model.kinds[id] == .control || model.kinds[id] == .unknown, let text = vocabulary.piece(of: id) else {
          return nil
        }
        return AddedToken(id: id, content: text)
      },
      stages: Stages(
        normalizer: try SentencePieceNormalizer(model, atoms: atoms, file: name),
        preTokenizer: model.marksLead ? MarkedWords() : NoPreTokenizer()),
      postProcessor: postProcessor, decoder: model.decoder)
  }
}

extension SentencePieceModel {
  /// The pieces of some kinds by their bytes; nil where there is none.
  fileprivate func trie(_ isWanted: (PieceKind) -> Bool) -> PieceTrie? {
    guard kinds.contains(where: isWanted) else { return nil }
    return PieceTrie(kinds.indices.map { isWanted(kinds[$0]) ? texts[$0] : [] })
  }

  /// Whether the mark for a space stands only at the start of pieces, alone or in a run.
  fileprivate var marksLead: Bool {
    guard marksSpaces, !marksEnds else { return false }
    let mark = Array("▁".utf8)
    return kinds.indices.allSatisfy { id in
      guard kinds[id] == .normal || kinds[id] == .userDefined else { return true }
      var rest = texts[id]
      while rest.starts(with: mark) { rest = rest.dropFirst(mark.count) }
      return !rest.contains(mark[0]) || !rest.indices.contains { rest[$0...].starts(with: mark) }
    }
  }

  fileprivate var decoder: any PieceDecoder {
    var stages: [any PieceDecoder] = [ReplaceDecoder("▁", by: " "), ByteFallbackDecoder(), FuseDecoder()]
    if addsPrefix { stages.append(marksEnds ? StripDecoder(start: 0, stop: 1) : StripDecoder(start: 1, stop: 0)) }
    return DecoderSequence(stages)
  }

  fileprivate func subword(
    _ vocabulary: Vocabulary, atoms: PieceTrie?, file: String
  ) throws(TokenizerError) -> any Subword {
    let unknown = kinds.firstIndex(of: .unknown)
    guard algorithm == .unigram else {
      var settings = BPE.Settings()
      settings.unknown = unknown.flatMap { vocabulary.piece(of: $0) }
      settings.fusesUnknown = true
      settings.fallsBackToBytes = kinds.contains(.byte)
      settings.atoms = atoms
      return try BPE(
        vocabulary: vocabulary, merges: algorithm == .pairs ? merges(vocabulary) : MergeTable(capacity: 0),
        settings: settings, file: file)
    }
    guard let unknownID = unknown else { throw .damaged(file: file, problem: .noUnknownPiece) }
    let normal = kinds.indices.filter { kinds[$0] == .normal }.map { scores[$0] }
    let (lowest, highest) = (normal.min() ?? 0, normal.max() ?? 0)
    // A user's piece is as likely as all its bytes together were they the likeliest piece, less a little.
    let likelihoods = kinds.indices.map { id in
      Double(kinds[id] == .userDefined ? Float(texts[id].count) * highest - 0.1 : scores[id])
    }
    return try Unigram(
      vocabulary: vocabulary, scores: likelihoods, unknownID: unknownID, fallsBackToBytes: kinds.contains(.byte),
      file: file, lowest: Double(lowest),
      unmatched: Set(kinds.indices.filter { kinds[$0] != .normal && kinds[$0] != .userDefined }),
      isSinglePrecision: true)
  }

  /// The longest piece in bytes that merges are made for; SentencePiece's own trainer stops at 16 characters.
  private static var longestMerge: Int { 512 }

  /// Every way to put a piece together of two; of neighbours those merge first whose piece has the highest score.
  private func merges(_ vocabulary: Vocabulary) -> MergeTable {
    let isMerged = kinds.indices.map { kinds[$0] == .normal }
    let ranks = Dictionary(
      uniqueKeysWithValues: Set(scores).sorted(by: >).enumerated().map { ($1, UInt32(truncatingIfNeeded: $0)) })
    var found: [(left: Int32, right: Int32, merge: MergeTable.Merge)] = []
    for id in kinds.indices where isMerged[id] && texts[id].count <= Self.longestMerge {
      let piece = texts[id]
      for middle in piece.indices.dropFirst() where !piece[middle].isContinuation {
        guard let left = vocabulary.id(of: piece[..<middle]), isMerged[Int(left)],
          let right = vocabulary.id(of: piece[middle...]), isMerged[Int(right)]
        else { continue }
        found.append((left, right, .init(rank: ranks[scores[id]] ?? .max - 1, id: Int32(truncatingIfNeeded: id))))
      }
    }
    var table = MergeTable(capacity: found.count)
    for (left, right, merge) in found { table.insert(left, right, merge) }
    return table
  }
}
