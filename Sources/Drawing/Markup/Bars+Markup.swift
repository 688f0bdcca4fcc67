extension Drawing.Bars {
  var picture: Picture {
    let left = min((bars.map { Picture.measure($0.label) }.max() ?? 0), 240) + 14
    let field = 320.0
    var top = title.isEmpty ? 6.0 : 30.0
    var body = title.isEmpty ? "" : Picture.text(title, 4, 16, weight: "600")
    let zero = left + parts(0).zero * field
    for bar in bars {
      let end = left + parts(bar.value).end * field
      let label = truncated(sanitized(bar.label), to: 32)
      body += Picture.text(label, left - 8, top + 14, anchor: "end")
      let color = Palette.series[bar.value < 0 ? 1 : 0].hex
      body += Picture.rectangle(left, top + 2, field, 15, fill: "#8080801F")
      body += Picture.rectangle(min(zero, end), top + 2, abs(end - zero), 15, fill: color)
      body += Picture.text(caption(bar), left + field + 10, top + 14)
      top += 22
    }
    if bounds.low < 0 { body += Picture.line(zero, 28, zero, top, opacity: 0.5) }
    let captions = bars.map { Picture.measure(caption($0)) }.max() ?? 0
    let width = max(left + field + 18 + captions, Picture.measure(title) * 1.1 + 8)
    let alternative = sentences().joined(separator: ". ")
    return Picture(width: width, height: top + 4, alternative: alternative, body: body)
  }

  /// A table whose middle column holds the bars.
  func html() -> String {
    let caption = title.isEmpty ? "" : "<caption>\(escaped(title))</caption>"
    let rows = bars.map { bar in
      let (zero, end) = parts(bar.value)
      let start = number(min(zero, end) * 100, digits: 1)
      let length = number(abs(end - zero) * 100, digits: 1)
      let color = bar.value < 0 ? "negative" : "positive"
      return """
        <tr><th scope="row">\(escaped(bar.label))</th><td class="bar" aria-hidden="true">\
        <span class="\(color)" style="margin-left:\(start)%;width:\(length)%"></span></td>\
        <td>\(Drawing.Span(self.caption(bar), bar.role).html)</td></tr>
        """
    }
    return """
      <table class="bars">\(caption)<tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table>
      """
  }
}
