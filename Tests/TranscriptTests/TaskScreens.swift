import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// What `similar`, `embed` and `classify` show.
@Suite(.takingTurns) struct TaskScreens {
  @Test func theNearestTextComesFirst() throws {
    try typing(
      "similar 'A good film.' 'A good movie.' 'The house is on fire.'",
      shows: """
        Nearest in meaning to “A good film.”
                A good movie.  ██████████████████████████████████████▎             0.765
        The house is on fire.  ██████████████████████████████████████              0.761
        """)
  }

  @Test func likenessOnANarrowScreen() throws {
    try typing(
      "similar 'A good film.' 'A good movie.' 'The house is on fire.'", style: .narrow,
      shows: """
        Nearest in meaning to “A good film.”
        A good movie.  █████████████▊      0.765
        The house is…  █████████████▊      0.761
        """)
  }

  @Test func likenessInWords() throws {
    try typing(
      "similar 'A good film.' 'A good movie.' 'The house is on fire.'", style: .accessible,
      shows: """
        Nearest in meaning to “A good film.”
        A good movie.: 0.765
        The house is on fire.: 0.761
        """)
  }

  @Test func aVectorShowsItsBeginning() throws {
    try typing(
      "embed 'A good film.'",
      shows: """
        A good film.
        [0.013, 0.154, -0.058, -0.348, -0.221, 0.101, … ]  32 numbers, length 1
        """)
  }

  @Test func vectorsOfAFileAreLinesOfJSON() throws {
    let sitting = try Sitting(NotebookCommands.rows)
    let file = try sitting.file("texts.jsonl", #"{"id": "a", "text": "good"}"# + "\n\n" + #"{"text": "bad"}"# + "\n")
    let (cell, lines, notices) = sitting.run("embed --file \(file) --jsonl")
    #expect(cell?.status == .passed && notices.isEmpty)
    let rows = lines.compactMap { Value(json: Data($0.utf8)) }
    #expect(rows.map { $0["line"] } == [.integer(1), .integer(3)] && rows.map { $0["id"] } == [.string("a"), nil])
    let lone = sitting.run("embed bad --json").cell?.value
    #expect(rows.last?["embedding"] == lone?["embeddings"]?[0] && lone?["embeddings"]?[0]?[31] != nil)
    #expect(sitting.run("embed --file \(file) --json").cell?.value?["embeddings"]?[1] == lone?["embeddings"]?[0])
    let shown = sitting.run("embed --file \(file)").lines
    #expect(shown.count == 5 && shown[0] == "good" && shown[4].hasPrefix("2 results from minilm in "))
  }

  @Test func everyTextHasItsClasses() throws {
    try typing(
      "classify --model minilm 'A good film.' 'It was terrible.'",
      shows: """
        A good film.
        POSITIVE  ████████████████████████████▏                       0.563
        NEGATIVE  ███████████▎                                        0.226
         NEUTRAL  ██████████▋                                         0.212
        It was terrible.
         NEUTRAL  █████████████████████▋                              0.432
        POSITIVE  ████████████████████▏                               0.402
        NEGATIVE  ████████▍                                           0.166
        """)
  }

  @Test func classesOnANarrowScreen() throws {
    try typing(
      "classify --model minilm 'A good film.' 'It was terrible.'", style: .narrow,
      shows: """
        A good film.
        POSITIVE  █████████████            0.563
        NEGATIVE  █████▎                   0.226
         NEUTRAL  ████▉                    0.212
        It was terrible.
         NEUTRAL  █████████▉               0.432
        POSITIVE  █████████▎               0.402
        NEGATIVE  ███▉                     0.166
        """)
  }

  @Test func classesInWords() throws {
    try typing(
      "classify --model minilm 'A good film.' 'It was terrible.'", style: .accessible,
      shows: """
        A good film.
        POSITIVE: 0.563
        NEGATIVE: 0.226
        NEUTRAL: 0.212
        It was terrible.
        NEUTRAL: 0.432
        POSITIVE: 0.402
        NEGATIVE: 0.166
        """)
  }

  @Test func onlyTheBestClass() throws {
    try typing(
      "classify --model minilm 'A good film.' 'It was terrible.' --top 1",
      shows: """
        A good film.
        POSITIVE  ████████████████████████████▏                       0.563
        It was terrible.
        NEUTRAL  █████████████████████▋                              0.432
        """)
  }

  @Test func barsAreColoured() throws {
    try typing(
      "classify --model minilm won --top 1", style: .color(.sixteen),
      shows: """
        \u{1B}[1mwon\u{1B}[0m
        NEUTRAL  \u{1B}[94m████████████████████████████████\u{1B}[0m                    0.641
        """)
    try typing(
      "classify --model minilm won --top 1", style: .color(.palette256),
      shows: """
        \u{1B}[1mwon\u{1B}[0m
        NEUTRAL  \u{1B}[38;5;68m████████████████████████████████\u{1B}[0m                    0.641
        """)
    try typing(
      "classify --model minilm won --top 1", style: .color(.truecolor),
      shows: """
        \u{1B}[1mwon\u{1B}[0m
        NEUTRAL  \u{1B}[38;2;70;151;228m████████████████████████████████\u{1B}[0m                    0.641
        """)
  }
}
