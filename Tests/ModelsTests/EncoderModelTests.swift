import Layers
import Models
import Tensors
import Testing

@Suite struct EncoderModelTests {
  static let families = ["bert", "roberta", "distilbert"]

  private func model(_ family: String, _ kind: Head.Kind = .body, seed: UInt64 = 1) throws -> TransformerModel {
    try TransformerModel(ConfigurationText(family).configuration(), kind, source: nil, seed: seed)
  }

  private let sequences: [(ids: [Int32], typeIDs: [Int32]?)] = [
    ([2, 7, 9, 3], nil), ([2, 40, 3, 12, 13, 14, 3], [0, 0, 0, 1, 1, 1, 1]), ([49], nil),
    ([2, 7, 9, 3, 5], nil),
  ]

  @Test("A sequence has the same states alone as in a batch", arguments: families)
  func noLeak(_ family: String) throws {
    let model = try model(family)
    let batch = TokenBatch(sequences)
    let together = Watcher([.hiddenStates, .attentions])
    _ = model(batch, Pass(boundaries: batch.boundaries, watcher: together))
    #expect(together.hiddenStates.count == 3 && together.attentions.count == 2)
    for (index, sequence) in sequences.enumerated() {
      let single = TokenBatch([sequence])
      let alone = Watcher([.hiddenStates, .attentions])
      _ = model(single, Pass(boundaries: single.boundaries, watcher: alone))
      for (a, b) in zip(alone.hiddenStates, together.hiddenStates) {
        let span = batch.span(index)
        let rows = Array(b.values[span.lowerBound * b.width..<span.upperBound * b.width])
        #expect(largestDifference(a.values, rows) < 1e-5, "sequence \(index)")
      }
      for (a, b) in zip(alone.attentions, together.attentions) {
        for head in 0..<4 {
          let maps = (a.map(sequence: 0, head: head), b.map(sequence: index, head: head))
          #expect(largestDifference(maps.0.flatMap { $0 }, maps.1.flatMap { $0 }) < 1e-5)
        }
      }
    }
  }

  @Test("Another word changes the states of its own sequence, and of no other", arguments: families)
  func influence(_ family: String) throws {
    let model = try model(family)
    var changed = sequences
    changed[1].ids[2] = 30
    let (a, b) = (TokenBatch(sequences), TokenBatch(changed))
    let before = model.hidden(a, Pass(boundaries: a.boundaries)).values
    let after = model.hidden(b, Pass(boundaries: b.boundaries)).values
    for sequence in 0..<4 {
      let span = a.span(sequence).lowerBound * 32..<a.span(sequence).upperBound * 32
      let difference = largestDifference(Array(before[span]), Array(after[span]))
      #expect(sequence == 1 ? difference > 1e-3 : difference == 0, "sequence \(sequence)")
    }
  }

  /// With a watcher every block makes all rows.
  @Test("What a head looks at is the same whether the last block made the other rows or not", arguments: families)
  func askedRows(_ family: String) throws {
    let batch = TokenBatch(sequences)
    let whole = Pass(boundaries: batch.boundaries, watcher: Watcher([]))
    let asked = Pass(boundaries: batch.boundaries)
    let classifier = try model(family, .sequenceClassification)
    let classes = classifier(batch, asked).values
    #expect(largestDifference(classes, classifier(batch, whole).values) < 1e-5)
    let predictor = try model(family, .maskedWords)
    // Some of the first sequence, none of the second, all of the third; and in no order at all.
    for rows: [Int32] in [[1, 2, 11], [0, 4, 10, 11, 16], [16, 2, 2, 9], []] {
      let words = predictor(batch, asked, rows: rows)
      #expect(words.shape == [rows.count, 50])
      #expect(largestDifference(words.values, predictor(batch, whole, rows: rows).values) < 1e-5, "\(rows)")
    }
  }

