import Drawing
import Testing

@Suite("What holds for every drawing")
struct PropertyTests {
  private static let hostile = [
    "\u{1B}[2J\u{1B}]0;title\u{7}", "日本語の長い単語が続いています", "👩‍👩‍👧‍👦🇵🇹❤\u{FE0F}👍🏽", "\u{202E}desrever\u{2066}",
    "a" + String(repeating: "\u{301}", count: 60), "", "   ", "\n\r\t\u{0}\u{9B}31m",
    "\u{301}\u{FE0F}\u{200D}",
    String(repeating: "W", count: 200), "\u{1100}\u{1161}", "क्षत्रिय", "<script>alert('x')</script>&\"",
    "\u{E0041}\u{E007F}\u{FFFE}", "ﷺ", "\u{1F3F4}\u{E0067}\u{E007F}", "\u{200B}\u{AD}\u{2060}",
  ]

  private static let values: [[Float]] = hostile.indices.map { row in
    hostile.indices.map { column in
      let odd: [Float] = [.nan, .infinity, -.infinity, 0, -1, 1e30, -1e-30, 0.5]
      return (row + column) % 5 == 0 ? odd[(row * 3 + column) % odd.count] : Float(row - column) / 10
    }
  }

  private static func drawings(_ texts: [String]) -> [Drawing] {
    let points = [(0.0, 1.0), (1, .nan), (2, .infinity), (3, -4), (1e300, 1e300), (5, 0), (6, 1.7e308)].map {
      Drawing.Curves.Point($0.0, $0.1)
    }
    return [
      .text(.init(lines: [texts.map { .init($0, .code) }])),
      .table(
        .init(title: texts[0], columns: texts.map { .init($0) }, rows: [texts.map { .init($0, .bad) }, []])),
      .table(.init(columns: texts.map { .number($0) }, rows: [texts.map { .init($0) }])),
      .bars(.init(title: texts[1], bars: texts.enumerated().map { .init($1, Double($0) - 3, text: $1) })),
      .bars(.init(bars: [.init(texts[2], .nan), .init(texts[3], .infinity), .init(texts[4], -1e308)])),
      .heatmap(.init(title: texts[5], rows: texts, columns: texts, values: values, legend: texts[1])),
      .heatmap(
        .init(rows: texts, columns: texts, values: [[0.1]], scale: .diverging(limit: 0), legend: texts[0])),
      .grid(.init(title: texts[3], maps: texts.map { .init($0, values) }, legend: texts[0], note: texts[1])),
      .tokens(.init(title: texts[0], tokens: texts.map { .init($0, id: 9, offsets: 0..<4, shade: 0.3) })),
      .tokens(.init(tokens: texts.map { .init($0, isSpecial: true) }, shadeName: texts[1])),
      .highlights(
        .init(
          title: texts[3], text: texts.joined(separator: " "),
          marks: texts.enumerated().map { .init($0 * 5..<($0 * 5 + 3), $1, note: $1) }, meanings: [texts[0]: texts[1]])),
      .curves(
        .init(title: texts[2], xTitle: texts[1], yTitle: texts[0], series: texts.map { .init($0, points) })),
      .progress(
        .init(label: texts[1], done: 7, total: -3, unit: .count(texts[0]), rate: .infinity, secondsLeft: .nan)
      ),
      .progress(
        .init(label: texts[0], done: .max, total: nil, unit: .bytes, rate: 1e300, secondsLeft: 1e300)),
    ]
  }

  private static func rotated(_ count: Int) -> [String] {
    Array(hostile[count...] + hostile[..<count])
  }

