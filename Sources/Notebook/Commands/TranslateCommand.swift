import ArgumentParser
import Drawing
import Models
import Pipelines

/// `translate`: a text in another language.
package struct TranslateCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "translate", abstract: "Translate texts.",
    discussion: """
      en-pt and pt-en know their two languages. A model of many needs them by --source-language and --target-language, \
      as its tokenizer spells them: en_XX and pt_XX, or en and de. A paragraph of more than --max-source-tokens goes \
      through the model sentence by sentence; a shorter one goes whole.
      """,
    aliases: ["translation"])
  package static let group = CommandGroup.tasks
  package static let example = #"translate "How are you today?" --model en-pt"#
  package static let needs = ["pull en-pt --yes"]
  @Argument(help: "Texts.") package var texts: [String] = []
  @Option(help: ArgumentHelp("The texts' language, for a model of many.", valueName: "language"))
  package var sourceLanguage: String?
  @Option(help: ArgumentHelp("The language of the translation, for a model of many.", valueName: "language"))
  package var targetLanguage: String?
  @Flag(help: "Draw where the decoder looked when it wrote each token.") package var alignment = false
  @Flag(help: "Every sentence by itself.") package var sentences = false
  @Option(help: "A longer paragraph goes sentence by sentence.") package var maxSourceTokens = 128
  @Flag(help: "Compute in 8 bits as Marian does, instead of floats: faster, and another word now and then.")
  package var int8 = false
  @OptionGroup(title: "Writing") package var options: GenerationOptions
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try input.check(common, texts: texts)
    if maxSourceTokens < 2 { throw ValidationError("--max-source-tokens counts from 2, not \(maxSourceTokens).") }
    if options.count ?? 1 > 1 { throw ValidationError("translate gives one translation of each text.") }
  }

  /// The model of a translation where nobody names one.
  static let usual = "en-pt"

  /// Where a piece's decoder looked: the last layer, the mean over heads.
  package struct Alignment: Encodable {
    let tokens: [String]
    let sourceTokens: [String]
    /// [token][source token]
    let weights: [[Float]]

    enum CodingKeys: String, CodingKey {
      case tokens
      case sourceTokens = "source_tokens"
      case weights
    }
  }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    let translation: String
    let pieces: [TranslatedPiece]
    /// One for each piece; only with --alignment.
    let alignments: [Alignment]?
  }

  package struct Whole: CommandAnswer {
    let text: String
    let translation: String
    let model: String
    /// `f32`, or `int8` where inputs of products were rounded, too.
    let arithmetic: String
    let newTokens: Int
    let seconds: Double
    let results: [Row]

    enum CodingKeys: String, CodingKey {
      case text, translation, model, arithmetic
      case newTokens = "new_tokens"
      case seconds, results
    }
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.answeringModel(common, usual: Self.usual) { $0.kind == .targetWords }
    guard repository.kind == .targetWords else { throw WritingError.doesNotTranslate(model: repository.name) }
    var form = SourceForm()
    let settings = try options.settings(repository, usual: 256) { settings in
      let languages = LanguagePair(source: sourceLanguage, target: targetLanguage)
      form = try repository.translationForm(languages, into: &settings)
    }
    let cut = TranslationCut(maximumTokens: maxSourceTokens, splitsAlways: sentences)
    try repository.setByteArithmetic(int8)
    defer { try? repository.setByteArithmetic(false) }
    let start = ContinuousClock.now
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      let all = try repository.translate(
        inputs.map(\.text), settings, form: form, cut: cut, hooks: .stoppingAtOnce)
      return try zip(inputs, all).map { input, translated in
        Row(
          id: input.id, line: input.line, text: input.text, translation: translated.translation,
          pieces: translated.pieces,
          alignments: alignment ? try translated.pieces.map { try Self.alignment($0, repository, form) } : nil)
      }
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      return Whole(
        text: first.text, translation: first.translation, model: repository.name, arithmetic: int8 ? "int8" : "f32",
        newTokens: rows.reduce(0) { $0 + $1.pieces.reduce(0) { $0 + $1.tokens.count } },
        seconds: (ContinuousClock.now - start).seconds, results: rows)
    }
  }

  private static func alignment(
    _ piece: TranslatedPiece, _ repository: Repository, _ form: SourceForm
  ) throws -> Alignment {
    let ids = piece.tokens.map { Int32($0.token) }
    guard !ids.isEmpty else { return Alignment(tokens: [], sourceTokens: piece.sourceTokens, weights: []) }
    let reading = try repository.attend(piece.source, writing: ids, part: .cross, form: form)
    return Alignment(
      tokens: reading.tokens, sourceTokens: reading.seen,
      weights: reading.map(layer: reading.layers.count - 1, head: nil))
  }
}

extension Session {
  /// The model that answers texts: the one that a command names, the session's if it fits, else the usual one.
  func answeringModel(
    _ common: CommonOptions, usual: String, fits: (Repository) -> Bool
  ) throws -> Repository {
    if common.model == nil, let chosen = settings.model, case let repository = try model(chosen), fits(repository) {
      return repository
    }
    return try model(common.model ?? usual)
  }
}

extension WritingHooks {
  /// An interrupt ends the command: half of an answer is none.
  static var stoppingAtOnce: WritingHooks {
    WritingHooks(
      onPiece: { _, _ in
        try Interrupt.check()
        return true
      },
      onBeams: { _ in
        try Interrupt.check()
        return true
      })
  }
}
