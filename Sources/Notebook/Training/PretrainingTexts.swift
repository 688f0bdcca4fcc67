import Foundation
import Models
import Tokenizers
import Training

/// Reads plain texts for pre-training: packed into sequences, the end of each file held out.
struct PretrainingTexts {
  private let objective: PretrainCommand.Objective
  private let tokenizer: Tokenizer
  private let vocabularySize: Int
  /// Tokens of a sequence.
  private let length: Int
  private let wholeWords: Bool
  /// The weight of what the first token of a sequence has to say of its document; 0 for nothing.
  private let bag: Float
  private let session: Session

  init(
    _ objective: PretrainCommand.Objective, _ tokenizer: Tokenizer, vocabularySize: Int, length: Int,
    wholeWords: Bool, bag: Float, _ session: Session
  ) {
    self.objective = objective
    self.tokenizer = tokenizer
    self.vocabularySize = vocabularySize
    self.length = length
    self.wholeWords = wholeWords
    self.bag = bag
    self.session = session
  }

  /// - Parameters:
  ///   - validation: files to measure on; none: the end of each file is
  ///   - share: what is held out of each file
  ///   - count: the most sequences that an evaluation reads
  func read(
    _ files: [URL], validation: [URL], heldOut share: Double, atMost count: Int, _ reading: ReadingOptions
  ) throws -> (training: any TaskData, validation: any TaskData) {
    let parts = try files.map { try part($0, reading) }
    let others = try validation.map { try part($0, reading) }
    let cuts = parts.map { $0.cut(others.isEmpty ? share : 0) }
    let training = zip(parts, cuts).map { $0.slice(0..<$1) }
    let held = others.isEmpty ? zip(parts, cuts).map { $0.slice($1..<$0.examples.count) } : others
    let data = (try joined(training, atMost: nil), try joined(held, atMost: count))
    for (data, what) in [(data.0, "to learn from"), (data.1, "to measure on")] where data.examples.count == 0 {
      throw Failure("The texts leave nothing \(what); give more, or another --held-out.", .malformed)
    }
    return data
  }

  /// One file as examples: of causal texts one a row, of masked ones sequences that are full.
  private struct Part {
    let examples: any ExampleSource
    let facts: FeatureFacts
    let rows: Int

    /// The example that what is held out begins at: so that the rest holds its share of the tokens.
    func cut(_ share: Double) -> Int {
      let wanted = Int((Double(facts.tokens) * share).rounded())
      var (end, tokens) = (examples.count, 0)
      while end > 0, tokens < wanted {
        end -= 1
        tokens += examples.length(end)
      }
      return end
    }

    func slice(_ range: Range<Int>) -> Part {
      Part(examples: ExampleSlice(examples, range), facts: facts, rows: rows)
    }
  }

  private func part(_ file: URL, _ reading: ReadingOptions) throws -> Part {
    let writings = try Writings.read(file, reading)
    let cache = FeatureCache(session.home.cache)
    func features(_ featurizer: some Featurizer<Writing>) throws -> Features {
      try Features(writings.rows, featurizer, cache: cache) { done, total in
        try Interrupt.check()
        session.screen.live(
          .progress(
            .init(label: "reading \(file.lastPathComponent)", done: done, total: total, unit: .count("texts"))))
      }
    }
    let made =
      switch objective {
      case .masked: try features(try WordFeatures(tokenizer: tokenizer, limit: length, isPacked: true))
      case .causal:
        try features(try PlainContinuations(ContinuationFeatures(tokenizer: tokenizer, limit: Int(Int32.max))))
      }
    return Part(examples: made.examples, facts: made.facts, rows: writings.count)
  }

  private func joined(_ parts: [Part], atMost count: Int?) throws -> any TaskData {
    let examples = JoinedExamples(parts.map { ($0.examples, $0.rows) })
    var facts = FeatureFacts()
    for part in parts {
      facts.rows += part.rows
      facts.tokens += part.facts.tokens
      facts.longest = max(facts.longest, part.facts.longest)
    }
    facts.examples = examples.count
    switch objective {
    case .causal:
      var data = ContinuationData(
        rows: examples, tokenFacts: facts, packedLength: length, rowCount: facts.rows, tokenizer: tokenizer)
      if let count { data.examples = SpacedExamples(data.examples, atMost: count) }
      return data
    case .masked:
      guard let mask = tokenizer.special.mask else {
        throw Failure(
          "The tokenizer has no mask token, so no word can be hidden; take --objective causal, or a tokenizer of kind wordpiece.",
          .malformed)
      }
      var masking = WordMasking(
        maskID: Int32(mask), vocabularySize: vocabularySize, special: tokenizer.special.ids)
      if wholeWords { masking.continuations = tokenizer.continuations }
      if bag > 0, count == nil {
        masking.bag = WordBag(
          weight: bag, examples: examples, vocabularySize: vocabularySize, special: tokenizer.special.ids)
        return WordData(
          examples: DocumentExamples(examples), facts: facts, rowCount: facts.rows, masking: masking)
      }
      let few = count.map { SpacedExamples(examples, atMost: $0) as any ExampleSource }
      return WordData(examples: few ?? examples, facts: facts, rowCount: facts.rows, masking: masking)
    }
  }
}

/// Every row as nothing but a text: of pairs and conversations all is learnt.
private struct PlainContinuations: Featurizer {
  private let features: ContinuationFeatures
  var tokenizer: Tokenizer { features.tokenizer }
  var limit: Int { features.limit }
  var settings: [String] { features.settings + ["plain"] }

  init(_ features: ContinuationFeatures) { self.features = features }

  func featured(_ row: Writing, at index: Int) throws -> Featured {
    try features.featured(Writing(.text(row.text), line: row.line), at: index)
  }
}
