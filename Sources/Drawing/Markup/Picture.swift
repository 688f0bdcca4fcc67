/// An SVG picture in the making: its size in pixels and its elements, drawn in `currentColor` where they are
/// ink.
struct Picture: Sendable {
  var width: Double
  var height: Double
  var alternative: String
  var body: String

  static let font = 13.0

  /// An element for an HTML page, which takes the page's ink colour and grows with its letters. Where the page is
  /// narrow it shrinks as far as one can still read, then it scrolls.
  var inline: String {
    let (full, least) = (number(width / 16, digits: 2), number(width / 16 * 0.8, digits: 2))
    return "<div class=\"scroll\"><svg \(attributes) style=\"width:min(100%,\(full)rem);min-width:\(least)rem\">"
      + "\(body)</svg></div>"
  }

  /// Parts of a picture that the page's script can point out.
  static func group(_ key: String, _ index: Int, _ body: String) -> String {
    "<g data-\(key)=\"\(index)\">\(body)</g>"
  }

  /// A file of its own, black on white.
  var file: String {
    let namespace = "xmlns=\"http://www.w3.org/2000/svg\""
    let size = "width=\"\(Self.size(width))\" height=\"\(Self.size(height))\""
    return """
      <svg \(namespace) \(size) \(attributes) color="#1B1B1F">
      <rect width="100%" height="100%" fill="#FFFFFF"/>
      \(body)
      </svg>

      """
  }

  private var attributes: String {
    let box = "viewBox=\"0 0 \(Self.size(width)) \(Self.size(height))\""
    let font = "font-family=\"system-ui,sans-serif\" font-size=\"\(Self.size(Self.font))\""
    return "\(box) role=\"img\" aria-label=\"\(escaped(alternative))\" \(font)"
  }

  /// Pictures below one another; nil when there are none.
  static func stacked(_ pictures: [Picture]) -> Picture? {
    guard let first = pictures.first else { return nil }
    guard pictures.count > 1 else { return first }
    var body = ""
    var top = 0.0
    for picture in pictures {
      body += "<g transform=\"translate(0 \(size(top)))\">\(picture.body)</g>"
      top += picture.height + 16
    }
    return Picture(
      width: pictures.map(\.width).max() ?? 0, height: top - 16,
      alternative: pictures.map(\.alternative).joined(separator: ". "), body: body)
  }

  static func size(_ value: Double) -> String {
    let text = number(value, digits: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Words at a place. `anchor` is start, middle or end; `turn` rotates about that place, in degrees.
  static func text(
    _ words: String, _ x: Double, _ y: Double, anchor: String = "start", fill: String = "currentColor",
    turn: Double = 0, weight: String = "", opacity: Double = 1, fontSize: Double? = nil
  ) -> String {
    var attributes = "x=\"\(size(x))\" y=\"\(size(y))\" fill=\"\(fill)\""
    if anchor != "start" { attributes += " text-anchor=\"\(anchor)\"" }
    if turn != 0 { attributes += " transform=\"rotate(\(size(turn)) \(size(x)) \(size(y)))\"" }
    if !weight.isEmpty { attributes += " font-weight=\"\(weight)\"" }
    if opacity < 1 { attributes += " opacity=\"\(number(opacity, digits: 2))\"" }
    if let fontSize { attributes += " font-size=\"\(size(fontSize))\"" }
    return "<text \(attributes)>\(escaped(words))</text>"
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, opacity: Double, color: String = "currentColor",
    width: Double = 1, dash: String = ""
  ) -> String {
    let ends = "x1=\"\(size(x1))\" y1=\"\(size(y1))\" x2=\"\(size(x2))\" y2=\"\(size(y2))\""
    let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    return "<line \(ends) stroke=\"\(color)\" stroke-width=\"\(size(width))\" "
      + "stroke-opacity=\"\(number(opacity, digits: 2))\"\(dashes)/>"
  }

  /// A rectangle; `title` is shown when the pointer rests on it.
  static func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, title: String = ""
  ) -> String {
    let box = "x=\"\(size(x))\" y=\"\(size(y))\" width=\"\(size(width))\" height=\"\(size(height))\""
    guard !title.isEmpty else { return "<rect \(box) fill=\"\(fill)\"/>" }
    return "<rect \(box) fill=\"\(fill)\"><title>\(escaped(title))</title></rect>"
  }

  /// Roughly how wide a text will be in the picture's font.
  static func measure(_ text: String) -> Double { Double(displayWidth(sanitized(text))) * font * 0.58 }

  /// The key of a scale, 34 pixels high.
  static func key(_ scale: FixedScale, _ legend: String, _ x: Double, _ y: Double) -> String {
    let low = scale.long(scale.low)
    let start = x + measure(low) + 6
    let cells = 44
    var result = text(low, x, y + 11, opacity: 0.75)
    for cell in 0..<cells {
      let color = scale.colors.color((Double(cell) + 0.5) / Double(cells))
      result += rectangle(start + Double(cell) * 3, y, 3.3, 14, fill: color.hex)
    }
    let end = start + Double(cells) * 3 + 6
    let high = scale.long(scale.high)
    result += text(high, end, y + 11, opacity: 0.75)
    return result + text(legend, end + measure(high) + 14, y + 11, opacity: 0.75)
  }

  static func keyWidth(_ scale: FixedScale, _ legend: String) -> Double {
    measure(scale.long(scale.low)) + measure(scale.long(scale.high)) + measure(legend) + 160
  }
}
