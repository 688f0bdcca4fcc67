import Testing
import Training

@Suite struct DatasetsLabelTests {
  private func texts(_ labels: [String]) -> LabelledTexts {
    LabelledTexts(
      file: "data.tsv", columns: .init(text: "text", label: "Label"),
      rows: labels.enumerated().map { LabelledText(text: "x", label: $0.element, line: $0.offset + 2) })
  }

  @Test(arguments: [
    (["POSITIVE", "NEGATIVE", "POSITIVE"], ["NEGATIVE", "POSITIVE"]),
    (["positive", "Negative"], ["Negative", "positive"]),
    (["negative", "POSITIVE"], ["negative", "POSITIVE"]),
    (["POSITIVE", "NEUTRAL", "NEGATIVE"], ["NEGATIVE", "NEUTRAL", "POSITIVE"]),
    (["spam", "ham", "Ham"], ["Ham", "ham", "spam"]),
    (["10", "9", "-1", "1"], ["-1", "1", "9", "10"]),
    (["10", "9.5", "2"], ["2", "9.5", "10"]),
    (["10", "9", "x"], ["10", "9", "x"]),
    (["true", "false"], ["false", "true"]),
  ])
  func trainingOrder(labels: [String], names: [String]) {
    #expect(texts(labels).labelNames == names)
  }

  @Test(arguments: [
    (["b", "a"], ["a", "b"], [1, 0]),
    (["b"], ["c", "b", "a"], [1]),
    (["1", "0"], ["NEGATIVE", "POSITIVE"], [1, 0]),
    (["2", "1"], ["1", "2"], [1, 0]),
    (["positive", "NEGATIVE"], ["NEGATIVE", "POSITIVE"], [1, 0]),
    (["ham", "Ham"], ["Ham", "ham"], [1, 0]),
  ])
  func knownLabels(labels: [String], known: [String], numbers: [Int]) throws {
    #expect(try texts(labels).labels(known: known) == numbers)
  }

  @Test(arguments: [
    (["a", "b", "c", "d"], ["a", "b"], 4, "c"),
    (["NEUTRAL"], ["NEGATIVE", "POSITIVE"], 2, "NEUTRAL"),
    (["0", "2"], ["NEGATIVE", "POSITIVE"], 3, "2"),
    (["0", "x"], ["y", "x"], 2, "0"),
    (["HAM"], ["Ham", "ham"], 2, "HAM"),
    (["0"], ["1", "2"], 2, "0"),
  ])
  func aLabelNeverSeen(labels: [String], known: [String], line: Int, label: String) {
    let place = DataPlace(file: "data.tsv", line: line, column: .name("Label"))
    #expect(throws: DataError.unseenLabel(place, label: label, known: known)) {
      try texts(labels).labels(known: known)
    }
  }

  @Test func trainingNeedsTwoLabels() throws {
    #expect(try texts(["b", "a"]).namesForTraining() == ["a", "b"])
    #expect(throws: DataError.oneLabel(file: "data.tsv", label: "a")) {
      try texts(["a", "a"]).namesForTraining()
    }
  }
}
