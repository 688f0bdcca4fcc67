import Foundation
import Tokenizers

/// One sequence a text, for models that go on with texts. Of a pair only the answer is asked for, of a conversation the
/// assistant's turns, of a plain text all of it; and the token that ends it, which the tokenizer itself may not write.
package struct ContinuationFeatures: Featurizer {
  package let tokenizer: Tokenizer
  package let limit: Int
  private let template: ChatTemplate?
  private let templateText: String
  private let end: Int32?
  package var settings: [String] { ["continuations", templateText, end.map(String.init) ?? ""] }

  /// - Throws: `TokenizerError.badTemplate`
  package init(tokenizer: Tokenizer, limit: Int) throws(TokenizerError) {
    self.tokenizer = tokenizer
    self.limit = limit
    templateText = tokenizer.chatTemplates["default"] ?? ""
    template = templateText.isEmpty ? nil : try ChatTemplate(templateText, file: "chat_template")
    end = tokenizer.special.end.map(Int32.init)
  }

  package func featured(_ row: Writing, at index: Int) throws -> Featured {
    let encoding: Encoding
    /// Of the text, in Unicode scalars.
    let asked: [Range<Int>]
    switch row.content {
    case .text(let text):
      encoding = try tokenizer.encode(text)
      asked = [0..<text.unicodeScalars.count]
    case .answer(let source, let target):
      let text = source + target
      encoding = try tokenizer.encode(text)
      asked = [source.unicodeScalars.count..<text.unicodeScalars.count]
    case .chat(let turns):
      let (text, turns) = try laidOut(turns)
      encoding = try tokenizer.encode(text, specialTokens: false)
      asked = turns
    }
    var ids = encoding.ids
    // A token on the border belongs to what is asked: it cannot be known without it.
    var flags = encoding.ids.indices.map { token in
      let place = encoding.offsets[token]
      return !encoding.specialMask[token]
        && asked.contains { $0.lowerBound < place.upperBound && place.lowerBound < $0.upperBound }
    }
    if case .chat = row.content {
      // The template writes its own ends.
    } else if let end {
      if ids.last == end {
        flags[flags.count - 1] = true
      } else {
        ids.append(end)
        flags.append(true)
      }
    }
    let isCut = ids.count > limit
    flags = Array(flags.prefix(limit))
    // Nothing is learnt from a row whose prompt alone fills the sequence.
    guard flags.dropFirst().contains(true) else { return Featured([], isCut: isCut) }
    let kept = Array(ids.prefix(limit))
    return Featured([Example(ids: kept, typeIDs: kept.map { _ in 0 }, target: .asked(flags), row: index)], isCut: isCut)
  }

  /// A conversation as the model wants it, and where the assistant speaks: from behind its prompt to its turn's end.
  ///
  /// A template that writes an earlier turn in another way once it is followed has no such place for it: that turn is
  /// not learnt then.
  private func laidOut(
    _ turns: [ChatTemplate.Message]
  ) throws(TokenizerError) -> (text: String, asked: [Range<Int>]) {
    guard let template else { throw .noTemplate(name: "default") }
    func text(_ count: Int, addsPrompt: Bool) throws(TokenizerError) -> String {
      try template.text(
        Array(turns.prefix(count)), addsPrompt: addsPrompt, special: tokenizer.specialTexts,
        now: ContinuationFeatures.day)
    }
    let whole = try text(turns.count, addsPrompt: false)
    var asked: [Range<Int>] = []
    for (place, turn) in turns.enumerated() where turn.role == "assistant" {
      let before = try text(place, addsPrompt: true)
      let after = try text(place + 1, addsPrompt: false)
      guard after.hasPrefix(before), whole.hasPrefix(after) else { continue }
      asked.append(before.unicodeScalars.count..<after.unicodeScalars.count)
    }
    return (whole, asked)
  }

  /// What templates that ask for the day get: the same rows make the same examples on any day.
  private static let day = Date(timeIntervalSince1970: 1_735_689_600)
}
