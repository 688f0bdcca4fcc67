import Drawing

extension Quiz {
  /// The question and its choices, as a room or a learner sees it.
  func drawing(_ style: TerminalStyle) -> Drawing {
    let width = max(20, min(style.width, Prose.widest))
    let lines = choices.flatMap { choice in
      Prose.lines(Prose.spans(Markdown.runs(choice.text)), width - 5).enumerated().map { index, line in
        [.init(index == 0 ? "  \(choice.letter)) " : "     ", .accent)] + line
      }
    }
    let question = Prose(prose).drawing(style)
    return lines.isEmpty ? question : .stack([question, .blank, .text(.init(lines: lines))])
  }

  /// What is right; nothing where the keys are kept elsewhere.
  func answerDrawing(_ style: TerminalStyle) -> Drawing {
    guard let answer else { return .text(.init("The answer is kept apart.", .faint)) }
    let mark = style.unicode && !style.accessible ? "✓ " : "Answer: "
    let width = max(20, min(style.width, Prose.widest))
    let runs = Markdown.runs(mark + answer.shown(among: choices))
    return .text(.init(lines: Prose.lines(Prose.spans(runs).map { Drawing.Span($0.text, .good) }, width)))
  }

  /// What a speaker should know: the answer, and what to say to a wrong one.
  var advice: [String] {
    let wrong = feedback.sorted { $0.key < $1.key }.map { value, sentences in
      let whom = value == Quiz.anyOther ? "If they say anything else" : "If they say \(value)"
      return "\(whom): \(sentences.joined(separator: " "))"
    }
    return [answer.map { "The answer is \($0.shown(among: choices))." } ?? "The answer is kept apart."] + wrong
  }
}
