import Tensors
import Testing
import Training

/// Rows that say the same as others, found without comparing all with all.
@Suite struct DatasetsOverlapTests {
  private func texts(_ rows: [(String, String)]) -> LabelledTexts {
    LabelledTexts(
      file: "memory", columns: .init(text: "text", label: "label"),
      rows: rows.enumerated().map { LabelledText(text: $1.0, label: $1.1, line: $0 + 2) })
  }

  private static let review = "The soup was cold, the waiter was colder, and the bill had been kept in the oven."

  @Test func sameNearAndRelabelled() throws {
    let overlap = try texts([
      (Self.review, "NEGATIVE"), ("A walk along the river at dusk is all I ask for.", "POSITIVE"),
      ("the SOUP was cold - the waiter was colder and the bill had been kept in the oven", "NEGATIVE"),
      (Self.review, "POSITIVE"), (Self.review.replacing("soup", with: "fish"), "NEGATIVE"),
      ("Nothing in this drawer has ever been used.", "NEGATIVE"),
    ]).duplicates()
    #expect((overlap.rows, overlap.same, overlap.relabelled, overlap.near) == (6, 2, 1, 1))
    #expect(overlap.pairs.map(\.line) == [5, 4, 6] && overlap.pairs.allSatisfy { $0.otherLine == 2 })
    #expect(overlap.pairs[0].labels == ["POSITIVE"] && overlap.pairs[0].otherLabels == ["NEGATIVE"])
    #expect(overlap.pairs[1].similarity == 1 && (0.7..<1).contains(overlap.pairs[2].similarity))
  }

  @Test func leakageIsLookedForInTheOtherFile() throws {
    let other = texts([("Rain all day.", "a"), (Self.review, "b")])
    let overlap = try texts([(Self.review, "b"), ("Sun all day long, at last.", "a"), (Self.review, "b")])
      .overlap(with: other)
    #expect((overlap.rows, overlap.same, overlap.relabelled, overlap.near) == (3, 2, 0, 0))
    #expect(overlap.pairs.map(\.otherLine) == [3, 3])
  }

  /// Of a text with one word in ten replaced, the sketches must find nearly all; of unrelated ones, none.
  @Test func nearOnesAreFoundAmongMany() throws {
    var generator = Generator(seed: 5)
    let words = (0..<4000).map { _ in
      String(
        (0..<Int.random(in: 4...9, using: &generator)).map { _ in
          "abcdefghijklmnopqrstuvwxyz".randomElement(using: &generator) ?? "a"
        })
    }
    let originals = (0..<1500).map { _ in (0..<30).map { _ in words.randomElement(using: &generator) ?? "" } }
    let changed = originals.prefix(500).map { words in
      words.enumerated().map { $0 % 15 == 7 ? "zzzz" : $1 }.joined(separator: " ")
    }
    let all = texts((originals.map { $0.joined(separator: " ") } + changed).map { ($0, "x") })
    let overlap = try all.duplicates()
    #expect(overlap.same == 0)
    #expect((480...500).contains(overlap.near))
  }

  @Test func paragraphsCountOnceHoweverManyQuestionsTheyHave() throws {
    func question(_ id: Int, _ context: String) -> Question {
      Question(id: "\(id)", text: "Who?", context: context, answers: [], line: id)
    }
    let questions = Questions(
      file: "memory",
      [question(1, Self.review), question(2, Self.review), question(3, "Other."), question(4, Self.review)])
    let overlap = try questions.duplicates()
    #expect((overlap.rows, overlap.same, overlap.relabelled) == (3, 1, 0))
  }

  @Test func textsWithoutLettersAreComparedAsTheyAre() throws {
    let overlap = try texts([
      ("!!", "a"), ("??", "a"), ("!!", "a"), ("Ünïcode 世界", "a"), ("ÜNÏCODE, 世界!", "a"), ("a", "a"),
    ])
    .duplicates()
    #expect((overlap.same, overlap.near) == (2, 0))
  }

  @Test func lengthsInTokens() throws {
    var lengths = TokenLengths()
    for length in [3, 4, 4, 5, 6, 7, 8, 9, 10, 40] { lengths.add(length) }
    #expect([0.1, 0.5, 0.9, 0.95, 1].map(lengths.percentile) == [3, 6, 10, 40, 40])
    #expect(lengths.mean == 9.6 && lengths.longest == 40 && lengths.count(above: 8) == 3)
    #expect(lengths.bins(5).map(\.count) == [8, 1, 0, 0, 1])
    #expect(lengths.bins(5).map(\.range.lowerBound) == [0, 10, 20, 30, 40])
    let rows = texts([("the", "a"), ("the of", "a"), ("", "a")])
    let read = try TokenLengths(rows, FeatureTests.tokenizer())
    #expect(read.count == 3 && read.shortest == 2 && read.percentile(0.5) == 3 && read.longest == 4)
  }
}
