import Foundation
import Testing
import Tokenizers
import Training

/// Rows as sequences, beside what transformers makes of them (Fixtures/features/features.py).
@Suite struct FeatureTests {
  struct TagCase: Decodable {
    let words: [String]
    let tags: [Int]
    let max_length: Int
    let input_ids: [Int32]
    let labels: [Int]
  }

  struct AnswerCase: Decodable {
    struct Answer: Decodable {
      let text: String
      let answer_start: Int
    }

    struct Window: Decodable {
      let input_ids: [Int32]
      let token_type_ids: [Int32]
      let start: Int
      let end: Int
      let offsets: [[Int]?]
    }

    let question: String
    let context: String
    let answers: [Answer]
    let max_length: Int
    let stride: Int
    let windows: [Window]
  }

  static func tokenizer() throws -> Tokenizer {
    let url = Repository.root.appendingPathComponent("Tests/Fixtures/tokenizers/wordpiece-uncased/tokenizer.json")
    return try Tokenizer(json: Data(contentsOf: url), name: "tokenizer.json")
  }

  private func cases<Case: Decodable>(_ name: String) throws -> [Case] {
    let url = Repository.root.appendingPathComponent("Tests/Fixtures/features/\(name).jsonl")
    return try Data(contentsOf: url).split(separator: 10).map { try JSONDecoder().decode(Case.self, from: $0) }
  }

  @Test func tagsGoToFirstPieces() throws {
    let tokenizer = try Self.tokenizer()
    let names = ["O", "B-A", "I-A", "B-B", "I-B", "B-C", "I-C"]
    var cut = 0
    for golden: TagCase in try cases("tags") {
      // IOB2 as it is written: an I- that follows no word of its type is no word of a thing, so start one.
      let written = golden.tags.map { names[$0] }
      let sentence = TaggedSentence(words: golden.words, tags: written, line: 1)
      let repaired = sentence.tags.map { names.firstIndex(of: $0) ?? -1 }
      let features = TagFeatures(
        TaggedSentences(file: "a", [sentence]), labels: names, tokenizer: tokenizer, limit: golden.max_length)
      let featured = try features.featured(sentence, at: 7)
      let expected = try words(golden).map { word in word.map { repaired[$0] } ?? -100 }
      #expect(featured.examples.map(\.ids) == [golden.input_ids])
      #expect(featured.examples.map(\.target) == [.tags(expected)])
      #expect(featured.examples.map(\.row) == [7])
      cut += featured.isCut ? 1 : 0
    }
    #expect(cut > 5)
  }

  /// The word behind each label of a golden case: labels come in the words' order, and a word without pieces has none.
  private func words(_ golden: TagCase) throws -> [Int?] {
    var word = -1
    return golden.labels.map { label in
      guard label != -100 else { return nil }
      word += 1
      while golden.words[word].unicodeScalars.allSatisfy({ $0.properties.generalCategory == .nonspacingMark }) {
        word += 1
      }
      return word
    }
  }

  @Test func answersInWindows() throws {
    let tokenizer = try Self.tokenizer()
    var found = 0
    for golden: AnswerCase in try cases("answers") {
      let features = AnswerFeatures(tokenizer: tokenizer, limit: golden.max_length, stride: golden.stride)
      let question = Question(
        id: "q", text: golden.question, context: golden.context,
        answers: golden.answers.map { .init($0.text, start: $0.answer_start) }, line: 1)
      let featured = try features.featured(question, at: 3)
      #expect(featured.examples.map(\.ids) == golden.windows.map(\.input_ids))
      #expect(featured.examples.map(\.typeIDs) == golden.windows.map(\.token_type_ids))
      #expect(featured.examples.map(\.target) == golden.windows.map { .span(start: $0.start, end: $0.end) })
      #expect(featured.examples.allSatisfy { $0.row == 3 })
      let windows = try features.windows(of: question)
      for (window, golden) in zip(windows, golden.windows) {
        let offsets = window.offsets.indices.map { index in
          window.context.contains(index) ? [window.offsets[index].lowerBound, window.offsets[index].upperBound] : nil
        }
        #expect(offsets == golden.offsets)
        found += golden.end > 0 ? 1 : 0
      }
    }
    #expect(found > 20)
  }

  /// A question that fills a window by itself is cut, so that its context has room.
  @Test func aQuestionThatIsTooLong() throws {
    let features = AnswerFeatures(tokenizer: try Self.tokenizer(), limit: 24, stride: 128)
    let question = Question(
      id: "q", text: String(repeating: "the of ", count: 50), context: "the dog in the house",
      answers: [.init("the house", start: 11)], line: 1)
    let featured = try features.featured(question, at: 0)
    #expect(featured.isCut)
    #expect(featured.examples.allSatisfy { $0.ids.count <= 24 })
    #expect(featured.examples.contains { $0.target != .span(start: 0, end: 0) })
  }

  private static let columns = LabelledTexts.Columns(text: "text", pair: "pair", label: "label")

