import Drawing

extension Markdown {
  /// An HTML fragment, escaped.
  var html: String {
    var parts: [String] = []
    // The lists that are open, outermost first, and whether an item of each is.
    var open: [String] = []
    func close(to depth: Int) {
      while open.count > depth { parts.append("</li></\(open.removeLast())>") }
    }
    for block in blocks {
      guard case .item(let mark, let depth, let runs) = block else {
        close(to: 0)
        parts.append(Markdown.html(block))
        continue
      }
      let list = mark == "-" ? "ul" : "ol"
      let level = min(depth, open.count) + 1
      close(to: level)
      if open.count == level, open.last != list { close(to: level - 1) }
      if open.count == level {
        parts.append("</li>")
      } else {
        let first = mark.dropLast()
        parts.append(list == "ul" || first == "1" ? "<\(list)>" : "<ol start=\"\(first)\">")
        open.append(list)
      }
      parts.append("<li>\(Markdown.html(runs))")
    }
    close(to: 0)
    return parts.joined(separator: "\n")
  }

  /// One line of text with its marks, escaped.
  static func html(inline text: String) -> String { html(runs(text)) }

  /// Lines as they stand, tabs included.
  static func code(_ lines: [String]) -> String {
    "<pre><code>\(lines.flatMap(sanitizedLines).map(escaped).joined(separator: "\n"))</code></pre>"
  }

  private static func html(_ block: Block) -> String {
    switch block {
    case .heading(let level, let runs): "<h\(level)>\(html(runs))</h\(level)>"
    case .paragraph(let runs): "<p>\(html(runs))</p>"
    case .item(_, _, let runs): "<p>\(html(runs))</p>"
    case .quote(let runs): "<blockquote><p>\(html(runs))</p></blockquote>"
    case .code(_, let lines): code(lines)
    case .table(let header, let rows):
      """
      <div class="scroll"><table><thead><tr>\(header.map { "<th scope=\"col\">\(html($0))</th>" }.joined())</tr></thead>\
      <tbody>
      \(rows.map { "<tr>" + $0.map { "<td>\(html($0))</td>" }.joined() + "</tr>" }.joined(separator: "\n"))
      </tbody></table></div>
      """
    case .ruler: "<hr>"
    }
  }

  private static func html(_ runs: [Run]) -> String {
    runs.map { run in
      let text = escaped(run.text)
      switch run.style {
      case .plain: return run.target.map { link(text, to: $0) } ?? text
      case .strong: return "<strong>\(text)</strong>"
      case .emphasis: return "<em>\(text)</em>"
      case .code: return "<code>\(text)</code>"
      }
    }.joined()
  }

  /// A link, unless its target could run something.
  private static func link(_ text: String, to target: String) -> String {
    let isSafe = ["http://", "https://", "#", "./"].contains { target.hasPrefix($0) } || !target.contains(":")
    return isSafe ? "<a href=\"\(escaped(target))\">\(text)</a>" : text
  }
}
