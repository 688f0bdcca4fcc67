import Pipelines
import Testing

/// Where a text is cut before it is translated.
@Suite struct SentenceSplittingTests {
  @Test(arguments: [
    ("One. Two! Three?", ["One.", "Two!", "Three?"]),
    ("It costs 3.50 euros. Cheap.", ["It costs 3.50 euros.", "Cheap."]),
    ("Dr. Silva and Mr. Costa met J. S. Bach.", ["Dr. Silva and Mr. Costa met J. S. Bach."]),
    ("It opens at 10 a.m. and closes at 6 p.m. every day.", ["It opens at 10 a.m. and closes at 6 p.m. every day."]),
    (
      "\u{201C}Go!\u{201D} he said. (She left.) Then…  silence",
      ["\u{201C}Go!\u{201D} he said.", "(She left.)", "Then… silence"]
    ),
    ("今日は。明日！", ["今日は。", "明日！"]), ("", []), ("   ", []), ("no mark", ["no mark"]),
    ("Wait... what? Yes", ["Wait... what?", "Yes"]),
  ])
  func sentences(_ text: String, _ wanted: [String]) {
    #expect(TextPieces.sentences(text).map { $0.replacing("  ", with: " ") } == wanted)
  }

  @Test func shortParagraphsStayWholeAndGapsAreKept() {
    let text = "One two. Three.\n\n\nFour five six seven. Eight."
    func count(_ text: String) -> Int { text.split(separator: " ").count }
    let pieces = TextPieces(text) { count($0) <= 3 }
    #expect(pieces.pieces.map(\.text) == ["One two. Three.", "Four five", "six seven.", "Eight."])
    #expect(pieces.joined(["a", "b", "c", "d"]) == "a\n\n\nb c d")
    #expect(TextPieces(text, splitsAlways: true) { count($0) <= 9 }.pieces.map(\.text).count == 4)
    #expect(TextPieces("", isShort: { _ in true }).pieces.isEmpty)
  }
}
