import Drawing

extension ChatCommand.Exchange {
  /// What the model answered, and before it what it saw where that is asked for.
  func drawing(showsPrompt: Bool) -> Drawing {
    .stack((showsPrompt ? [.text(.init(prompt, .faint))] : []) + [.plain(generatedText)])
  }
}

extension ChatCommand.Answer {
  package var drawing: Drawing? {
    guard !isShown else { return nil }
    if results.isEmpty {
      let left = messages.filter { $0.role != "system" }.isEmpty
      return template.map { .text(.init($0, .faint)) } ?? (left ? .plain("A new conversation begins.") : nil)
    }
    guard results.count > 1 else { return results[0].drawing(showsPrompt: template != nil) }
    return .stack(
      results.flatMap { result -> [Drawing] in
        [.words(.init("you: ", .faint), .init(result.text, .strong)), result.drawing(showsPrompt: template != nil)]
      })
  }
}
