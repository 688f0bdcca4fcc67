import Foundation
import Testing
import Training

/// Texts to write, in every form that they are read in, and packed.
@Suite struct WritingsTests {
  private func read(_ name: String, _ text: String, needsTargets: Bool = false) throws -> [Writing.Content] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attune-writings-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    let writings = try Writings.read(file, needsTargets: needsTargets)
    var contents: [Writing.Content] = []
    try writings.rows.forEach { _, row in contents.append(row.content) }
    return contents
  }

  @Test(arguments: [
    ("a.txt", "one\nline\n\ntwo\n", [Writing.Content.text("one\nline"), .text("two")]),
    ("a.jsonl", "{\"text\": \"one\"}\n", [.text("one")]),
    ("a.jsonl", "{\"prompt\": \"one\", \"completion\": \" two\"}\n", [.answer(source: "one", target: " two")]),
    ("a.tsv", "article\thighlights\none\ttwo\n", [.answer(source: "one", target: "two")]),
    ("a.csv", "target,source\n\"two, three\",one\n", [.answer(source: "one", target: "two, three")]),
    (
      "a.json", "[{\"translation\": {\"en\": \"one\", \"pt\": \"um\"}}]", [.answer(source: "one", target: "um")]
    ),
    (
      "a.jsonl",
      "{\"messages\": [{\"role\": \"user\", \"content\": \"one\"}, {\"role\": \"assistant\", \"content\": \"two\"}]}\n",
      [.chat([.init(role: "user", content: "one"), .init(role: "assistant", content: "two")])]
    ),
    (
      "a.jsonl",
      "{\"conversations\": [{\"from\": \"human\", \"value\": \"one\"}, {\"from\": \"gpt\", \"value\": \"two\"}]}\n",
      [.chat([.init(role: "user", content: "one"), .init(role: "assistant", content: "two")])]
    ),
  ])
  func reads(_ name: String, _ text: String, _ wanted: [Writing.Content]) throws {
    #expect(try read(name, text) == wanted)
  }

  @Test(arguments: [
    ("a.tsv", "source\tother\none\ttwo\n"), ("a.jsonl", "{\"text\": \"one\"}\n"), ("a.txt", "one\n"),
    ("a.tsv", "source\ttarget\none\t \n"), ("a.jsonl", "{\"prompt\": \"one\"}\n"),
  ])
  func pairsNeedBothSides(_ name: String, _ text: String) {
    #expect(throws: DataError.self) { try read(name, text, needsTargets: true) }
  }

  @Test(arguments: ["{\"messages\": [1]}", "{\"messages\": []}", "{\"messages\": [{\"role\": \"user\"}]}"])
  func aConversationNeedsTurns(_ text: String) {
    #expect(throws: DataError.self) { try read("a.jsonl", text) }
  }

  @Test func packingKeepsEveryTokenInOrder() {
    let rows = [3, 1, 7, 2].enumerated().map { row, count in
      Example(
        ids: (0..<Int32(count)).map { Int32(row * 10) + $0 }, typeIDs: Array(repeating: 0, count: count),
        target: .asked((0..<count).map { $0 > 0 }), row: row)
    }
    let packed = PackedExamples(rows, length: 5)
    let examples = (0..<packed.count).map(packed.example)
    #expect(examples.flatMap(\.ids) == rows.flatMap(\.ids))
    #expect(examples.map(\.ids.count) == [5, 5, 3] && (0..<3).map(packed.length) == [5, 5, 3])
    #expect(examples.map(\.row) == [0, 2, 2] && (0..<3).map(packed.row) == [0, 2, 2])
    let asked = examples.flatMap { if case .asked(let flags) = $0.target { flags } else { [Bool]() } }
    #expect(asked == rows.flatMap { row in row.ids.indices.map { $0 > 0 } })
  }
}
