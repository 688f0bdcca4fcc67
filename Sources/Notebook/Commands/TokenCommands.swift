import ArgumentParser
import Drawing
import Pipelines
import Tokenizers

/// `tokens`: how a model reads a text.
package struct TokensCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "tokens", abstract: "Split a text into the pieces a model reads, with ids and places.",
    discussion: """
      Offsets count the characters (Unicode scalars) of the text as you typed it. --explain walks the text through \
      every stage of the tokenizer: normalising, splitting into words, cutting words into pieces, adding special tokens. \
      --chat takes the text as a user's message and lays it out as a model that chats was trained to read it.
      """)
  package static let group = CommandGroup.tokens
  package static let example = #"tokens "Hello, world""#
  @Argument(help: "The text.") package var text: String
  @Option(help: "A second text, as in question answering.") package var pair: String?
  @Flag(help: "Show every step: normalised text, words, pieces.") package var steps = false
  @Flag(help: "Walk the text through every stage by its name, and say what marks in pieces mean.")
  package var explain = false
  @Flag(name: .customLong("no-special"), help: "Without [CLS], [SEP] and the like.") package var noSpecial = false
  @Option(name: .customLong("max-length"), help: "Cut to this many tokens, special ones included.")
  package var maximumLength: Int?
  @Option(help: "longest_first, only_first or only_second: which text is cut.") package var truncation = "longest_first"
  @Option(help: "Tokens that a part repeats of the part before.") package var stride = 0
  @Flag(help: "Lay the text out as a message, by the tokenizer's chat template.") package var chat = false
  @Option(help: "A tokenizer.json, .model, .gguf or folder, in place of the model's.") package var tokenizer: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if chat, pair != nil { throw ValidationError("--chat takes one text; a message has no --pair.") }
  }

  package struct Token: Encodable {
    let token: String
    let id: Int
    /// Unicode scalars of the original text.
    let start: Int
    let end: Int
    let special: Bool
    let type_id: Int
    let word: Int?
  }

  package struct Step: Encodable {
    let original: String
    let normalized: String
    let words: [String]
  }

  /// What one stage gave on.
  package struct Stage: Encodable {
    /// normalizer, pre_tokenizer, model or post_processor
    let stage: String
    let name: String
    let parts: [String]
  }

  package struct Answer: CommandAnswer {
    let text: String
    let pair: String?
    /// The message as the chat template lays it out.
    let chat: String?
    let tokens: [String]
    let ids: [Int]
    let pieces: [Token]
    /// The parts beyond `max-length`, in the same form.
    let overflow: [[Token]]
    let decoded: String
    let steps: [Step]?
    let stages: [[Stage]]?
    let marks: [String]?
  }

  package func answer(in session: Session) throws -> Answer {
    let tokenizer = try session.tokenizer(tokenizer, common)
    let cut = try maximumLength.map { maximum in
      guard let strategy = Truncation.Strategy(rawValue: truncation.replacing("-", with: "_")) else {
        throw Failure(
          "--truncation is longest_first, only_first or only_second, not '\(sanitized(truncation))'.", .usage)
      }
      return Truncation(maximumLength: maximum, strategy: strategy, stride: stride)
    }
    let laidOut = chat ? try tokenizer.chat([.init(role: "user", content: text)]) : nil
    let trace = try tokenizer.trace(
      laidOut ?? text, pair: pair, specialTokens: !noSpecial && !chat, truncation: cut)
    let encoding = trace.encoding
    let pieces = Self.tokens(encoding)
    return Answer(
      text: text, pair: pair, chat: laidOut, tokens: encoding.tokens, ids: encoding.ids.map(Int.init), pieces: pieces,
      overflow: encoding.overflowing.map(Self.tokens),
      decoded: tokenizer.decode(encoding.ids.map(Int.init), skippingSpecialTokens: true),
      steps: steps
        ? trace.sequences.map { Step(original: $0.original, normalized: $0.normalized, words: $0.words.map(\.text)) }
        : nil,
      stages: explain ? Self.stages(trace, tokenizer) : nil,
      marks: explain ? Self.marks(encoding, trace) : nil)
  }

  private static func tokens(_ encoding: Encoding) -> [Token] {
    let words = encoding.wordIDs
    return encoding.ids.indices.map { index in
      Token(
        token: encoding.token(index), id: Int(encoding.ids[index]), start: encoding.offsets[index].lowerBound,
        end: encoding.offsets[index].upperBound, special: encoding.specialMask[index],
        type_id: Int(encoding.typeIDs[index]), word: words[index])
    }
  }

  /// The stages of each text; what frames them stands behind the last.
  private static func stages(_ trace: Trace, _ tokenizer: Tokenizer) -> [[Stage]] {
    let encoding = trace.encoding
    var texts = trace.sequences.enumerated().map { index, sequence in
      let own = encoding.sequenceIDs.enumerated().filter { $1 == index }.map { encoding.token($0.offset) }
      return sequence.steps.map {
        Stage(stage: $0.splits ? "pre_tokenizer" : "normalizer", name: $0.name, parts: $0.parts)
      } + [Stage(stage: "model", name: tokenizer.kind, parts: own)]
    }
    if encoding.sequenceIDs.contains(nil), let last = texts.indices.last {
      texts[last].append(
        Stage(stage: "post_processor", name: tokenizer.postProcessorKind, parts: encoding.tokens))
    }
    return texts
  }

  private static func marks(_ encoding: Encoding, _ trace: Trace) -> [String] {
    PieceMarks.meanings(in: encoding.tokens + trace.sequences.flatMap { $0.steps.flatMap(\.parts) })
  }
}
