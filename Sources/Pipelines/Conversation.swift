import Models
import Tokenizers

/// A conversation with a model, which remembers what it has read: a further turn costs its own tokens alone.
package final class Conversation {
  package let repository: Repository
  /// What everybody has said, the system's words first where there are any.
  package private(set) var messages: [ChatTemplate.Message]
  /// Turns that were forgotten because the model reads no more.
  package private(set) var forgotten = 0
  private var decoding: Decoding?

  package let system: String?

  package init(_ repository: Repository, system: String? = nil) {
    self.repository = repository
    self.system = system
    messages = []
    restart()
  }

  /// Forgets what was said, but for the system's words.
  package func restart() {
    messages = system.map { [.init(role: "system", content: $0)] } ?? []
    forgotten = 0
  }

  /// One answer.
  package struct Turn: Sendable {
    /// The text that the model continued.
    package let prompt: String
    package let promptTokens: Int
    /// Tokens of it that the model had read before.
    package let reusedTokens: Int
    package let answer: WrittenText
  }

  /// The text that the model sees of what has been said so far.
  /// - Parameter addsPrompt: with the beginning of an answer at the end
  /// - Throws: `TokenizerError`
  package func text(addsPrompt: Bool = false) throws -> String {
    try repository.tokenizer().chat(messages, addsPrompt: addsPrompt)
  }

  /// Says something, and gets an answer. Where it throws, nothing was said.
  /// - Throws: `WritingError`, `TokenizerError`, `InputError`, and what the hooks throw
  package func say(
    _ text: String, _ settings: GenerationSettings, stops: [String] = [], hooks: WritingHooks = .init()
  ) throws -> Turn {
    guard repository.kind == .causalWords else { throw WritingError.doesNotWrite(model: repository.name) }
    let tokenizer = try repository.tokenizer()
    let model = try repository.model()
    var all = messages + [.init(role: "user", content: text)]
    var left = forgotten
    let limit = try repository.maximumTokens()
    let room = limit - min(settings.maximumNewTokens, limit / 4)
    var (prompt, ids) = try lay(all, tokenizer)
    while ids.count > room, let oldest = oldestTurn(all) {
      all.removeSubrange(oldest)
      left += 1
      (prompt, ids) = try lay(all, tokenizer)
    }
    let decoding = try self.decoding ?? Decoding(model, sequences: 1)
    self.decoding = decoding
    let reused = zip(decoding.fed[0], ids).prefix { $0 == $1 }.count
    let written = try repository.write(
      [prompt], as: [ids], settings, stops: stops, hooks: hooks, resuming: decoding)
    guard let answer = written.first?.first else { throw InputError.empty }
    messages = all + [.init(role: "assistant", content: answer.newText)]
    forgotten = left
    return Turn(prompt: prompt, promptTokens: ids.count, reusedTokens: min(reused, ids.count - 1), answer: answer)
  }

  private func lay(_ messages: [ChatTemplate.Message], _ tokenizer: Tokenizer) throws -> (String, [Int32]) {
    let prompt = try tokenizer.chat(messages)
    return (prompt, try tokenizer.encode(prompt, specialTokens: false).ids)
  }

  /// The first question and its answer, if another question follows.
  private func oldestTurn(_ messages: [ChatTemplate.Message]) -> Range<Int>? {
    let start = messages.first?.role == "system" ? 1 : 0
    return messages.count > start + 2 ? start..<start + 2 : nil
  }
}
