import Drawing
import Testing

@Suite("Colour scales, as a terminal receives them")
struct ColorScaleTests {
  @Test("the sequential scale only gets lighter", arguments: [ColorDepth.truecolor, .palette256])
  func sequential(_ depth: ColorDepth) {
    let lightness = Self.legend(Samples.attention, depth)
    #expect(lightness.count >= 10)
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 <= $1 })
    #expect((lightness.last ?? 0) - (lightness.first ?? 0) > 0.7)
  }

  @Test("the signed scale is lightest at zero and darkens alike on both sides")
  func diverging() {
    let lightness = Self.legend(Samples.change, .truecolor)
    let (left, right) = (lightness.prefix(10), lightness.suffix(10).reversed())
    #expect(zip(left, left.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(right, right.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(left, right).allSatisfy { abs($0 - $1) < 0.12 })
  }

  @Test("text in a cell reads on its colour, at least 4.3 to 1")
  func contrast() {
    let rows = (0...100).map { "\($0)" }
    for scale in [Drawing.Scale.sequential(0...1), .diverging(limit: 1)] {
      let values = (0...100).map { [Float($0) / 50 - 1, Float($0) / 100] }
      let map = Drawing.heatmap(.init(rows: rows, columns: ["a", "b"], values: values, scale: scale))
      for line in map.lines(TerminalStyle(color: .truecolor)) {
        for run in line.split(separator: "\u{1B}[38;2;").dropFirst() {
          let codes = run.prefix { $0 != "m" }.split(separator: ";").compactMap { Double($0) }
          guard codes.count == 8 else { continue }
          let (ink, ground) = (Self.luminance(Array(codes[0..<3])), Self.luminance(Array(codes[5..<8])))
          let contrast = (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05)
          #expect(contrast >= 4.3, "\(codes)")
        }
      }
    }
  }

  /// Luminance of the backgrounds in the key of a heat map.
  private static func legend(_ drawing: Drawing, _ depth: ColorDepth) -> [Double] {
    let line = drawing.lines(TerminalStyle(color: depth)).last ?? ""
    return line.split(separator: "\u{1B}[48;").dropFirst().compactMap { run in
      let codes = run.prefix { $0 != "m" }.split(separator: ";").compactMap { Double($0) }
      if codes.count == 4 { return luminance(Array(codes[1...])) }
      guard codes.count == 2 else { return nil }
      return luminance(palette(Int(codes[1])))
    }
  }

  private static func palette(_ index: Int) -> [Double] {
    guard index < 232 else { return Array(repeating: Double(8 + 10 * (index - 232)), count: 3) }
    return [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map {
      $0 == 0 ? 0 : Double(55 + 40 * $0)
    }
  }

  /// Relative luminance, with a polynomial close to the curve of sRGB.
  private static func luminance(_ color: [Double]) -> Double {
    zip(color, [0.2126, 0.7152, 0.0722]).reduce(0) { total, channel in
      let part = channel.0 / 255
      return total + channel.1 * part * part * (0.8 + 0.2 * part)
    }
  }
}
