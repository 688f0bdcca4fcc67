import Foundation
import Testing
import Training

@Suite struct DatasetsQuestionsTests {
  static let nested = """
    {"version": "v2.0", "data": [
      {"paragraphs": [], "title": "Nothing"},
      {"title": "Dogs", "paragraphs": [
        {"qas": [
          {"id": "a", "question": "Who \\u00e9?", "answers": [{"text": "é😀", "answer_start": 2},
            {"answer_start": 4, "text": "b"}], "is_impossible": false},
          {"id": "b", "question": "Why?", "answers": [], "is_impossible": true,
            "plausible_answers": [{"text": "x", "answer_start": 99}]}],
         "context": "A é😀b"},
        {"context": "Other", "qas": [{"question": "What?", "answers": [{"text": "Other", "answer_start": 0}]}]}]}
    ], "more": {"x": [1, 2]}}
    """

  @Test func theirOwnLayout() throws {
    let read = try DataFile("squad.json", Self.nested).read { try Questions.read($0) }
    #expect(
      try read.rows.all() == [
        Question(
          id: "a", title: "Dogs", text: "Who é?", context: "A é😀b",
          answers: [.init("é😀", start: 2), .init("b", start: 4)], isImpossible: false, line: 5),
        Question(id: "b", title: "Dogs", text: "Why?", context: "A é😀b", answers: [], isImpossible: true, line: 7),
        Question(
          id: "3", title: "Dogs", text: "What?", context: "Other", answers: [.init("Other", start: 0)], line: 10),
      ])
    #expect(try read.rows.row(2).id == "3")
    #expect(read.paragraphCount == 2)
    #expect(read.impossibleCount == 1)
    #expect(read.hasImpossible)
    #expect(try read.paragraphs() == [0, 0, 1])
  }

  @Test(arguments: [
    (
      "a.jsonl",
      "{\"id\":\"q\",\"title\":\"T\",\"context\":\"One two\",\"question\":\"?\",\"answers\":{\"text\":[\"two\"],\"answer_start\":[4]}}\n"
    ),
    (
      "a.json",
      "[{\"answers\":[{\"text\":\"two\",\"answer_start\":4}],\"id\":\"q\",\"title\":\"T\",\"context\":\"One two\",\"question\":\"?\"}]"
    ),
    (
      "a",
      "{\"data\":[{\"title\":\"T\",\"paragraphs\":[{\"context\":\"One two\",\"qas\":[{\"id\":\"q\",\"question\":\"?\",\"answers\":[{\"text\":\"two\",\"answer_start\":4}]}]}]}]}"
    ),
  ])
  func oneQuestionWrittenInManyWays(name: String, content: String) throws {
    let read = try DataFile(name, content).read { try Questions.read($0) }
    #expect(
      try read.rows.all() == [
        Question(id: "q", title: "T", text: "?", context: "One two", answers: [.init("two", start: 4)], line: 1)
      ])
  }

  @Test func questionsWithoutAnswers() throws {
    let file = try DataFile(
      "a.jsonl",
      "{\"context\":\"c\",\"question\":\"?\",\"answers\":{\"text\":[],\"answer_start\":[]}}\n{\"context\":\"c\",\"question\":\"?\"}"
    )
    #expect(try file.read { try Questions.read($0) }.rows.all().map(\.isImpossible) == [true, true])
  }

  @Test func whatCanBeWrong() throws {
    func fails(_ content: String, _ error: (DataFile) -> DataError) throws {
      let file = try DataFile("a.json", content)
      #expect(throws: error(file)) { try Questions.read(file.url) }
    }
    func flat(_ answers: String) -> String { "{\"question\":\"?\",\"context\":\"One two\",\"answers\":\(answers)}" }
    try fails(flat("[{\"text\":\"two\",\"answer_start\":3}]")) {
      .wrongAnswer($0.place(1, .character(48)), answer: "two", start: 3, found: " tw")
    }
    try fails(flat("[{\"text\":\"two\",\"answer_start\":70}]")) {
      .wrongAnswer($0.place(1, .character(48)), answer: "two", start: 70, found: "")
    }
    try fails(flat("[{\"text\":\"two\",\"answer_start\":-1}]")) {
      .wrongAnswer($0.place(1, .character(48)), answer: "two", start: -1, found: "")
    }
    try fails(flat("[{\"text\":\"\",\"answer_start\":1}]")) {
      .wrongAnswer($0.place(1, .character(48)), answer: "", start: 1, found: "")
    }
    try fails(flat("[{\"text\":\"two\"}]")) { .missingMember($0.place(1, .character(48)), member: "answer_start") }
    try fails(flat("{\"text\":[\"two\"],\"answer_start\":[]}")) {
      .missingMember($0.place(1, .character(47)), member: "answer_start")
    }
    try fails(flat("[{\"text\":\"two\",\"answer_start\":\"4\"}]")) {
      .wrongKind($0.place(1, .name("answer_start")), found: "string")
    }
    try fails(flat("7")) { .wrongKind($0.place(1, .name("answers")), found: "number") }
    try fails("{\"context\":\"c\"}") { .missingMember($0.place(1, .character(1)), member: "question") }
    try fails("{\"question\":\"c\"}") { .missingMember($0.place(1, .character(1)), member: "context") }
    try fails("{\"question\":\" \",\"context\":\"c\"}") { .emptyText($0.place(1, .name("question"))) }
    try fails("{\"data\":[{\"paragraphs\":[{\"context\":\"c\"}]}]}") {
      .missingMember($0.place(1, .character(25)), member: "qas")
    }
    try fails("{\"data\":[{}]}") { .missingMember($0.place(1, .character(10)), member: "paragraphs") }
    try fails("{\"data\":[]}") { .noRows(file: $0.path) }
    try fails("{\"data\":[7]}") { .notAnObject($0.place(1, .character(10))) }
    try fails("{\"data\":[],\n \"x\": }") { .badJSON($0.place(2, .character(7))) }
  }

  /// No prefix of a good file may trap, and a changed byte gives rows or an error.
  @Test func damageNeverTraps() throws {
    let good = Array(Self.nested.utf8)
    var failures = 0
    for place in stride(from: 0, to: good.count, by: 3) {
      var damaged = good
      damaged[place] = [0x22, 0x5c, 0x5d, 0xff, 0x7d][place % 5]
      for variant in [Array(good[..<place]), damaged] {
        let file = try DataFile("a.json", variant)
        do { _ = try file.read { try Questions.read($0) }.rows.all() } catch { failures += 1 }
      }
    }
    #expect(failures > good.count / 3)
  }
}
