import ArgumentParser
import Drawing
import Models
import Pipelines
import Tokenizers

/// `chat`: a conversation, turn by turn.
package struct ChatCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "chat", abstract: "Talk with a model that follows instructions.",
    discussion: """
      Each text is a turn, and the next chat goes on from there: the session remembers the conversation until --reset, \
      another --system or another model. Without a text you type turn after turn; Ctrl-C stops an answer, the word \
      restart forgets the conversation, bye or Ctrl-D leaves.
      """)
  package static let group = CommandGroup.tasks
  package static let example = #"chat "What is the capital of France?" --model smollm2"#
  package static let needs = ["pull smollm2 --yes"]
  @Argument(help: "What you say, a turn each.") package var texts: [String] = []
  @Option(help: "How the model is to behave; begins a new conversation.") package var system: String?
  @Flag(help: "Forget the conversation first.") package var reset = false
  @Flag(help: "Show the exact text that the model sees.") package var showTemplate = false
  @Option(help: ArgumentHelp("One turn a line; - is standard input.", valueName: "file|-")) package var file: String?
  @OptionGroup(title: "Writing") package var options: GenerationOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if file != nil, !texts.isEmpty { throw ValidationError("Give texts or --file, not both.") }
    if options.beams ?? 1 > 1 || options.count ?? 1 > 1 || options.contrast ?? 0 > 0 {
      throw ValidationError("chat writes one answer, token by token; it has no beams and no --penalty-alpha.")
    }
  }

  /// The model that one talks with where nobody names one.
  static let usual = "smollm2"

  package struct Message: Encodable {
    let role: String
    let content: String
  }

  /// One turn of this call.
  package struct Exchange: Encodable {
    let text: String
    let generatedText: String
    /// The text that the model continued.
    let prompt: String
    let promptTokens: Int
    /// Tokens of the prompt that it had read in an earlier turn.
    let reusedTokens: Int
    let newTokens: Int
    let finishReason: String

    enum CodingKeys: String, CodingKey {
      case text
      case generatedText = "generated_text"
      case prompt
      case promptTokens = "prompt_tokens"
      case reusedTokens = "reused_tokens"
      case newTokens = "new_tokens"
      case finishReason = "finish_reason"
    }

    init(_ text: String, _ turn: Conversation.Turn) {
      self.text = text
      generatedText = turn.answer.newText
      (prompt, promptTokens, reusedTokens) = (turn.prompt, turn.promptTokens, turn.reusedTokens)
      (newTokens, finishReason) = (turn.answer.tokens.count, turn.answer.finishReason)
    }
  }

  package struct Answer: CommandAnswer {
    let text: String?
    let generatedText: String?
    let model: String
    /// The whole conversation.
    let messages: [Message]
    let results: [Exchange]
    /// The conversation as the model sees it; only with --show-template.
    let template: String?
    let seconds: Double
    /// Whether the answers are on the screen already.
    let isShown: Bool

    enum CodingKeys: String, CodingKey {
      case text
      case generatedText = "generated_text"
      case model, messages, results, template, seconds
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.answeringModel(common, usual: Self.usual) { $0.kind == .causalWords }
    guard repository.kind == .causalWords else { throw WritingError.doesNotWrite(model: repository.name) }
    let settings = try options.settings(repository, usual: 256)
    let talk = session.attachment(Talk.init)
    let isFresh = reset || system != nil || talk.conversation?.repository !== repository
    let conversation =
      isFresh ? Conversation(repository, system: system) : talk.conversation ?? Conversation(repository)
    // Reading the weights is no part of the writing.
    _ = try repository.model()
    let start = ContinuousClock.now
    let turns = try turns(in: session)
    let isTyped = turns.isEmpty && !reset && !showTemplate
    var results: [Exchange] = []
    func say(_ text: String) throws {
      results.append(Exchange(text, try session.say(text, conversation, settings, stops: options.stops)))
      talk.conversation = conversation
    }
    if isTyped {
      try converse(in: session, conversation) { text in
        try say(text)
        session.screen.show(results[results.count - 1].drawing(showsPrompt: showTemplate).lines(session.screen.style))
      }
    } else {
      for text in turns {
        try Interrupt.check()
        try say(text)
      }
    }
    talk.conversation = conversation
    return Answer(
      text: results.last?.text, generatedText: results.last?.generatedText, model: repository.name,
      messages: conversation.messages.map { Message(role: $0.role, content: $0.content) }, results: results,
      template: showTemplate ? try conversation.text() : nil, seconds: (ContinuousClock.now - start).seconds,
      isShown: isTyped)
  }

  private func turns(in session: Session) throws -> [String] {
    guard let file else { return texts }
    let reader = try TaskReader(file == "-" ? nil : session.file(file), .text)
    var all: [String] = []
    while case let some = try reader.next(64), !some.isEmpty { all += some.map(\.text) }
    guard !all.isEmpty else {
      throw Failure("\(sanitized(file)) has no texts; it needs one turn a line.", .malformed)
    }
    return all
  }

  /// Turn after turn from whoever sits at the terminal.
  /// - Throws: `Failure` where nobody does, and what `say` throws
  private func converse(in session: Session, _ conversation: Conversation, _ say: (String) throws -> Void) throws {
    guard session.screen.canAsk, !common.json else {
      throw Failure("Say something: `chat \"Hello\"`, or --file FILE with one turn a line.", .usage)
    }
    session.screen.show(["Ctrl-C stops an answer, restart forgets the conversation, bye leaves."])
    while true {
      switch session.screen.ask("you: ") {
      case .ended, .text("bye"): return
      case .text("restart"): conversation.restart()
      case .interrupted: continue
      case .text(let text) where text.allSatisfy(\.isWhitespace): continue
      case .text(let text):
        Interrupt.forget()
        Interrupt.begin()
        try say(text)
      }
    }
  }
}

/// The conversation of a session.
private final class Talk {
  var conversation: Conversation?
}

extension Session {
  /// What has been said to this model so far; nil where nothing was.
  func conversation(with repository: Repository) -> Conversation? {
    let conversation = attachment(Talk.init).conversation
    return conversation?.repository === repository ? conversation : nil
  }

  /// Says something and shows the answer as it comes. An interrupt ends it and keeps what is there.
  func say(
    _ text: String, _ conversation: Conversation, _ settings: GenerationSettings, stops: [String]
  ) throws -> Conversation.Turn {
    var written = ""
    let forgotten = conversation.forgotten
    defer { screen.endLive() }
    let turn = try conversation.say(
      text, settings, stops: stops,
      hooks: WritingHooks(onPiece: { _, piece in
        written += piece
        self.screen.live(.plain(written), followsEnd: true)
        return !Interrupt.shouldStop
      }))
    if conversation.forgotten > forgotten {
      screen.notice("The conversation is longer than the model reads; its oldest turns are forgotten.")
    }
    return turn
  }
}
