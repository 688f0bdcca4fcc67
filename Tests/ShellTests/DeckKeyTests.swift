import Shell
import Testing

@Suite struct DeckKeyTests {
  private func keys(_ text: String, isOver: Bool = true) -> [DeckKey] {
    var parser = KeyParser()
    parser.feed(text.utf8)
    var keys: [DeckKey] = []
    while let key = parser.next(isOver: isOver) { keys.append(key) }
    return keys
  }

  @Test func sequencesAreKeys() {
    #expect(keys(" q\r\n\t\u{7F}") == [.character(" "), .character("q"), .enter, .enter, .tab, .backspace])
    #expect(keys("\u{1B}[A\u{1B}OB\u{1B}[5~\u{1B}[6;2~\u{1B}[H") == [.up, .down, .pageUp, .pageDown, .home])
    #expect(keys("\u{C}é世") == [.control("l"), .character("é"), .character("世")])
    #expect(keys("\u{1B}[99~\u{1B}x") == [.unknown, .unknown])
  }

  @Test func anEscapeWaitsForWhatFollows() {
    #expect(keys("\u{1B}", isOver: false) == [])
    #expect(keys("\u{1B}") == [.escape])
    #expect(keys("\u{1B}\u{1B}[A") == [.escape, .up])
    var parser = KeyParser()
    parser.feed("\u{1B}[".utf8)
    #expect(parser.next(isOver: false) == nil)
    #expect(parser.isOpen)
    parser.feed("C".utf8)
    #expect(parser.next(isOver: false) == .right)
    #expect(!parser.isOpen)
  }

  @Test func aPasteIsOneKey() {
    #expect(keys("a\u{1B}[200~b\r\u{1B}[A\u{1B}[201~c") == [.character("a"), .paste("b\r\u{1B}[A"), .character("c")])
    #expect(keys("\u{1B}[200~open") == [])
  }

  @Test func bytesThatAreNoTextAreOneMark() {
    var parser = KeyParser()
    parser.feed([0xFF, 0xC3, 0x28, 0xE4])
    #expect(parser.next(isOver: false) == .character("\u{FFFD}"))
    #expect(parser.next(isOver: false) != nil)
    while parser.next(isOver: true) != nil {}
    #expect(!parser.isOpen)
  }
}

@Suite struct LineFieldTests {
  private func typed(_ start: String, _ keys: DeckKey...) -> LineField {
    var field = LineField(start)
    for key in keys { _ = field.apply(key) }
    return field
  }

  @Test func keysEdit() {
    #expect(typed("ab", .left, .character("x")).text == "axb")
    #expect(typed("ab", .home, .delete).text == "b")
    #expect(typed("ab", .backspace, .backspace, .backspace).text == "")
    #expect(typed("one two", .control("w")).text == "one ")
    #expect(typed("one two", .control("u")).text == "")
    #expect(typed("one two", .control("a"), .control("k")).text == "")
    #expect(typed("e", .character("\u{301}")).characters.count == 1)
    #expect(typed("a", .paste("b\r\nc\u{1B}[31m\n")).text == "ab\nc[31m")
  }

  @Test func severalLinesAreOneText() {
    #expect(typed("ab\ncd", .up, .character("x")).text == "abx\ncd")
    #expect(typed("abcd\ne", .up, .end, .character("x")).text == "abcdx\ne")
    #expect(typed("ab\ncd", .home, .backspace).text == "abcd")
    #expect(typed("ab\ncd", .up, .down, .down, .character("x")).text == "ab\ncdx")
  }

  @Test func theCursorIsWhereTheTextIs() {
    let (rows, row, column) = typed("ab\ncd", .left).rows("> ", width: 20)
    #expect(rows == ["> ab", "  cd"])
    #expect([row, column] == [1, 3])
    let long = LineField("abcdefghij").rows("> ", width: 9)
    #expect(long.rows == ["> abcdef", "  ghij"])
    #expect([long.row, long.column] == [1, 6])
    #expect(LineField("").rows("/", width: 20).rows == ["/"])
  }

  @Test func completionTakesItsPlace() {
    var field = LineField("tok é")
    _ = field.apply(.left)
    field.replace(4, with: "tokens ")
    #expect(field.text == "tokens é")
    #expect(field.beforeCursor == "tokens ")
  }
}
