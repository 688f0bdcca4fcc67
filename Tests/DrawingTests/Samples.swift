import Drawing

/// A drawing of each kind, small enough that its whole screen stands in a test.
enum Samples {
  static let pieces = ["[CLS]", "the", "trophy", "was", "big", "[SEP]"]
  static let weights: [[Float]] = [
    [0.30, 0.17, 0.10, 0.06, 0.05, 0.32],
    [0.10, 0.40, 0.20, 0.10, 0.10, 0.10],
    [0.02, 0.08, 0.41, 0.09, 0.20, 0.20],
    [0.01, 0.02, 0.40, 0.30, 0.17, 0.10],
    [0.00, 0.05, 0.25, 0.25, 0.25, 0.20],
    [0.01, 0.01, 0.01, 0.01, 0.01, 0.95],
  ]

  static let tokens = Drawing.tokens(
    .init(
      title: "6 pieces",
      tokens: [
        .init("[CLS]", id: 101, isSpecial: true), .init("the", id: 1996, offsets: 0..<3),
        .init("trophy", id: 5384, offsets: 4..<10), .init("was", id: 2001, offsets: 11..<14),
        .init("big", id: 2502, offsets: 15..<18), .init("[SEP]", id: 102, isSpecial: true),
      ]))

  static let names = Drawing.highlights(
    .init(
      title: "Names", text: "Elon Musk founded SpaceX\nin Hawthorne, California.",
      marks: [
        .init(0..<9, "PER", note: "score 0.99"), .init(18..<24, "ORG"), .init(28..<37, "LOC"), .init(39..<49, "LOC"),
      ], meanings: ["PER": "person", "LOC": "place"]))

  static let attention = Drawing.heatmap(
    .init(
      title: "Layer 4, head 7", rows: pieces, columns: pieces, values: weights, legend: "attention weight",
      rowTitle: "from", columnTitle: "to", relation: "attends to"))

  static let change = Drawing.heatmap(
    .init(
      title: "Change", rows: ["it", "was"], columns: ["a", "b", "c"],
      values: [[0.2, -0.1, 0], [-0.4, .nan, 0.05]],
      scale: .diverging(limit: nil)))

  static let heads = Drawing.grid(
    .init(
      title: "Layer 4, all 3 heads",
      maps: [
        .init("head 1", weights), .init("head 2", Array(weights.reversed())),
        .init("head 3", weights.map { $0.reversed() }),
      ], rows: pieces, columns: pieces, legend: "attention weight"))

  static let loss = Drawing.curves(
    .init(
      title: "Training loss",
      series: [
        .init(
          "pre-trained", [.init(0, 0.70), .init(10, 0.40), .init(20, 0.25), .init(30, 0.20), .init(40, 0.21)]),
        .init(
          "from scratch",
          [.init(0, 0.70), .init(10, 0.69), .init(20, 0.67), .init(30, 0.66), .init(40, 0.64)]),
      ]))

  static let accuracy = Drawing.curves(
    .init(
      title: "Accuracy", xTitle: "epoch",
      series: [
        .init("validation", [.init(0, 0.5), .init(1, 0.65), .init(2, 0.75), .init(3, 0.72)], goal: .high)
      ]))

  static let models = Drawing.table(
    .init(
      title: "Models", columns: ["name", "what it is", .number("size"), "here"],
      rows: [
        ["minilm", "a small BERT that compares sentences", "91 MB", .init("yes", .good)],
        ["smollm2", "a chat model", "9.1 MB", .init("no", .faint)],
      ]))

  static let answer = Drawing.bars(
    .init(
      title: "This movie was fantastic!",
      bars: [.init("POSITIVE", 0.974, text: "97.4%"), .init("NEGATIVE", 0.026, text: "2.6%")], range: 0...1))

  static let contributions = Drawing.bars(
    .init(bars: [.init("fantastic", 0.6), .init("movie", 0.1), .init("but", -0.3)]))

  static let steps = Drawing.progress(
    .init(label: "epoch 2 of 5", done: 124, total: 200, unit: .count("steps"), rate: 8.13, secondsLeft: 9.3))

  static let words = Drawing.text(
    .init([.init("minilm", .strong), " is ", .init("ready", .good), ", see ", .init("help", .code)]))

  static let all: [Drawing] = [
    tokens, names, attention, change, heads, loss, accuracy, models, answer, contributions, steps, words,
  ]
}

func screen(_ drawing: Drawing, _ style: TerminalStyle = TerminalStyle()) -> String {
  drawing.lines(style).joined(separator: "\n")
}