  @Test func classesNumbersAndPairs() throws {
    let tokenizer = try Self.tokenizer()
    func examples(_ kind: LabelKind, _ rows: [LabelledText], _ labels: [String]) throws -> Features {
      let texts = LabelledTexts(file: "a", columns: Self.columns, kind: kind, rows: rows)
      return try Features(
        texts.rows, SequenceFeatures(texts, labels: labels, tokenizer: tokenizer, limit: 8))
    }
    let single = try examples(
      .single,
      [
        .init(text: "the the", label: "b", line: 1), .init(text: "the", pair: "the of", label: "a", line: 2),
        .init(text: "the of the of the of the", label: "a", line: 3),
      ], ["a", "b"])
    let (the, of) = (try #require(tokenizer.id(of: "the")), try #require(tokenizer.id(of: "of")))
    let (first, last) = (try #require(tokenizer.special.classifier), try #require(tokenizer.special.separator))
    let expected = [
      [first, the, the, last], [first, the, last, the, of, last], [first, the, of, the, of, the, of, last],
    ]
    #expect((0..<3).map { single.examples.example($0).ids.map(Int.init) } == expected)
    #expect(single.examples.example(1).typeIDs == [0, 0, 0, 1, 1, 1])
    #expect((0..<3).map { single.examples.example($0).label } == [1, 0, 0])
    #expect(single.facts.cutRows == 1)
    #expect(single.facts.tokens == 18)
    #expect(single.facts.longest == 8)
    let several = try examples(.several, [.init(text: "the", labels: ["c", "a"], line: 1)], ["a", "b", "c"])
    #expect(several.examples.example(0).target == .labels([1, 0, 1]))
    let number = try examples(.number, [.init(text: "the", label: "2.5", line: 1)], [])
    #expect(number.examples.example(0).target == .value(2.5))
    #expect(throws: DataError.unseenLabel(.init(file: "a", line: 4, column: .name("label")), label: "z", known: ["a"]))
    {
      try examples(.single, [.init(text: "the", label: "z", line: 4)], ["a"])
    }
  }

  @Test func documentsPackedOrCut() throws {
    let tokenizer = try Self.tokenizer()
    let (the, of) = (Int32(try #require(tokenizer.id(of: "the"))), Int32(try #require(tokenizer.id(of: "of"))))
    let (first, last) = (
      Int32(try #require(tokenizer.special.classifier)), Int32(try #require(tokenizer.special.separator))
    )
    let rows = DataRows(
      file: "a",
      [
        Writing(.text("the the the"), line: 1), Writing(.text("of of of of of of"), line: 2),
        Writing(.text("the"), line: 3),
      ])
    let packed = try Features(rows, WordFeatures(tokenizer: tokenizer, limit: 8, isPacked: true))
    #expect(
      (0..<packed.examples.count).map { packed.examples.example($0).ids } == [
        [first, the, the, the, last, of, of, last], [first, of, of, of, of, last, the, last],
      ])
    #expect((0..<2).map { packed.examples.row($0) } == [0, 1])
    let cut = try Features(rows, WordFeatures(tokenizer: tokenizer, limit: 6, isPacked: false))
    #expect(
      (0..<cut.examples.count).map { cut.examples.example($0).ids } == [
        [first, the, the, the, last], [first, of, of, of, of, last], [first, the, last],
      ])
    #expect(cut.facts.cutRows == 1)
    #expect(cut.examples.example(0).target == .words)
    #expect(throws: TokenizerError.self) { try WordFeatures(tokenizer: tokenizer, limit: 3, isPacked: true) }
  }

  @Test func severalSourcesInARow() {
    let sources = [[0, 0, 2], [], [1]].map { rows in
      rows.enumerated().map { Example(ids: [Int32($0), 9], typeIDs: [0, 0], target: .words, row: $1) }
    }
    let joined = JoinedExamples(zip(sources, [3, 2, 2]).map { ($0, $1) })
    #expect(joined.count == 4)
    #expect((0..<4).map(joined.row) == [0, 0, 2, 6])
    #expect((0..<4).map { joined.example($0).row } == [0, 0, 2, 6])
    #expect((0..<4).map { joined.example($0).ids[0] } == [0, 1, 2, 0] && joined.length(3) == 2)
    let slice = ExampleSlice(joined, 1..<4)
    #expect(slice.count == 3 && slice.row(2) == 6 && slice.example(0).ids[0] == 1 && slice.length(1) == 2)
    let spaced = SpacedExamples(joined, atMost: 2)
    #expect(spaced.count == 2 && spaced.row(1) == 2 && SpacedExamples(joined, atMost: 9).count == 4)
  }

  @Test func someRowsOfAll() throws {
    let examples = [0, 0, 1, 2, 2, 2, 4].map { Example(ids: [$0], typeIDs: [0], target: .words, row: Int($0)) }
    let selection = ExampleSelection(examples, rows: RowSet(of: 5) { [0, 2, 3].contains($0) })
    #expect((0..<selection.count).map { selection.row($0) } == [0, 0, 2, 2, 2])
    #expect(selection.example(2).ids == [2])
    #expect(selection.length(0) == 1)
  }

  @Test func theWorkStopsWhenItIsAsked() throws {
    struct Stop: Error {}
    let rows = DataRows(file: "a", (1...2000).map { Writing(.text("the"), line: $0) })
    let featurizer = try WordFeatures(tokenizer: try Self.tokenizer(), limit: 8, isPacked: false)
    var reports: [Int] = []
    #expect(throws: Stop.self) {
      try Features(rows, featurizer) { done, total in
        reports.append(done)
        #expect(total == 2000)
        if done >= 1024 { throw Stop() }
      }
    }
    #expect(reports == [512, 1024])
  }
}
