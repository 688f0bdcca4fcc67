import Foundation
import Testing
import Training

@Suite struct DatasetsTagsTests {
  private func read(_ name: String, _ content: String, _ options: ReadingOptions = .init()) throws -> TaggedSentences {
    try DataFile(name, content).read { try TaggedSentences.read($0, options) }
  }

  @Test(arguments: [
    // IO, IOB1, IOB2, BIOES, BILOU and bare types of the same two sentences.
    (TagScheme.io, ["I-PER", "I-PER", "O", "I-LOC"], ["B-PER", "I-PER", "O", "B-LOC"]),
    (.iob1, ["I-PER", "B-PER", "O", "I-LOC"], ["B-PER", "B-PER", "O", "B-LOC"]),
    (.iob2, ["B-PER", "I-PER", "O", "B-LOC"], ["B-PER", "I-PER", "O", "B-LOC"]),
    (.bioes, ["B-PER", "I-PER", "E-PER", "S-LOC"], ["B-PER", "I-PER", "I-PER", "B-LOC"]),
    (.bioes, ["S-PER", "S-PER", "B-PER", "E-PER"], ["B-PER", "B-PER", "B-PER", "I-PER"]),
    (.bioes, ["B-PER", "E-PER", "E-PER", "O"], ["B-PER", "I-PER", "B-PER", "O"]),
    (.bilou, ["B-PER", "L-PER", "U-LOC", "O"], ["B-PER", "I-PER", "B-LOC", "O"]),
    (.types, ["PER", "PER", "LOC", "O"], ["B-PER", "I-PER", "B-LOC", "O"]),
    (
      .iob2, ["B-creative-work", "I-creative-work", "I-person", "O"],
      ["B-creative-work", "I-creative-work", "B-person", "O"]
    ),
  ])
  func everySchemeBecomesIOB2(scheme: TagScheme, written: [String], tags: [String]) throws {
    let read = try read("a.conll", written.map { "word \($0)\n" }.joined())
    #expect(try read.rows.all().map(\.tags) == [tags])
    #expect(read.scheme == scheme)
  }

  @Test(arguments: [
    ("a.conll", "Ada B-PER\nsat O\n\nHi O\n"), ("a.iob2", "Ada\tB-PER\r\nsat\tO\r\n\r\n\r\nHi\tO"),
    ("a.txt", "-DOCSTART- -X- -X- O\n\nAda NNP I-NP B-PER\nsat VBD B-VP O\n\nHi UH O O\n"),
    (
      "a.train",
      "# global.columns = ID FORM UPOS NER\n# text = Ada sat\n1\tAda\tPROPN\tB-PER\n2\tsat\tVERB\tO\n\n1\tHi\tX\tO\n"
    ),
    ("a", "1\tAda\tB-PER\t-\tanna\n2\tsat\tO\t-\tanna\n\n1\tHi\tO\t-\t-\n"),
    ("a.conllu", "1-2\tAda-sat\t_\tO\n1\tAda\tX\tB-PER\n2\tsat\tX\tO\n2.1\tno\tX\tO\n\n1\tHi\tX\tO\n"),
    (
      "a.jsonl",
      "{\"tokens\":[\"Ada\",\"sat\"],\"ner_tags\":[\"B-PER\",\"O\"]}\n{\"tokens\":[\"Hi\"],\"ner_tags\":[\"O\"]}\n"
    ),
    (
      "a.json",
      "[{\"id\":1,\"words\":[\"Ada\",\"sat\"],\"tags\":[\"B-PER\",\"O\"]},{\"words\":[\"Hi\"],\"tags\":[\"O\"]}]"
    ),
  ])
  func oneTextWrittenInManyWays(name: String, content: String) throws {
    let read = try read(name, content)
    #expect(try read.rows.all().map(\.words) == [["Ada", "sat"], ["Hi"]])
    #expect(try read.rows.all().map(\.tags) == [["B-PER", "O"], ["O"]])
    #expect(read.types == ["PER"])
    #expect(read.typeCounts == [1])
    #expect(read.wordCount == 3)
    #expect(try read.namesForTraining() == ["B-PER", "I-PER", "O"])
  }

  /// In a file of tabs a word may be blank or hold spaces; a line of nothing but tabs ends a sentence.
  @Test func tabsAlone() throws {
    let read = try read("a.dev", "a b\tO\n\tO\n \tB-X\n\t\n#\tO\n#tag\tB-X\n# tag\tO\n# note\n")
    let rows = try read.rows.all()
    #expect(rows.map(\.words) == [["a b", "", ""], ["#", "#tag", "# tag"]])
    #expect(rows.map(\.line) == [1, 5])
    #expect(rows[0].text == "a b  ")
  }