  @Test("What does not fit the tables is refused", arguments: families)
  func check(_ family: String) throws {
    let model = try model(family)
    let limit = family == "roberta" ? 18 : 20
    func batch(_ ids: [Int32], types: [Int32]? = nil) -> TokenBatch {
      TokenBatch([([2, 3], nil), (ids, types)])
    }
    try model.check(batch(Array(repeating: 4, count: limit)))
    #expect(throws: InputError.tooLong(tokens: limit + 1, limit: limit)) {
      try model.check(batch(Array(repeating: 4, count: limit + 1)))
    }
    #expect(throws: InputError.empty) { try model.check(TokenBatch([])) }
    #expect(throws: InputError.empty) { try model.check(batch([])) }
    #expect(throws: InputError.idOutOfRange(id: 50, vocabulary: 50)) { try model.check(batch([49, 50])) }
    #expect(throws: InputError.idOutOfRange(id: -1, vocabulary: 50)) { try model.check(batch([-1])) }
    if family == "distilbert" {
      try model.check(batch([4], types: [9]))
    } else {
      #expect(throws: InputError.typeOutOfRange(type: 2, segments: 2)) {
        try model.check(batch([4], types: [2]))
      }
      #expect(throws: InputError.typeOutOfRange(type: -1, segments: 2)) {
        try model.check(batch([4], types: [-1]))
      }
    }
  }

  @Test("What is just allowed goes through", arguments: families)
  func longest(_ family: String) throws {
    let model = try model(family)
    let batch = TokenBatch([(Array(repeating: 49, count: model.configuration.maximumTokens), nil)])
    try model.check(batch)
    let values = model.hidden(batch, Pass(boundaries: batch.boundaries)).values
    #expect(values.allSatisfy { $0.isFinite })
  }

  @Test(
    "Positions count from 0; RoBERTa's from past the padding id, which keeps its own place",
    arguments: [("bert", [0, 1, 2, 3, 0, 1]), ("roberta", [2, 3, 1, 4, 1, 2])] as [(String, [Int32])])
  func positions(_ family: String, _ wanted: [Int32]) throws {
    let model = try model(family)
    let batch = TokenBatch([([5, 6, 1, 7], nil), ([1, 8], nil)])
    let watcher = Watcher([.hiddenStates])
    _ = model(batch, Pass(boundaries: batch.boundaries, watcher: watcher))
    func tensor(_ name: String) throws -> Tensor {
      try #require(model.parameters.first { $0.name == "\(family).embeddings.\(name)" }).tensor
    }
    let sum = try gather([
      Lookup(tensor("word_embeddings.weight"), batch.ids),
      Lookup(tensor("position_embeddings.weight"), wanted),
      Lookup(tensor("token_type_embeddings.weight"), batch.typeIDs),
    ])
    let normal = try layerNorm(
      sum, weight: tensor("LayerNorm.weight"), bias: tensor("LayerNorm.bias"), epsilon: 1e-12)
    #expect(largestDifference(watcher.hiddenStates[0].values, normal.values) < 1e-6)
  }

  @Test("The same seed starts the same model")
  func seeds() throws {
    let (a, b, c) = (try model("bert", seed: 5), try model("bert", seed: 5), try model("bert", seed: 6))
    #expect(a.parameters.map(\.tensor.values) == b.parameters.map(\.tensor.values))
    #expect(a.parameters[0].tensor.values != c.parameters[0].tensor.values)
  }
}

@Suite struct HeadTests {
  static let kinds: [Head.Kind] = [
    .body, .sequenceClassification, .tokenClassification, .questionAnswering, .maskedWords,
  ]
  static let cases = EncoderModelTests.families.flatMap { family in kinds.map { (family, $0) } }

  @Test("A head's answer has its shape, and survives the way through a checkpoint", arguments: cases)
  func roundTrip(_ family: String, _ kind: Head.Kind) throws {
    let configuration = try ConfigurationText(family).with("num_labels", "3").configuration()
    let model = try TransformerModel(configuration, kind, source: nil, seed: 1)
    let batch = TokenBatch([([2, 7, 9, 3], nil), ([2, 40, 3], [0, 1, 1])])
    let pass = Pass(boundaries: batch.boundaries)
    let shapes: [Head.Kind: [Int]] = [
      .body: [7, 32], .sequenceClassification: [2, 3], .tokenClassification: [7, 3],
      .questionAnswering: [7, 2],
      .maskedWords: [7, 50],
    ]
    let answer = model(batch, pass)
    #expect(answer.shape == shapes[kind])
    let again = try TransformerModel(configuration, kind, source: ParametersOf(model), seed: 2)
    #expect(again.report == WeightReport())
    #expect(again(batch, pass).values == answer.values)
    #expect(Set(model.parameters.map(\.name)).count == model.parameters.count, "each name once")
  }

