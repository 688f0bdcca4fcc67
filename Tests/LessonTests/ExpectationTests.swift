import Lessons
import Testing

@Suite struct ExpectationTests {
  private func expectation(_ lines: [String]) throws -> Lessons.Expectation {
    let body = "```attune\nx\n```\n````expect\n" + lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n") + "````"
    let lesson = try Lesson(text: Sitting.text(body), file: "t.md")
    return try #require(lesson.cells.first?.expectation)
  }

  static let cases: [(expected: [String], found: [String], holds: Bool)] = [
    (["a", "b"], ["a", "b"], true),
    (["a", "b"], ["a"], false),
    (["a"], ["a", "b"], false),
    ([], [], true),
    ([], ["", ""], true),
    (["a  "], ["a"], true),
    ([" a"], ["a"], false),
    (["..."], [], true),
    (["a", "...", "z"], ["a", "z"], true),
    (["a", "...", "z"], ["a", "b", "c", "z"], true),
    (["a", "...", "z"], ["a", "b", "c"], false),
    (["...", "b", "..."], ["a", "b", "c"], true),
    (["x [..] z"], ["x yyy z"], true),
    (["x [..] z"], ["x  z"], true),
    (["x [..] z"], ["x yyy"], false),
    (["[..]b[..]b[..]"], ["abcbd"], true),
    (["[0-9]+ ms (re)"], ["12 ms"], true),
    (["[0-9]+ ms (re)"], ["12 ms later"], false),
    (["loss 0.50 (~1e-2)"], ["loss 0.509"], true),
    (["loss 0.50 (~1e-2)"], ["loss 0.52"], false),
    (["loss 0.50 (~1e-2)"], ["lass 0.50"], false),
    (["it -> [SEP]  0.41 (~5e-2)"], ["it -> [SEP] 0.4"], true),
    (["[..] 0.41 [..] (~0.1)"], ["7 of 0.45 x"], true),
    (["a -1 (~0.5)"], ["a -1.4"], true),
    (["a -1 (~0.5)"], ["a 1.4"], false),
    (["0.5 and 0.6 (~1e-3)"], ["0.5 and 0.7"], false),
    (["1e-3 (~1e-3)"], ["0.0015"], true),
    (["it ░.37 ·  (~1e-2)"], ["it ░.38 ·"], true),
    (["it ░.37 (~1e-2)"], ["it ░.39"], false),
    (["+.20 -.10 (~0.02)"], ["+.21 -.11"], true),
    (["+.20 (~0.02)"], ["-.20"], false),
    ([".5 (~0.1)"], ["0.45"], true),
    (["v1.2.30 (~1)"], ["v1.2.30"], true),
    (["v1.2.30 (~0.1)"], ["v1.2.31"], false),
    (["end. 5 ... (~1)"], ["end. 6 ..."], true),
  ]

  @Test(arguments: cases) func matches(_ expected: [String], _ found: [String], _ holds: Bool) throws {
    #expect(try expectation(expected).holds(for: found) == holds)
  }

  @Test func showsWhatDiffersWithTheLinesOfTheFile() throws {
    let expectation = try expectation(["one", "two", "three", "four", "...", "nine"])
    let difference = expectation.difference(from: ["one", "2", "three", "four", "five", "six", "nine", "ten"])
    #expect(
      difference == [
        "- expected, + found:",
        "  10 | one",
        "- 11 | two",
        "+    | 2",
        "  12 | three",
        "  13 | four",
        "  14 | ...",
        "  15 | nine",
        "+    | ten",
      ])
  }

  @Test func keepsWhatStillHolds() throws {
    let expectation = try expectation(["head [..]", "...", "loss 0.5 (~1e-2)", "old", "gone", "end"])
    let found = ["head 7", "x", "y", "loss 0.7", "new", "end"]
    let promoted = expectation.promoted(to: found)
    #expect(promoted == ["head [..]", "...", "loss 0.7 (~1e-2)", "new", "end"])
    #expect(try self.expectation(promoted).holds(for: found))
    #expect(try self.expectation(promoted).promoted(to: found) == promoted)
  }

  /// It stands for what was measured, and goes on doing so.
  @Test func promotesAWildcardOfTheOutputAsItStands() throws {
    #expect(try expectation(["old"]).promoted(to: ["done in [..]"]) == ["done in [..]"])
  }

  @Test(arguments: [["..."], ["a (re)"], ["a 1 (~3)"], ["```"], ["a", "", "b"], ["$1.50 (re)"]])
  func promotesLinesThatLookLikeWildcards(_ found: [String]) throws {
    let promoted = try expectation(["nothing like it"]).promoted(to: found)
    let again = try expectation(promoted)
    #expect(again.holds(for: found))
    #expect(!again.holds(for: ["something else"]))
  }
}
