/// The cycling colours of series and tokens: equal in lightness, told apart with any kind of colour vision by
/// hue and, because that is never enough alone, always beside a mark, a dash or a border.
enum Palette {
  /// Lines and words on the page's own background.
  static let series: [RGB] = [
    RGB(0x4697E4), RGB(0xCE7C22), RGB(0x23AC74), RGB(0xB774C7), RGB(0xDA6D5D), RGB(0x02A6AD),
  ]
  /// Backgrounds under dark text.
  static let pastel: [RGB] = [
    RGB(0xBADBFE), RGB(0xF0D3A3), RGB(0xB3E6C4), RGB(0xEDC9F5), RGB(0xFEC9C0), RGB(0xA0E6EA),
  ]
  static let onPastel = RGB(0x101010)

  private static let seriesTheme = [12, 3, 2, 5, 1, 6]
  private static let pastelTheme = [12, 11, 10, 13, 9, 14]

  static func seriesInk(_ index: Int, _ depth: ColorDepth) -> Ink {
    let index = index % series.count
    return Ink(foreground: depth == .sixteen ? .theme(seriesTheme[index]) : .exact(series[index]))
  }

  static func pastelInk(_ index: Int, _ depth: ColorDepth) -> Ink {
    let index = index % pastel.count
    guard depth == .sixteen else {
      return Ink(foreground: .exact(onPastel), background: .exact(pastel[index]))
    }
    return Ink(foreground: .theme(0), background: .theme(pastelTheme[index]))
  }
}