  @Test(
    "no line is wider than the screen, ends in a space, or carries a control that is not ours",
    arguments: 20...120)
  func width(_ width: Int) {
    let drawings = Self.drawings(Self.rotated(width % Self.hostile.count)) + Samples.all
    let styles = [
      TerminalStyle(width: width),
      TerminalStyle(
        width: width, color: ColorDepth.every[width % 4], accessible: width % 6 == 0, unicode: width % 5 != 0),
    ]
    for style in styles {
      for line in drawings.flatMap({ $0.lines(style) }) {
        let text = Self.withoutColors(line)
        #expect(displayWidth(text) <= width, "\(text)")
        #expect(line.last != " ")
        #expect(text == sanitized(text), "\(text)")
        if line.contains("\u{1B}") { #expect(line.contains("\u{1B}[0m") && style.color != .none) }
      }
    }
  }

  @Test("even a screen of no width at all is no reason to trap", arguments: [-5, 0, 1, 2, 3, 7])
  func tiny(_ width: Int) {
    for drawing in Self.drawings(Self.hostile) + Samples.all {
      let lines = drawing.lines(TerminalStyle(width: width, color: .truecolor))
      #expect(lines.allSatisfy { displayWidth(Self.withoutColors($0)) <= max(width, 2) })
    }
  }

  @Test("empty drawings draw something harmless")
  func empty() {
    let drawings: [Drawing] = [
      .text(.init(lines: [])), .table(.init(columns: [], rows: [])), .bars(.init(bars: [])),
      .heatmap(.init(rows: [], columns: [], values: [])), .grid(.init(maps: [])),
      .grid(.init(maps: [.init("x", [])])),
      .tokens(.init(tokens: [])), .curves(.init(series: [])), .curves(.init(series: [.init("x", [])])),
      .stack([]),
    ]
    for drawing in drawings {
      #expect(drawing.lines(TerminalStyle()).allSatisfy { displayWidth($0) <= 80 })
      #expect(!drawing.html().contains("nan"))
      _ = drawing.sentences()
      _ = drawing.svg()
    }
  }

  @Test("curves and progress keep their count of lines while values change", arguments: ColorDepth.every)
  func stable(_ color: ColorDepth) {
    let style = TerminalStyle(width: 72, color: color)
    func live(_ count: Int) -> Drawing {
      let loss = (0..<count).map { Drawing.Curves.Point(Double($0), 1000 / Double($0 * $0 + 1)) }
      return .stack([
        .curves(.init(title: "loss", series: [.init("train", loss), .init("validation", loss.suffix(1))])),
        .progress(.init(label: "epoch 1", done: count, total: 1000, rate: Double(count), secondsLeft: 1e5)),
      ])
    }
    let counts = Set([0, 1, 2, 3, 50, 999, 1000].map { live($0).lines(style).count })
    #expect(counts == [1 + 2 + 12 + 2 + 1])
  }

  @Test("a wide heat map is split and a huge one reduced, and both say so")
  func large() {
    func map(_ side: Int) -> Drawing {
      let names = (0..<side).map { "t\($0)" }
      let values = (0..<side).map { row in (0..<side).map { Float(row == $0 ? 1 : 0) } }
      return .heatmap(.init(rows: names, columns: names, values: values))
    }
    let split = map(40).lines(TerminalStyle())
    #expect(split.contains("columns 1-20 of 40") && split.contains("columns 21-40 of 40"))
    let reduced = map(200).lines(TerminalStyle())
    #expect(reduced.last == "200 x 200 values: each cell shows the strongest of 5 x 4")
    #expect(reduced.count < 180)
  }

  @Test("small multiples keep a window's height, and say what that costs", arguments: ColorDepth.every, [true, false])
  func grids(_ color: ColorDepth, _ unicode: Bool) {
    func grid(_ maps: Int, _ side: Int) -> Drawing {
      let values = (0..<side).map { row in (0..<side).map { Float(row == $0 ? 1 : 0) } }
      return .grid(
        .init(title: "heads", maps: (0..<maps).map { .init("head \($0)", values) }, legend: "weight", note: "rows look")
      )
    }
    func lines(_ drawing: Drawing, _ height: Int?) -> [String] {
      drawing.lines(TerminalStyle(height: height, color: color, unicode: unicode)).map(Self.withoutColors)
    }
    for (maps, side) in [(12, 4), (12, 12), (12, 24), (16, 40), (64, 30)] {
      let picture = lines(grid(maps, side), 21)
      #expect(picture.count <= 21, "\(maps) maps of \(side)")
      let captions = picture.joined(separator: " ").split(separator: " ").count { $0 == "head" }
      let isReduced = picture.contains { $0.hasPrefix("large maps are reduced") }
      #expect(captions == maps || picture.last == "\(captions) of \(maps) maps; a higher window shows more")
      if captions < maps { #expect(isReduced) }
    }
    #expect(lines(grid(12, 24), nil).count > 24)
    #expect(lines(grid(2, 24), nil) == lines(grid(2, 24), 60))
  }

  private static func withoutColors(_ line: String) -> String {
    let parts = line.split(separator: "\u{1B}[", omittingEmptySubsequences: false)
    return parts.prefix(1).joined()
      + parts.dropFirst().map { part in
        let codes = part.prefix { $0.isASCII && ($0.isNumber || $0 == ";") }
        return part[codes.endIndex...].first == "m"
          ? String(part[codes.endIndex...].dropFirst()) : "\u{1B}[" + part
      }.joined()
  }
}

extension ColorDepth {
  static let every: [ColorDepth] = [.none, .sixteen, .palette256, .truecolor]
}
