import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  /// What a damaged lesson does when it still parses: it may fail, it may not trap.
  @Suite struct DamageTests {
    @Test func damagedLessonsRunAndPlayWithoutTrapping() throws {
      var generator = Mutations(state: 7)
      let folder = Sitting.fixtures.appendingPathComponent("lessons")
      func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      }
      let good = try text("01-first.md").replacing("<!-- include: parts/try.md -->\n", with: text("parts/try.md"))
      let sitting = try Sitting()
      let words = ["next", "b", "next", "hint", "solution", "next", "skip", "back", "goto 2", "play", "next", "skip"]
      var ran = 0
      for _ in 0..<150 {
        guard let lesson = try? Lesson(text: generator.mutated(good, splice: good), file: "d.md") else { continue }
        ran += 1
        var options = LessonRun.Options()
        options.proves = true
        options.keepsGoing = true
        var run = try LessonRun(lesson, options, in: sitting.session)
        let report = run.run()
        for kind in TranscriptKind.allCases { #expect(!kind.text(of: report).isEmpty || report.outcomes.isEmpty) }
        _ = Promotion(report)
        try LessonPlayer.of(sitting.session).open(lesson, in: sitting.session)
        words.forEach { sitting.type($0) }
        sitting.type("restart")
      }
      #expect(ran > 10)
    }

    @Test func checksOfAnyTokensEndWithAResultOrAPlace() {
      var generator = Mutations(state: 3)
      let parts = [
        "a", ".", "[", "]", "(", ")", "0", "-1", "1e9", "\"x\"", "'", "and", "or", "not", "contains", "count", "==",
        "<",
        "null", "$p", ",", "last", " ", "é", "=",
      ]
      for _ in 0..<5000 {
        let text = (0..<generator.next(12)).map { _ in parts[generator.next(parts.count)] }.joined(separator: " ")
        do {
          _ = try Check(text).result(in: CheckTests.scope)
        } catch {
          #expect(error.column >= 1 && error.column <= text.count + 1)
        }
      }
    }
  }
}
