import Drawing

extension Markdown {
  /// An HTML fragment, escaped.
  var html: String {
    var parts: [String] = []
    var list: String?
    for block in blocks {
      let wanted: String? = if case .item(let mark, _, _) = block { mark == "-" ? "ul" : "ol" } else { nil }
      if list != wanted {
        if let list { parts.append("</\(list)>") }
        if let wanted { parts.append("<\(wanted)>") }
        list = wanted
      }
      parts.append(Markdown.html(block))
    }
    if let list { parts.append("</\(list)>") }
    return parts.joined(separator: "\n")
  }

  private static func html(_ block: Block) -> String {
    switch block {
    case .heading(let level, let runs): "<h\(level)>\(html(runs))</h\(level)>"
    case .paragraph(let runs): "<p>\(html(runs))</p>"
    case .item(_, _, let runs): "<li>\(html(runs))</li>"
    case .quote(let runs): "<blockquote><p>\(html(runs))</p></blockquote>"
    case .code(_, let lines): "<pre><code>\(lines.map(escaped).joined(separator: "\n"))</code></pre>"
    case .table(let header, let rows):
      """
      <div class="scroll"><table><thead><tr>\(header.map { "<th>\(html($0))</th>" }.joined())</tr></thead><tbody>
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
