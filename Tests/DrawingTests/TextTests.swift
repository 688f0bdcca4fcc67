import Drawing
import Testing

@Suite("Text measures")
struct TextTests {
  @Test(
    "the width of a text is counted per grapheme cluster",
    arguments: [
      ("", 0), ("abc", 3), ("e\u{301}", 1), ("é", 1), ("日本", 4), ("ｱ", 1), ("Ａ", 2), ("한글", 4),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("❤\u{FE0F}", 2), ("❤", 1),
      ("1\u{FE0F}\u{20E3}", 2), ("🇵🇹", 2), ("☺\u{FE0E}", 1), ("a\u{200D}b", 2), ("ก็", 1), ("\u{1B}", 0),
      ("█░", 2),
      ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2), ("Ġthe", 4), ("字e\u{301}😀", 5),
    ])
  func width(_ text: String, _ expected: Int) {
    #expect(displayWidth(text) == expected)
  }

  @Test(
    "nothing that steers a terminal survives, and it is seen",
    arguments: [
      ("plain", "plain"), ("a\u{1B}[31mred", "a\\u{1B}[31mred"), ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
      ("\u{0}\u{7}\u{8}", "\\u{0}\\u{7}\\u{8}"), ("\u{9B}2J", "\\u{9B}2J"), ("\u{7F}", "\\u{7F}"),
      ("abc\u{202E}fed", "abc\\u{202E}fed"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
      ("a\u{2028}b", "a\\u{2028}b"), ("\u{FEFF}x", "\\u{FEFF}x"), ("\u{301}a", "\u{25CC}\u{301}a"),
      ("👩‍👧", "👩‍👧"), ("❤\u{FE0F}", "❤\u{FE0F}"), ("\r\n", "\\r\\n"),
      ("zero\u{200B}width", "zero\\u{200B}width"),
      ("\u{E0041}tag", "\\u{E0041}tag"), ("日本語", "日本語"),
    ])
  func safety(_ text: String, _ expected: String) {
    #expect(sanitized(text) == expected)
    #expect(sanitized(sanitized(text)) == expected)
  }

  @Test("marks piled on one letter are cut to eight")
  func piles() {
    let pile = "a" + String(repeating: "\u{301}", count: 500)
    #expect(sanitized(pile).unicodeScalars.count == 9)
  }

  @Test("several lines keep their newlines and widen their tabs")
  func lines() {
    #expect(sanitizedLines("a\tb\r\nc\u{1B}\n") == ["a   b", "c\\u{1B}", ""])
  }

  @Test("truncation keeps clusters whole and says that something is missing")
  func truncation() {
    #expect(truncated("abcdef", to: 6) == "abcdef")
    #expect(truncated("abcdef", to: 4) == "abc…")
    #expect(truncated("日本語", to: 4) == "日…")
    #expect(truncated("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", to: 3) == "👩‍👩‍👧‍👦…")
    #expect(truncated("abc", to: 1) == "…")
    #expect(truncated("abc", to: 0) == "")
    #expect(truncated("abc", to: -3) == "")
  }

  @Test("padding counts cells, not characters")
  func padding() {
    #expect(padded("日", to: 4) == "日  ")
    #expect(padded("ab", to: 5, alignment: .right) == "   ab")
    #expect(padded("ab", to: 5, alignment: .center) == " ab  ")
    #expect(padded("abcdef", to: 3) == "abcdef")
  }

  @Test("wrapping breaks at spaces, keeps the indent, and breaks words only when it must")
  func wrapping() {
    #expect(wrapped("one two three", to: 8) == ["one two ", "three"])
    #expect(wrapped("  one two three", to: 8) == ["  one ", "  two ", "  three"])
    #expect(wrapped("abcdefghij", to: 4) == ["abcd", "efgh", "ij"])
    #expect(wrapped("日本語日本語", to: 5) == ["日本", "語日", "本語"])
  }
}
