import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  /// A class's logs in one table.
  @Suite struct GradeTests {
    private let sitting: Sitting
    init() throws { sitting = try Sitting() }

    private func write(_ name: String, _ lines: [String]) throws {
      let folder = sitting.folder.appendingPathComponent("class")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: folder.appendingPathComponent(name))
    }

    private func line(_ item: String, _ answer: String, right: Bool?, second: Int = 0, learner: String? = nil) -> String
    {
      let time = "2026-01-01T10:00:\(second < 10 ? "0" : "")\(second)Z"
      let claims = right.map { ",\"right\":\($0)" } ?? ""
      let who = learner.map { ",\"learner\":\"\($0)\"" } ?? ""
      return
        "{\"version\":1,\"time\":\"\(time)\",\"lesson\":\"first\",\"item\":\"\(item)\",\"kind\":\"quiz\",\"event\":\"answer\","
        + "\"answer\":\"\(answer)\"\(claims)\(who)}"
    }

    private func grade(_ options: String = "") -> (shown: String, value: Value?) {
      let shown = sitting.type("grade \(sitting.folder.path)/class \(options)")
      return (shown, sitting.session.cells.last?.value)
    }

    @Test func answersAreJudgedAgainWhateverALogClaims() throws {
      try write("anna.jsonl", [line("q1", "a", right: false), line("q1", "b", right: true, second: 1)])
      try write("bob.jsonl", [line("q1", "c", right: true)])
      let (shown, value) = grade("--lesson first")
      #expect(value?["learners"]?[0]?["solved"] == .integer(1))
      #expect(value?["learners"]?[1]?["solved"] == .integer(0))
      #expect(shown.contains("anna"))
      #expect(shown.contains("1/2"))
      #expect(sitting.session.cells.last?.status == .passed)
    }

    @Test func badLinesAreNamedAndTheRestCounts() throws {
      try write(
        "anna.jsonl",
        [
          line("q1", "b", right: true), "{nonsense", "", "{\"version\":1,\"time\":\"x\"}",
          line("q1", "b", right: nil, second: 3).replacing("\"answer\",", with: "\"shouted\","),
          line("q1", "b", right: true, second: 4).replacing("\"version\":1", with: "\"version\":9"),
        ])
      let (shown, value) = grade()
      let file = "\(sitting.folder.path)/class/anna.jsonl"
      #expect(shown.contains("! \(file):2: this line is no JSON."))
      #expect(shown.contains("! \(file):4: this attempt has no `lesson`."))
      #expect(shown.contains("! \(file):5: `event` of this attempt has no value that is known."))
      #expect(shown.contains("! \(file):6: this line comes from a newer attune"))
      #expect(value?["learners"]?[0]?["solved"] == .integer(1))
      #expect(sitting.session.cells.last?.status == .malformed)
    }

    @Test func aLogThatIsHandedInTwiceCountsOnce() throws {
      let lines = [
        line("q1", "a", right: false, learner: "anna"), line("q1", "b", right: true, second: 1, learner: "anna"),
      ]
      try write("first.jsonl", lines)
      try write("second.jsonl", lines)
      #expect(grade().value?["learners"]?[0]?["attempts"] == .integer(2))
    }

    @Test func keysFromElsewhereJudgeWhatNobodyCould() throws {
      let body = "<!-- quiz: q1 -->\nWhich?\n\n- a) x\n- b) y\n"
      let lesson = try sitting.lesson(body, parameters: "answers: nowhere.yaml")
      let keys = sitting.folder.appendingPathComponent("keys.yaml")
      try Data("q1: b\n".utf8).write(to: keys)
      try write("anna.jsonl", [line("q1", "b", right: nil).replacing("\"first\"", with: "\"own\"")])
      #expect(grade("--lesson \(lesson)").value?["learners"]?[0]?["unjudged"] == .integer(1))
      let judged = grade("--lesson \(lesson) --answers \(keys.path)").value
      #expect(judged?["learners"]?[0]?["solved"] == .integer(1))
    }

    @Test func aClassIsGradedInNoTime() throws {
      for number in 0..<30 {
        try write("learner-\(number).jsonl", (0..<300).map { line("q\($0 % 40)", "b", right: true, second: $0 % 60) })
      }
      let start = ContinuousClock.now
      #expect(grade().value?["learners"]?[29] != nil)
      #expect(ContinuousClock.now - start < .seconds(1))
    }

    @Test func saysWhatIsNotThere() {
      #expect(sitting.type("grade nowhere.jsonl") == "! There is no log nowhere.jsonl; check the path.")
      #expect(sitting.session.cells.last?.status == .fileMissing)
      #expect(sitting.type("grade x --answers y").contains("--answers belongs to one lesson"))
    }
  }
}