  @Test func aHashThatIsAWord() throws {
    let read = try read("a.conll", "# the first\n# O\nis O\n#1 I-MISC\n\n# another comment\nYes O\n")
    #expect(try read.rows.all().map(\.words) == [["#", "is", "#1"], ["Yes"]])
    #expect(try read.rows.all().map(\.line) == [2, 7])
  }

  @Test(arguments: [("2", ["N", "V"]), ("pos", ["N", "V"]), ("ner", ["B-X", "O"]), ("3", ["B-X", "O"])])
  func theColumnThatIsAskedFor(column: String, tags: [String]) throws {
    var options = ReadingOptions()
    options.tagColumn = column
    let names = Int(column) == nil ? "word\tpos\tner\n" : ""
    let read = try read("a.tsv", names + "a\tN\tB-X\nb\tV\tO\n", options)
    #expect(try read.rows.all().map(\.written) == [tags])
  }

  @Test func tagsAsNumbers() throws {
    var options = ReadingOptions()
    options.tagNames = ["O", "B-X", "I-X"]
    let content = "{\"tokens\":[\"a\",\"b\",\"c\"],\"ner_tags\":[1,2,0]}"
    #expect(try read("a.jsonl", content, options).rows.row(0).tags == ["B-X", "I-X", "O"])
  }

  @Test(arguments: [
    ("a.conll", "a O\nb c O\n", 2, DataPlace.Column.number(3), 2, 3),
    ("a.conll", "a X O\nb O\n", 2, .number(3), 3, 2),
    ("a.tsv", "a\tO\n\nb O\n", 3, .number(2), 2, 1),
  ])
  func aRowOfAnotherWidth(
    name: String, content: String, line: Int, column: DataPlace.Column, expected: Int, found: Int
  ) throws {
    let file = try DataFile(name, content)
    #expect(throws: DataError.wrongColumnCount(file.place(line, column), expected: expected, found: found)) {
      try TaggedSentences.read(file.url)
    }
  }

  @Test func whatElseCanBeWrong() throws {
    func fails(_ name: String, _ content: String, column: String? = nil, _ error: (DataFile) -> DataError) throws {
      let file = try DataFile(name, content)
      var options = ReadingOptions()
      options.tagColumn = column
      #expect(throws: error(file)) { try TaggedSentences.read(file.url, options) }
    }
    try fails("a.conll", "only\nwords\n") { .noTags(file: $0.path, line: 1) }
    try fails("a.tsv", "a\tO\nb\t\n") { .missingLabel($0.place(2, .number(2))) }
    try fails("a.conll", "a O\n", column: "9") { .noTagColumn(file: $0.path, name: "9", columns: 2) }
    try fails("a.conll", "a O\n", column: "ner") { .noTagColumn(file: $0.path, name: "ner", columns: 2) }
    try fails("a.conll", "-DOCSTART- O\n\n") { .noTags(file: $0.path, line: 1) }
    try fails("a.conll", "# a\n\n") { .noRows(file: $0.path) }
    try fails("a.jsonl", "{\"tokens\":[\"a\"],\"ner_tags\":[\"O\",\"O\"]}") {
      .unequalCounts($0.place(1, .name("ner_tags")), words: 1, tags: 2)
    }
    try fails("a.jsonl", "{\"tokens\":[\"a\"],\"ner_tags\":[3]}") { .unnamedTags($0.place(1, .name("ner_tags"))) }
    try fails("a.jsonl", "{\"tokens\":[\"a\"]}") {
      .missingColumn(
        file: $0.path, line: 1, column: "ner_tags",
        accepted: ["ner_tags", "tags", "labels", "ner", "ner_labels"], have: ["tokens"])
    }
    try fails("a.jsonl", "{\"tokens\":\"a\",\"tags\":[]}") { .wrongKind($0.place(1, .name("tokens")), found: "string") }
    let file = try DataFile("a.conll", "a O\n")
    #expect(throws: DataError.oneLabel(file: file.path, label: "O")) {
      try TaggedSentences.read(file.url).namesForTraining()
    }
  }

  /// No prefix of a good file may trap, and a changed byte gives rows or an error.
  @Test func damageNeverTraps() throws {
    let good = Array("# global.columns = ID W T\n# a\n1\té\tB-X\n2\tb\tE-X\n\n1\t#\tO\n".utf8)
    for place in good.indices {
      for byte: UInt8 in [0x09, 0x0a, 0x20, 0x23, 0xff] {
        var damaged = good
        damaged[place] = byte
        for variant in [Array(good[..<place]), damaged] {
          let file = try DataFile("a.conll", variant)
          _ = try? file.read { try TaggedSentences.read($0).rows.all() }
        }
      }
    }
  }
}
