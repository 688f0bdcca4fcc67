import Foundation
import Notebook
import Shell
import Testing

@Suite struct CompletionTests {
  private let completion = Completion(
    table: Toys.table, home: nil,
    members: { $0 == "first" ? [.init("label", detail: "POSITIVE"), .init("score")] : [] },
    names: { kind in
      switch kind {
      case .model: ["minilm", "mini-gpt", "pocket-bert"].map { .init($0) }
      case .variable: [.init("first", detail: "say a"), .init("fit")]
      default: []
      }
    })

  @Test(arguments: [
    ("sl", Completion.Outcome.replace(2, "slow ")),
    ("te", .replace(2, "tell ")),
    ("?sl", .replace(3, "?slow ")),
    (
      "",
      .list(
        ["ask", "grow", "open", "quit", "say", "slow"],
        details: ["Asks.", "Draws while it runs.", "Opens a model.", "Leaves.", "Says it.", "Takes long."])
    ),
    ("s", .list(["say", "slow"], details: ["Says it.", "Takes long."])),
    ("x = sl", .replace(2, "slow ")),
    ("x = time sl", .replace(2, "slow ")),
    ("x = say --mo", .replace(4, "--model ")),
    ("say $fir", .replace(3, "first")),
    ("say \"about $fir", .replace(3, "first")),
    ("say 'about $fir", .none),
    ("say $f", .replace(1, "fi")),
    ("say $fi", .list(["first", "fit"], details: ["say a", ""])),
    ("say $first.", .list(["label", "score"], details: ["POSITIVE", ""])),
    ("say $first.la", .replace(2, "label")),
    ("zz", .none),
    ("say --mo", .replace(4, "--model ")),
    ("say --model po", .replace(2, "pocket-bert ")),
    ("say --model=po", .replace(10, "--model=pocket-bert ")),
    ("say --model min", .replace(3, "mini")),
    ("say --model mini", .list(["mini-gpt", "minilm"])),
    ("say --tone ", .list(["calm", "cheerful", "loud"])),
    ("say --tone c", .list(["calm", "cheerful"])),
    ("say --tone ch", .replace(2, "cheerful ")),
    ("say --tone calm --to", .none),
    ("say --json --js", .none),
    ("tell --tone l", .replace(1, "loud ")),
    ("open po", .replace(2, "pocket-bert ")),
    ("say a\nopen po", .replace(2, "pocket-bert ")),
    ("open 'po", .replace(3, "'pocket-bert' ")),
    ("# sa", .none),
  ])
  func offers(_ text: String, _ outcome: Completion.Outcome) {
    #expect(completion.outcome(text) == outcome)
  }

  @Test func filesAreQuotedAndFoldersStayOpen() throws {
    let folder = try Driver.folder("files")
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["a b.txt", "a b.tsv", ".hidden"] {
      try Data().write(to: folder.appendingPathComponent(name))
    }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
    let start = folder.path + "/"
    func outcome(_ end: String, quote: String = "") -> Completion.Outcome {
      completion.outcome("say " + quote + start + end)
    }
    #expect(outcome("d") == .replace(start.count + 1, start + "data/"))
    #expect(outcome("a") == .replace(start.count + 1, start + "a\\ b.t"))
    #expect(outcome("a\\ b.t") == .list(["a b.tsv", "a b.txt"]))
    #expect(outcome("a b.tx", quote: "\"") == .replace(start.count + 7, "\"" + start + "a b.txt\" "))
    #expect(outcome("") == .list(["a b.tsv", "a b.txt", "data/"]))
    #expect(outcome(".h") == .replace(start.count + 2, start + ".hidden "))
  }

  @Test func aRequestKnowsWordsAndQuotes() {
    let request = CompletionRequest("say \"a b\" c\\ d 'e f")
    #expect(request.words == ["say", "a b", "c d"])
    #expect(request.word == "e f")
    #expect(request.raw == "'e f")
    #expect(request.quote == "'")
  }

  @Test func candidatesStandInColumns() {
    #expect(Columns.lines(["a", "bb", "ccc", "世界", "e"], width: 12) == ["a     世界", "bb    e", "ccc"])
    #expect(Columns.lines(["wider than it all"], width: 5) == ["wider than it all"])
    #expect(Columns.lines([], width: 80) == [])
    #expect(Columns.lines((0..<250).map(String.init), width: 10).last == "and 50 more")
  }

  @Test func foldedTextIsCounted() {
    #expect(Columns.rowsBefore(end: "abc", width: 4) == 0)
    #expect(Columns.rowsBefore(end: "abcd", width: 4) == 1)
    #expect(Columns.rowsBefore(end: "a\nb\nc", width: 4) == 2)
    #expect(Columns.rowsBefore(end: "abc世", width: 4) == 1)
  }
}
