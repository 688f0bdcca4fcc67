/// A row of colours from the lowest value to the highest.
struct ColorScale: Sendable {
  /// Evenly spaced stops; colours between them are mixed.
  let stops: [RGB]
  /// Entries of the 256-colour palette that keep the order of lightness; empty when the nearest ones do.
  var palette: [Int] = []
  /// The same for terminals with sixteen colours: theme colours, and whether dark text reads on each.
  let theme: [(index: Int, takesDarkText: Bool)]

  /// Violet, blue, teal, green, yellow: OKLCH lightness rises evenly from 0.24 to 0.94.
  static let sequential = ColorScale(
    stops: [
      0x280D46, 0x341870, 0x313290, 0x21539C, 0x07719F, 0x098D9C, 0x29A895, 0x43C289, 0x88D56C, 0xC6E454,
      0xFFF054,
    ].map { RGB($0) },
    palette: [17, 54, 55, 25, 31, 37, 72, 78, 113, 149, 185, 191, 227],
    theme: [(0, false), (4, false), (6, true), (11, true)])

  /// Blue, white at the centre, orange: lightness falls on both sides alike.
  static let diverging = ColorScale(
    stops: [
      0x00468C, 0x2769B7, 0x5A91D7, 0x95BAEA, 0xCFE0F6, 0xFAFAFA, 0xF2DABA, 0xEBB16C, 0xDF8623, 0xC3610D,
      0x97400D,
    ].map { RGB($0) },
    theme: [(4, false), (14, true), (15, true), (11, true), (1, false)])

  /// The colour at a part of the scale, 0 to 1.
  func color(_ part: Double) -> RGB {
    let position = min(max(part, 0), 1) * Double(stops.count - 1)
    let lower = min(Int(position), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], part: position - Double(lower))
  }

  func tint(_ part: Double, _ depth: ColorDepth) -> Tint {
    depth == .sixteen ? .theme(entry(part).index) : .exact(color(part, depth))
  }

  /// A background of this scale with text that reads on it.
  func ink(_ part: Double, _ depth: ColorDepth) -> Ink {
    guard depth == .sixteen else {
      let color = color(part, depth)
      return Ink(foreground: .exact(color.readableForeground), background: .exact(color))
    }
    let entry = entry(part)
    return Ink(foreground: .theme(entry.takesDarkText ? 0 : 15), background: .theme(entry.index))
  }

  private func color(_ part: Double, _ depth: ColorDepth) -> RGB {
    guard depth == .palette256, !palette.isEmpty else { return color(part) }
    return RGB(palette256: palette[min(Int(min(max(part, 0), 1) * Double(palette.count)), palette.count - 1)])
  }

  private func entry(_ part: Double) -> (index: Int, takesDarkText: Bool) {
    theme[min(Int(min(max(part, 0), 1) * Double(theme.count)), theme.count - 1)]
  }
}
