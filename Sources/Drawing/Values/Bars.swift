extension Drawing {
  /// Named values as bars from zero.
  package struct Bars: Sendable, Equatable {
    package struct Bar: Sendable, Equatable {
      package var label: String
      package var value: Double
      /// What stands behind the bar; without it, the value.
      package var text: String?
      package var role: Role

      package init(_ label: String, _ value: Double, text: String? = nil, role: Role = .plain) {
        self.label = label
        self.value = value
        self.text = text
        self.role = role
      }
    }

    package var title: String
    package var bars: [Bar]
    /// What an empty and a full bar mean; zero is always inside. Without it: zero and the largest value.
    package var range: ClosedRange<Double>?

    package init(title: String = "", bars: [Bar], range: ClosedRange<Double>? = nil) {
      self.title = title
      self.bars = bars
      self.range = range
    }
  }
}

extension Drawing.Bars {
  /// The bounds that bars are drawn within; zero is always inside them.
  var bounds: (low: Double, high: Double) {
    let finite = bars.map(\.value).filter(\.isFinite)
    let low = min(range?.lowerBound ?? finite.min() ?? 0, 0)
    let high = max(range?.upperBound ?? finite.max() ?? 0, 0)
    guard low.isFinite, high.isFinite, high - low > 0, (high - low).isFinite else { return (0, 1) }
    return (low, high)
  }

  /// The part of the field, 0 to 1, where zero stands and where a value's bar ends.
  func parts(_ value: Double) -> (zero: Double, end: Double) {
    let (low, high) = bounds
    let clamped = value.isNaN ? 0 : min(max(value, low), high)
    return (-low / (high - low), (clamped - low) / (high - low))
  }

  /// The decimals that all values are written with.
  private var digits: Int {
    let largest = bars.map(\.value.magnitude).filter(\.isFinite).max() ?? 0
    return largest < 0.1 ? 4 : largest < 10 ? 2 : largest < 100 ? 1 : 0
  }

  func caption(_ bar: Bar) -> String {
    sanitized(bar.text ?? number(bar.value, digits: digits))
  }

  func sentences() -> [String] {
    (title.isEmpty ? [] : [headline(title)])
      + bars.map { "\(sanitized($0.label)): \(caption($0))" }
  }

  /// Cells that bars keep beside long labels.
  private static let narrowField = 18

  func terminalLines(_ style: TerminalStyle) -> [Line] {
    let width = style.usableWidth
    var lines = title.isEmpty ? [] : [Line(style.fitted(title, to: width), .strong)]
    let captionWidth = min(bars.map { displayWidth(caption($0)) }.max() ?? 0, max(width / 3, 1))
    let longest = bars.map { displayWidth(sanitized($0.label)) }.max() ?? 0
    // A long label is cut sooner than the bars get too short to be compared.
    let labelWidth = min(longest, max(width / 3, width - captionWidth - 4 - Self.narrowField, 1))
    let field = min(width - labelWidth - captionWidth - 4, 50)
    for bar in bars {
      var line = Line(padded(style.fitted(bar.label, to: labelWidth), to: labelWidth, alignment: .right))
      line.add("  ")
      if field >= 4 { line.add(barLine(bar, field, style)) }
      line.fill(to: labelWidth + 4 + max(field, -2))
      let caption = truncated(caption(bar), to: captionWidth, ellipsis: style.ellipsis)
      line.add(padded(caption, to: captionWidth, alignment: bar.text == nil ? .right : .left), Ink(bar.role))
      lines.append(line)
    }
    return lines
  }

  private func barLine(_ bar: Bar, _ field: Int, _ style: TerminalStyle) -> Line {
    let (zero, end) = parts(bar.value)
    let ink = bar.role == .plain ? Palette.seriesInk(bar.value < 0 ? 1 : 0, style.color) : Ink(bar.role)
    guard bounds.low < 0 else {
      let full = filledBar(end * Double(field), style.unicode)
      return Line([.init(full, ink)])
    }
    let axis = min(Int((zero * Double(field - 1)).rounded()), field - 1)
    let left = min(Int(((zero - min(end, zero)) * Double(field - 1)).rounded()), axis)
    let right = min(Int(((max(end, zero) - zero) * Double(field - 1)).rounded()), field - 1 - axis)
    let block = style.unicode ? "█" : "#"
    var line = Line(spaces(axis - left))
    line.add(String(repeating: block, count: left), ink)
    line.add(style.unicode ? "│" : "|", .faint)
    line.add(String(repeating: block, count: right), ink)
    return line
  }
}

/// A bar of a length in cells, to an eighth of a cell; anything above zero leaves a trace.
func filledBar(_ length: Double, _ unicode: Bool) -> String {
  let length = max(length, 0)
  guard unicode else { return String(repeating: "#", count: Int(length.rounded())) }
  var eighths = Int((length * 8).rounded())
  if eighths == 0 && length > 0 { eighths = 1 }
  let tail = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
  return String(repeating: "█", count: eighths / 8) + tail
}
