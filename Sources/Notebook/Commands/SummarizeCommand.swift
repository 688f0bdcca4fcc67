import ArgumentParser
import Drawing
import Foundation
import Models
import Pipelines

/// `summarize`: what a long text says, in short.
package struct SummarizeCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "summarize", abstract: "Say in short what a text says.",
    discussion: """
      A model with an encoder and a decoder that was trained for it (BART, T5) answers the text with its summary. A \
      model that follows instructions is told to summarize. A file of plain text is one text; JSON lines are many.
      """,
    aliases: ["summarization"])
  package static let group = CommandGroup.tasks
  package static let example = #"summarize "The library was closed for a year. It opens on Monday." --model smollm2"#
  package static let needs = ["pull smollm2 --yes"]
  @Argument(help: "Texts.") package var texts: [String] = []
  @Option(help: "What a model that follows instructions is told to do.") package var instruction: String?
  @OptionGroup(title: "Writing") package var options: GenerationOptions
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try input.check(common, texts: texts)
    if options.count ?? 1 > 1 { throw ValidationError("summarize gives one summary of each text.") }
  }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    let summaryText: String
    let sourceTokens: Int
    /// Tokens of the text that the model read.
    let readTokens: Int
    let newTokens: Int
    let finishReason: String

    enum CodingKeys: String, CodingKey {
      case id, line, text
      case summaryText = "summary_text"
      case sourceTokens = "source_tokens"
      case readTokens = "read_tokens"
      case newTokens = "new_tokens"
      case finishReason = "finish_reason"
    }
  }

  package struct Whole: CommandAnswer {
    let text: String
    let summaryText: String
    let model: String
    let seconds: Double
    let results: [Row]

    enum CodingKeys: String, CodingKey {
      case text
      case summaryText = "summary_text"
      case model, seconds, results
    }
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.answeringModel(common, usual: ChatCommand.usual, fits: \.summarizes)
    guard repository.writes else { throw WritingError.doesNotWrite(model: repository.name) }
    guard repository.summarizes else { throw WritingError.onlyTranslates(model: repository.name) }
    var form = SourceForm()
    let settings = try options.settings(repository, usual: 128) { settings in
      if let prefix = try repository.read("summarization", into: &settings) { form.prefix = prefix }
    }
    _ = try repository.model()
    let start = ContinuousClock.now
    let (texts, input) = try sources(in: session)
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      try inputs.map { try summarize($0, repository, settings, form, in: session) }
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      return Whole(
        text: first.text, summaryText: first.summaryText, model: repository.name,
        seconds: (ContinuousClock.now - start).seconds, results: rows)
    }
  }

  /// The texts, and what is left of the options: a file of plain text is one text.
  private func sources(in session: Session) throws -> ([String], InputOptions) {
    guard let path = input.file else { return (texts, input) }
    let url = path == "-" ? nil : try session.file(path)
    if let url, ["jsonl", "ndjson", "json"].contains(url.pathExtension.lowercased()) { return (texts, input) }
    let reader = try LineReader(url)
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line) }
    let text = lines.joined(separator: "\n")
    guard !text.allSatisfy(\.isWhitespace) else {
      throw Failure("\(sanitized(path)) holds no text to summarize.", .malformed)
    }
    var left = input
    left.file = nil
    return ([text], left)
  }

  private func summarize(
    _ input: TaskInput, _ repository: Repository, _ settings: GenerationSettings, _ form: SourceForm,
    in session: Session
  ) throws -> Row {
    var written = ""
    defer { session.screen.endLive() }
    let summary = try repository.summarize(
      input.text, settings, form: form, instruction: instruction, stops: options.stops,
      hooks: WritingHooks(
        onPiece: { _, piece in
          written += piece
          session.screen.live(.plain(written), followsEnd: true)
          try Interrupt.check()
          return true
        }, onBeams: WritingHooks.stoppingAtOnce.onBeams))
    if summary.readTokens < summary.sourceTokens {
      session.screen.notice(
        "The text has \(grouped(summary.sourceTokens)) tokens; \(repository.name) read the first "
          + "\(grouped(summary.readTokens)), and the summary is of those.")
    }
    return Row(
      id: input.id, line: input.line, text: input.text, summaryText: summary.text, sourceTokens: summary.sourceTokens,
      readTokens: summary.readTokens, newTokens: summary.tokens.count, finishReason: summary.finishReason)
  }
}
