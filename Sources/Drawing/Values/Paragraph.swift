extension Drawing {
  /// What a run of words is for; each backend chooses its look.
  package enum Role: String, Sendable, Equatable, CaseIterable {
    case plain, strong, faint, good, bad, accent, code
  }

  /// A run of words in one role.
  package struct Span: Sendable, Equatable, ExpressibleByStringLiteral {
    package var text: String
    package var role: Role

    package init(_ text: String, _ role: Role = .plain) {
      self.text = text
      self.role = role
    }

    package init(stringLiteral text: String) {
      self.init(text)
    }
  }

  /// Lines of words. A line too wide for the screen goes on below, keeping its indent.
  package struct Paragraph: Sendable, Equatable, ExpressibleByStringLiteral {
    package var lines: [[Span]]

    package init(lines: [[Span]]) {
      self.lines = lines
    }

    /// One line.
    package init(_ spans: [Span]) {
      lines = [spans]
    }

    /// A line for each line of the text.
    package init(_ text: String, _ role: Role = .plain) {
      lines = sanitizedLines(text).map { [Span($0, role)] }
    }

    package init(stringLiteral text: String) {
      self.init(text)
    }
  }
}

extension Drawing.Paragraph {
  /// The lines with everything made safe; a newline inside a span starts a new line.
  var safeLines: [[Drawing.Span]] {
    lines.flatMap { spans -> [[Drawing.Span]] in
      var result: [[Drawing.Span]] = [[]]
      for span in spans {
        for (index, part) in sanitizedLines(span.text).enumerated() {
          if index > 0 { result.append([]) }
          result[result.count - 1].append(Drawing.Span(part, span.role))
        }
      }
      return result
    }
  }

  func terminalLines(_ style: TerminalStyle) -> [Line] {
    safeLines.flatMap { wrapped($0, to: style.usableWidth) }.map { spans in
      Line(spans.map { Line.Run($0.text, Ink($0.role)) })
    }
  }

  func sentences() -> [String] {
    safeLines.map { trimmedEnd($0.map(\.text).joined()) }
  }

  func html() -> String {
    let lines = safeLines
    guard lines.contains(where: { $0.contains { !$0.text.isEmpty } }) else { return "" }
    let body = lines.map { $0.map(\.html).joined() }.joined(separator: "\n")
    return "<p class=\"words\">\(body)</p>"
  }
}

extension Drawing.Span {
  var html: String {
    let text = escaped(text)
    switch role {
    case .plain: return text
    case .strong: return "<strong>\(text)</strong>"
    case .code: return "<code>\(text)</code>"
    case .faint, .good, .bad, .accent: return "<span class=\"\(role.rawValue)\">\(text)</span>"
    }
  }
}
