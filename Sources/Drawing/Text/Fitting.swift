/// Where a text stands in a wider field.
package enum Alignment: Sendable, Equatable {
  case left, right, center
}

/// A text cut to a width, its end replaced by `ellipsis` when something was lost. Never cuts a grapheme
/// cluster.
package func truncated(_ text: String, to width: Int, ellipsis: String = "…") -> String {
  guard displayWidth(text) > width else { return text }
  let room = width - displayWidth(ellipsis)
  guard room >= 0 else { return String(repeating: ".", count: max(width, 0)) }
  return prefix(of: text, width: room) + ellipsis
}

/// A text filled with spaces to a width; a wider text is left as it is.
package func padded(_ text: String, to width: Int, alignment: Alignment = .left) -> String {
  let missing = width - displayWidth(text)
  guard missing > 0 else { return text }
  switch alignment {
  case .left: return text + spaces(missing)
  case .right: return spaces(missing) + text
  case .center: return spaces(missing / 2) + text + spaces(missing - missing / 2)
  }
}

/// A text broken at spaces into lines no wider than a width; a longer word, such as a path, is broken behind `/`, `.`,
/// `_` or `-`, else between grapheme clusters.
package func wrapped(_ text: String, to width: Int) -> [String] {
  wrapped([Drawing.Span(text)], to: width).map { $0.map(\.text).joined() }
}

/// Spans broken at spaces into lines no wider than a width. The indent of the text is kept on the lines that
/// follow.
func wrapped(_ spans: [Drawing.Span], to width: Int) -> [[Drawing.Span]] {
  let width = max(width, 2)
  let text = spans.map(\.text).joined()
  guard displayWidth(text) > width else { return [spans] }
  let indent = min(text.prefix { $0 == " " }.count, width / 2)
  var lines: [[Drawing.Span]] = []
  var line: [Drawing.Span] = []
  var used = 0
  func breakLine() {
    lines.append(line)
    line = [Drawing.Span(spaces(indent))]
    used = indent
  }
  for (word, isBlank) in words(of: spans) {
    let length = word.reduce(0) { $0 + displayWidth($1.text) }
    if used + length <= width {
      if isBlank && used == indent && !lines.isEmpty { continue }
      line += word
      used += length
    } else if isBlank {
      breakLine()
    } else {
      if used > indent { breakLine() }
      for part in word.flatMap(joints) {
        if used + displayWidth(part.text) > width, used > indent { breakLine() }
        for cluster in part.text {
          if used + displayWidth(cluster) > width { breakLine() }
          line.append(Drawing.Span(String(cluster), part.role))
          used += displayWidth(cluster)
        }
      }
    }
  }
  lines.append(line)
  return lines.map(merged)
}

/// The longest start of a text that fits a width.
func prefix(of text: String, width: Int) -> String {
  var used = 0
  var result = ""
  for cluster in text {
    used += displayWidth(cluster)
    guard used <= width else { break }
    result.append(cluster)
  }
  return result
}

func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

/// Spans cut into alternating words and blanks; a word may change its role midway.
private func words(of spans: [Drawing.Span]) -> [(parts: [Drawing.Span], isBlank: Bool)] {
  var result: [(parts: [Drawing.Span], isBlank: Bool)] = []
  for span in spans {
    var rest = span.text[...]
    while let first = rest.first {
      let isBlank = first == " "
      let part = rest.prefix { ($0 == " ") == isBlank }
      rest = rest.dropFirst(part.count)
      let piece = Drawing.Span(String(part), span.role)
      if let last = result.indices.last, result[last].isBlank == isBlank {
        result[last].parts.append(piece)
      } else {
        result.append(([piece], isBlank))
      }
    }
  }
  return result
}

/// A word cut behind the characters that join the parts of paths and names.
private func joints(_ word: Drawing.Span) -> [Drawing.Span] {
  var parts: [String] = [""]
  for cluster in word.text {
    if let last = parts.last?.last, "/._-".contains(last), !"/._-".contains(cluster) { parts.append("") }
    parts[parts.count - 1].append(cluster)
  }
  return parts.map { Drawing.Span($0, word.role) }
}

private func merged(_ spans: [Drawing.Span]) -> [Drawing.Span] {
  var result: [Drawing.Span] = []
  for span in spans where !span.text.isEmpty {
    if let last = result.indices.last, result[last].role == span.role {
      result[last].text += span.text
    } else {
      result.append(span)
    }
  }
  return result
}
