import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Tokenizers

extension TrainingKind: ExpressibleByArgument {}

/// `train-tokenizer`: a vocabulary from texts.
package struct TrainTokenizerCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "train-tokenizer", abstract: "Learn a vocabulary from text files.",
    discussion: """
      bpe merges the most frequent pair again and again, equal to Hugging Face's trainer; wordpiece does the same inside \
      words; unigram begins with all frequent substrings and drops those that matter least. One text gives the same \
      vocabulary each time. --show-merges shows how it goes, and --guess asks you what comes next. --output writes a tokenizer.json that Hugging Face loads.
      """)
  package static let group = CommandGroup.tokens
  package static let example = "train-tokenizer --kind bpe --size 300 --show-merges 5 lessons/02-tokens.md"
  @Option(help: "wordpiece, bpe or unigram.") package var kind: TrainingKind = .bpe
  @Option(help: "How many pieces.") package var size = 8000
  @Option(name: .customLong("min-frequency"), help: "Pairs that occur less often are not merged.")
  package var minimumCount = 0
  @Flag(help: "Keep letters' case (wordpiece).") package var cased = false
  @Option(help: "Write the tokenizer.json here.") package var output: String?
  @Option(
    name: .customLong("show-merges"),
    help: "Show the first so many merges: the counts, the next merge, words so far (bpe and wordpiece).")
  package var shown = 0
  @Option(help: "Guess which pair merges after those shown, as in 'o+w'.") package var guess: String?
  @Option(parsing: .singleValue, help: "Learn from this text; several may be given.") package var text: [String] = []
  @Argument(help: "Text files.") package var files: [String] = []
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard (1...4_000_000).contains(size) else { throw ValidationError("--size is 1 to 4000000, not \(size).") }
    guard shown >= 0, minimumCount >= 0 else { throw ValidationError("Counts are not negative.") }
    guard !files.isEmpty || !text.isEmpty else { throw ValidationError("Give text files, or a text with --text.") }
    guard shown == 0 && guess == nil || kind != .unigram else {
      throw ValidationError("unigram has no merges to show or to guess.")
    }
    guard guess == nil || guessedPair != nil else {
      throw ValidationError("--guess is two pieces with a plus between, as in 'o+w'.")
    }
  }

  private var guessedPair: (left: String, right: String)? {
    guard let parts = guess?.split(separator: "+"), parts.count == 2 else { return nil }
    return (String(parts[0]), String(parts[1]))
  }

  package struct Pair: Encodable {
    let left: String
    let right: String
    let count: Int

    init(_ step: BPETrainer.Step) {
      left = step.left
      right = step.right
      count = step.count
    }
  }

  package struct Merge: Encodable {
    let left: String
    let right: String
    let merged: String
    let count: Int
    /// The most frequent pairs before the merge.
    let candidates: [Pair]
    /// Some long words after it; of a text of few words, all of them.
    let words: [[String]]
  }

  /// What the user thought would merge next.
  package struct Guess: Encodable {
    let left: String
    let right: String
    /// How often the pair occurs; 0 where it is none.
    let count: Int
    /// Whether no pair occurs more often.
    let is_right: Bool
  }

  package struct Answer: CommandAnswer {
    let kind: String
    let size: Int
    /// Different words, and all of them.
    let words: Int
    let total_words: Int
    let merges: [Merge]
    /// The pair that would merge after those shown.
    let next: Pair?
    let guess: Guess?
    let tokens_per_word: Double
    let seconds: Double
    let output: String?
  }

  package func answer(in session: Session) throws -> Answer {
    let start = ContinuousClock.now
    var words = try kind.words(lowercases: !cased)
    for text in text { words.add(file: Array(text.utf8)) {} }
    for file in files {
      session.screen.live(.plain("counting the words of \(sanitized(file))"))
      try words.add(file: [UInt8](try FileContents.read(try session.file(file)))) { try Interrupt.check() }
    }
    guard words.count > 0 else { throw Failure("There are no words in the text; nothing can be learned.", .malformed) }
    var merges: [Merge] = []
    var pending: [Pair] = []
    let trained =
      try kind == .unigram ? unigram(words, session) : merging(words, session, showing: &merges, pending: &pending)
    let tokenizer = try Tokenizer(json: trained.json, name: "tokenizer.json")
    let url = output.map { URL(fileURLWithPath: ($0 as NSString).expandingTildeInPath) }
    if let url { try AtomicFile.write(trained.json, to: url) }
    return Answer(
      kind: kind.rawValue, size: tokenizer.vocabularySize, words: words.count, total_words: words.total, merges: merges,
      next: shown > 0 ? pending.first : nil, guess: guessedPair.map { Self.judge($0, pending) },
      tokens_per_word: try Self.tokensPerWord(tokenizer, words),
      seconds: (ContinuousClock.now - start).seconds,
      output: output)
  }

  private func unigram(_ words: WordCounts, _ session: Session) throws -> TrainedTokenizer {
    var settings = UnigramTrainer.Settings(size: size)
    settings.special = kind.recipe(lowercases: !cased).special
    session.screen.live(.plain("collecting substrings"))
    var trainer = UnigramTrainer(words, settings)
    guard size >= trainer.leastSize else {
      throw Failure(
        "The text alone has \(trainer.leastSize) different characters; --size must be at least that.", .usage)
    }
    let pieces = try trainer.train { left in
      try Interrupt.check()
      session.screen.live(.plain("\(left) pieces are left"))
    }
    return TrainedTokenizer(kind, unigram: pieces, lowercases: !cased)
  }

  private func merging(
    _ words: WordCounts, _ session: Session, showing merges: inout [Merge], pending: inout [Pair]
  ) throws -> TrainedTokenizer {
    var settings = BPETrainer.Settings(kind, size: size, lowercases: !cased)
    settings.minimumCount = minimumCount
    var trainer = BPETrainer(words, settings)
    let samples = words.frequent(6, longerThan: words.count <= 6 ? 0 : 3)
    while merges.count < shown {
      let candidates = trainer.candidates(5).map(Pair.init)
      guard let step = trainer.next() else { break }
      merges.append(
        Merge(
          left: step.left, right: step.right, merged: trainer.newestPiece, count: step.count, candidates: candidates,
          words: samples.map { trainer.pieces(ofWord: $0) }))
    }
    if shown > 0 || guess != nil, !trainer.isComplete {
      pending = trainer.candidates(guess == nil ? 1 : .max).map(Pair.init)
    }
    var count = 0
    while trainer.next() != nil {
      count += 1
      guard count % 256 == 0 else { continue }
      try Interrupt.check()
      session.screen.live(.plain("\(count) merges"))
    }
    return TrainedTokenizer(kind, trainer, lowercases: !cased)
  }

  private static func judge(_ pair: (left: String, right: String), _ pending: [Pair]) -> Guess {
    let found = pending.first { $0.left == pair.left && $0.right == pair.right }
    return Guess(
      left: pair.left, right: pair.right, count: found?.count ?? 0,
      is_right: found != nil && found?.count == pending.first?.count)
  }

  private static func tokensPerWord(_ tokenizer: Tokenizer, _ words: WordCounts) throws -> Double {
    Double(try words.tokens(of: tokenizer)) / Double(max(1, words.total))
  }
}