  @Test(
    "A checkpoint of the bare body gives a fresh head, named in the report",
    arguments: EncoderModelTests.families)
  func bareBody(_ family: String) throws {
    let configuration = try ConfigurationText(family).configuration()
    let body = try TransformerModel(configuration, .body, source: nil, seed: 1)
    let bare = ParametersOf(body) { $0.hasPrefix("\(family).") ? String($0.dropFirst(family.count + 1)) : $0 }
    let model = try TransformerModel(configuration, .questionAnswering, source: bare, seed: 2)
    #expect(model.report.fresh == ["qa_outputs.weight", "qa_outputs.bias"])
    #expect(model.report.unused.isEmpty)
    let batch = TokenBatch([([2, 7, 9, 3], nil)])
    let pass = Pass(boundaries: batch.boundaries)
    #expect(model.hidden(batch, pass).values == body.hidden(batch, pass).values)
  }

  @Test("A checkpoint of another size is refused with every name, however large the configuration says it is")
  func otherSize() throws {
    let small = try TransformerModel(ConfigurationText("bert").configuration(), .body, source: nil)
    let large = try ConfigurationText("bert").with("hidden_size", "16384").with("vocab_size", "1000000")
      .with("num_hidden_layers", "8").configuration()
    #expect {
      try TransformerModel(large, .maskedWords, source: ParametersOf(small))
    } throws: { error in
      guard let report = (error as? WeightMismatch)?.report else { return false }
      // The embeddings' 5, and in each layer all 16 but the bias between the two feed-forward maps.
      return report.misshaped.count == 5 + 2 * 15 && report.missing.count == 6 * 16
    }
  }

  @Test("Masked words are scored on the rows that are asked, with the same scores")
  func scoredRows() throws {
    let model = try TransformerModel(
      ConfigurationText("bert").configuration(), .maskedWords, source: nil, seed: 1)
    let batch = TokenBatch([([2, 7, 9, 3], nil), ([2, 40, 3], nil)])
    let pass = Pass(boundaries: batch.boundaries)
    let all = model(batch, pass)
    let some = model(batch, pass, rows: [5, 1])
    #expect(some.shape == [2, 50])
    #expect(largestDifference(some.values, gather(all, [5, 1]).values) < 1e-5)
    #expect(model(batch, pass, rows: []).shape == [0, 50])
  }

  @Test("An untied head has its own table; a tied one reads the words'")
  func tying() throws {
    func names(_ tied: String) throws -> [String] {
      let configuration = try ConfigurationText("bert").with("tie_word_embeddings", tied).configuration()
      return try TransformerModel(configuration, .maskedWords, source: nil).parameters.map(\.name)
    }
    #expect(try !names("true").contains("cls.predictions.decoder.weight"))
    #expect(try names("false").contains("cls.predictions.decoder.weight"))
  }

  @Test("Dropout changes what training sees, by its seed, and nothing else")
  func dropout() throws {
    let model = try TransformerModel(
      ConfigurationText("roberta").configuration(), .sequenceClassification, source: nil)
    let batch = TokenBatch([([2, 7, 9, 3], nil)])
    func logits(_ seed: UInt64?) -> [Float] {
      model(batch, Pass(boundaries: batch.boundaries, dropout: seed.map { DropoutGenerator(seed: $0) }))
        .values
    }
    #expect(logits(1) == logits(1))
    #expect(logits(1) != logits(2))
    #expect(logits(nil) == logits(nil))
    #expect(logits(1) != logits(nil))
  }
}
