import Foundation
import Models
import Tokenizers

/// A short text that says what a long one does.
package struct Summary: Sendable, Equatable {
  package let text: String
  /// Of the long text, and how many of them the model read.
  package let sourceTokens: Int
  package let readTokens: Int
  package let tokens: [WrittenToken]
  package let finishReason: String
}

extension Repository {
  /// Whether a summary may be asked of it: it writes, and its family does more than translate.
  package var summarizes: Bool { writes && !configuration.family.onlyTranslates }

  /// What a model that follows instructions is told to do.
  package static let summaryInstruction =
    "Summarize the text that the user gives you in one to three sentences. Say only what the text says."

  /// Says in short what a text says. A model with an encoder was trained to do so; one that follows instructions is told
  /// to; any other continues `TL;DR:`, as GPT-2's authors had it do (Radford et al. 2019).
  ///
  /// Of a text that is longer than the model reads, its beginning counts.
  /// - Parameter instruction: in place of `summaryInstruction`
  /// - Throws: `WritingError`, `InputError`, and what the hooks throw
  package func summarize(
    _ text: String, _ settings: GenerationSettings, form: SourceForm = SourceForm(), instruction: String? = nil,
    stops: [String] = [], hooks: WritingHooks = .init()
  ) throws -> Summary {
    let tokenizer = try tokenizer()
    let limit = try maximumTokens()
    // Room for what stands around the text, and for the answer.
    let around = kind == .targetWords ? try source("", form).ids.count : 96 + min(settings.maximumNewTokens, limit / 4)
    let (read, sourceTokens, readTokens) = try beginning(of: text, tokens: max(1, limit - around))
    let written: WrittenText
    if kind == .targetWords {
      written = try first(try write([read], settings, form: form, stops: stops, hooks: hooks))
    } else if tokenizer.chatTemplates["default"] != nil {
      let conversation = Conversation(self, system: instruction ?? Repository.summaryInstruction)
      written = try conversation.say(read, settings, stops: stops, hooks: hooks).answer
    } else {
      written = try first(try write([read + "\n\nTL;DR:"], settings, stops: stops, hooks: hooks))
    }
    return Summary(
      text: written.newText.trimmingCharacters(in: .whitespacesAndNewlines), sourceTokens: sourceTokens,
      readTokens: readTokens, tokens: written.tokens,
      finishReason: written.finishReason)
  }

  /// The only text that was asked for; settings that forbid every word leave none.
  private func first(_ written: [[WrittenText]]) throws(InputError) -> WrittenText {
    guard let text = written.first?.first else { throw .empty }
    return text
  }

  /// The part of a text that its first tokens make up.
  private func beginning(of text: String, tokens limit: Int) throws -> (text: String, all: Int, read: Int) {
    let encoding = try tokenizer().encode(text, specialTokens: false)
    guard encoding.count > limit else { return (text, encoding.count, encoding.count) }
    let end = encoding.offsets[limit - 1].upperBound
    let scalars = text.unicodeScalars.prefix(end)
    return (String(String.UnicodeScalarView(scalars)), encoding.count, limit)
  }
}
