import Lessons
import Notebook
import Testing

@Suite struct CheckTests {
  static let scope = CheckScope(
    cells: [
      "tok": .object([
        ("command", .string("tokens")), ("text", .string("the trophy")),
        (
          "tokens",
          .array([
            .object([("piece", .string("the")), ("score", .number(0.25))]),
            .object([("piece", .string("trophy")), ("score", .number(0.75))]),
          ])
        ),
        ("ids", .array([.integer(5), .integer(7)])), ("nothing", .null), ("ok", .bool(true)),
      ]),
      "a-b": .object([("x", .integer(1))]),
    ],
    last: .object([("command", .string("attention")), ("text", .string("big"))]),
    variables: ["layer": "3", "name": "cat"])

  static let cases: [(String, Bool)] = [
    ("tok.tokens.count == 2", true),
    ("count(tok.tokens) == 2", true),
    ("tok.tokens[0].piece == \"the\"", true),
    ("tok.tokens[-1].piece == 'trophy'", true),
    ("tok[\"text\"] == 'the trophy'", true),
    ("tok.tokens[9].piece == null", true),
    ("tok.tokens[1].score > 0.7 and tok.tokens[1].score <= 0.75", true),
    ("tok.ids == [5, 7]", true),
    ("tok.ids contains 7", true),
    ("tok.ids contains 8", false),
    ("tok.text contains 'troph'", true),
    ("tok contains \"ids\"", true),
    ("['attention', 'heads'] contains last.command", true),
    ("last.command == \"attention\" and last.text != tok.text", true),
    ("not tok.ok", false),
    ("not not tok.ok", true),
    ("tok.nothing", false),
    ("tok.nothing == null", true),
    ("tok.missing == null", true),
    ("tok.missing.deeper != null", false),
    ("tok.ok == true", true),
    ("tok.ok or tok.missing > 3 and false", true),
    ("(tok.ok or tok.ok) and false", false),
    ("tok.text < 'them'", true),
    ("tok.text < 5", false),
    ("tok.ids[0] >= 5 and tok.ids[0] < 5.5", true),
    ("a-b.x == 1", true),
    ("tok.ids[0] != -5", true),
    ("$layer == 3", true),
    ("$name == \"cat\"", true),
    ("tok.text.count == 10", true),
    ("tok.ids.count.count == null", true),
  ]

  @Test(arguments: cases) func evaluates(_ text: String, _ holds: Bool) throws {
    #expect(try Check(text).result(in: CheckTests.scope).passed == holds)
  }

  @Test func reportsPathsThatDoNotExist() throws {
    let result = try Check("tok.tokns.count == 2").result(in: CheckTests.scope)
    #expect(!result.passed)
    let members = ["command", "text", "tokens", "ids", "nothing", "ok"]
    #expect(result.missing == [CheckResult.Missing(path: "tok.tokns.count", members: members)])
    #expect(try Check("tok.tokns == null").result(in: CheckTests.scope).missing.isEmpty)
    #expect(try Check("not tok.error").result(in: CheckTests.scope).missing.isEmpty)
  }

  @Test func showsTheSidesThatDiffer() throws {
    let result = try Check("tok.ids.count == 3").result(in: CheckTests.scope)
    #expect(result.sides == [CheckResult.Side(path: "tok.ids.count", value: Value.integer(2))])
  }

  static let bad: [(String, String)] = [
    ("", "it is empty (character 1)"),
    ("a ==", "a value should stand where the end stands (character 5)"),
    ("a == 1 2", "the check should end, or go on with a comparison, where 2 stands (character 8)"),
    ("(a == 1", "`)` should stand where the end stands (character 8)"),
    ("a[0 == 1", "`]` should stand where == stands (character 5)"),
    ("a == \"x", "a quote is not closed (character 6)"),
    ("a = 1", "write == to compare (character 3)"),
    ("a == 1.2.3", "1.2.3 is no number that can stand here (character 6)"),
    ("a & b", "`&` means nothing in a check (character 3)"),
    ("a[0.5] == 1", "0.5 is no number that can stand here (character 3)"),
    ("and a", "a value should stand where and stands (character 1)"),
    ("a contains", "a value should stand where the end stands (character 11)"),
    (String(repeating: "(", count: 500), "it is nested too deep or too long (character 52)"),
    (String(repeating: "not ", count: 500), "it is nested too deep or too long (character 205)"),
    ("a == 1e999", "1e999 is no number that can stand here (character 6)"),
  ]

  @Test(arguments: bad) func saysWhereATextIsNoCheck(_ text: String, _ sentence: String) {
    let body = "```attune {#a}\nx\n```\n<!-- check: \(text) -->"
    #expect {
      try Lesson(text: Sitting.text(body), file: "t.md")
    } throws: { error in
      let found = (error as? LessonError)?.sentence
      if text.isEmpty { return found == "t.md:9: `check:` needs a text after it." }
      return found == "t.md:9: in this check, \(sentence)."
    }
  }
}
