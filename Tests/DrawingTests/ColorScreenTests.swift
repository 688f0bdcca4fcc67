import Drawing
import Testing

@Suite("Screens in colour")
struct ColorScreenTests {
  @Test("sixteen colours: cells in the colour of their value, text that reads on it")
  func sixteen() {
    let lines = Samples.change.lines(TerminalStyle(color: .sixteen))
    #expect(
      lines.dropLast() == [
        "\u{1B}[1mChange\u{1B}[0m",
        "    a     b     c",
        " it \u{1B}[30;103m +.20 \u{1B}[0m\u{1B}[30;106m -.10 \u{1B}[0m\u{1B}[30;107m      \u{1B}[0m",
        "was \u{1B}[97;44m -.40 \u{1B}[0m\u{1B}[2m?     \u{1B}[0m\u{1B}[30;107m +.05 \u{1B}[0m",
      ])
  }

  @Test("marks have a ground for each label, the brackets stay")
  func highlights() {
    let drawing = Drawing.highlights(.init(text: "Bob in Rome", marks: [.init(0..<3, "PER"), .init(7..<11, "LOC")]))
    #expect(
      drawing.lines(TerminalStyle(color: .sixteen)) == [
        "\u{1B}[30;104m[Bob \u{1B}[0m\u{1B}[1;30;104mPER]\u{1B}[0m in "
          + "\u{1B}[30;103m[Rome \u{1B}[0m\u{1B}[1;30;103mLOC]\u{1B}[0m",
        "\u{1B}[1;30;104mPER\u{1B}[0m\u{1B}[2m (1), \u{1B}[0m\u{1B}[1;30;103mLOC\u{1B}[0m\u{1B}[2m (1)\u{1B}[0m",
      ])
  }

  @Test("256 colours: cells in the colour of their value, text that reads on it")
  func palette256() {
    let lines = Samples.change.lines(TerminalStyle(color: .palette256))
    #expect(
      lines.dropLast() == [
        "\u{1B}[1mChange\u{1B}[0m",
        "    a     b     c",
        " it \u{1B}[38;5;233;48;5;179m +.20 \u{1B}[0m\u{1B}[38;5;233;48;5;153m -.10 \u{1B}[0m\u{1B}[38;5;233;48;5;231m      \u{1B}[0m",
        "was \u{1B}[38;5;231;48;5;24m -.40 \u{1B}[0m\u{1B}[2m?     \u{1B}[0m\u{1B}[38;5;233;48;5;224m +.05 \u{1B}[0m",
      ])
  }

  @Test("true colour: cells in the colour of their value, text that reads on it")
  func truecolor() {
    let lines = Samples.change.lines(TerminalStyle(color: .truecolor))
    #expect(
      lines.dropLast() == [
        "\u{1B}[1mChange\u{1B}[0m",
        "    a     b     c",
        " it \u{1B}[38;2;16;16;16;48;2;229;156;72m +.20 \u{1B}[0m\u{1B}[38;2;16;16;16;48;2;193;215;243m -.10 \u{1B}[0m\u{1B}[38;2;16;16;16;48;2;250;250;250m      \u{1B}[0m",
        "was \u{1B}[38;2;255;255;255;48;2;0;70;140m -.40 \u{1B}[0m\u{1B}[2m?     \u{1B}[0m\u{1B}[38;2;16;16;16;48;2;245;230;210m +.05 \u{1B}[0m",
      ])
  }

  @Test("roles use the terminal's own colours")
  func roles() {
    for depth in [ColorDepth.sixteen, .palette256, .truecolor] {
      #expect(
        screen(Samples.words, TerminalStyle(color: depth))
          == "\u{1B}[1mminilm\u{1B}[0m is \u{1B}[32mready\u{1B}[0m, see \u{1B}[36mhelp\u{1B}[0m")
    }
  }

  @Test("small multiples are half-blocks, two rows to a line, when they are more than eight wide")
  func halfBlocks() {
    let values = (0..<10).map { row in (0..<10).map { Float(row == $0 ? 1 : 0) } }
    let grid = Drawing.grid(.init(maps: [.init("head 1", values)]))
    let lines = grid.lines(TerminalStyle(color: .truecolor))
    #expect(lines.count == 1 + 5 + 1 + 1)
    #expect(
      lines[1].hasPrefix(
        "\u{1B}[38;2;255;240;84;48;2;40;13;70m▀\u{1B}[0m\u{1B}[38;2;40;13;70;48;2;255;240;84m▀\u{1B}[0m"))
  }

  @Test("without colour there is no escape sequence at all")
  func none() {
    for drawing in Samples.all { #expect(!screen(drawing).contains("\u{1B}")) }
  }
}
