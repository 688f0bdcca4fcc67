import Checkpoints
import Foundation
import Layers
import Models
import Tensors
import Testing

/// Continuations and narrowed rows beside what transformers makes of the same settings.
@Suite struct GenerationTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures")

  /// The cases of a file, and the settings of each as the JSON that stands there.
  static func cases(_ name: String) throws -> [(object: [String: Any], settings: GenerationSettings)] {
    let file = fixtures.appendingPathComponent("generation/\(name)")
    let any = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    return try (any as? [[String: Any]] ?? []).map { object in
      var settings = GenerationSettings()
      let json = try JSONSerialization.data(withJSONObject: object["settings"] ?? [:])
      try settings.read(json, file: name)
      return (object, settings)
    }
  }

  static func model(_ name: String) throws -> TransformerModel {
    let folder = fixtures.appendingPathComponent("models/\(name)")
    let config = folder.appendingPathComponent("config.json")
    let configuration = try TransformerConfiguration(json: try FileContents.read(config), file: config.path)
    return try TransformerModel(configuration, configuration.kind, source: try Safetensors.open(folder: folder))
  }

  static let models = [
    "gpt2-causal-lm", "llama-bands-causal-lm", "bart-seq2seq-lm", "t5-untied-seq2seq-lm", "marian-seq2seq-lm",
  ]

  @Test("What a model writes under any settings is what transformers writes, with its scores", arguments: models)
  func written(_ name: String) throws {
    let model = try Self.model(name)
    let cases = try Self.cases("written.json").filter { $0.object["model"] as? String == name }
    #expect(cases.count == 24)
    for (object, settings) in cases {
      let ids = (object["ids"] as? [Int] ?? []).map { Int32($0) }
      let wanted = (object["sequences"] as? [[Int]] ?? []).map { $0.map { Int32($0) } }
      let ours = try model.generate([ids], settings)[0]
      #expect(ours.count == wanted.count)
      for (continuation, whole) in zip(ours, wanted) {
        // transformers fills shorter ones up.
        #expect(continuation.tokens == Array(whole.prefix(continuation.tokens.count)), "\(object)")
        #expect(Set(whole.dropFirst(continuation.tokens.count)).count <= 1, "\(object)")
        #expect(
          continuation.ending == .end
            ? settings.endIDs.contains(continuation.tokens.last ?? -1) : whole.count == continuation.tokens.count)
      }
      if let scores = object["scores"] as? [Double] {
        for (continuation, score) in zip(ours, scores) {
          let own = try #require(continuation.score)
          #expect(abs(Double(own) - score) < 1e-4 * max(1, abs(score)), "\(object)")
        }
      }
    }
  }

  @Test("Narrowing leaves the tokens that transformers leaves, as likely as there")
  func narrowed() throws {
    let cases = try Self.cases("narrowed.json")
    #expect(cases.count == 40)
    for (object, settings) in cases {
      let logits = (object["logits"] as? [Double] ?? []).map { Float($0) }
      let kept = (object["kept"] as? [Int] ?? []).map { Int32($0) }
      let probabilities = object["probabilities"] as? [Double] ?? []
      let candidates = logits.withUnsafeBufferPointer { Candidates($0, settings) }
      let ours = zip(candidates.all.map(\.id), candidates.probabilities).sorted { $0.0 < $1.0 }
      #expect(ours.map(\.0) == kept, "\(object["settings"] ?? "")")
      for ((_, own), wanted) in zip(ours, probabilities) { #expect(abs(Double(own) - wanted) < 1e-5) }
    }
  }

  @Test("A drawing follows the probabilities, and its seed")
  func draws() throws {
    let logits: [Float] = [2, 1, 0, -1]
    let candidates = logits.withUnsafeBufferPointer { Candidates($0, GenerationSettings()) }
    var generator = Generator(seed: 1)
    var counts = [0.0, 0, 0, 0]
    for _ in 0..<20_000 { counts[Int(candidates.draw(&generator))] += 1 }
    for (count, probability) in zip(counts, candidates.probabilities) {
      // Five deviations of a binomial.
      let p = Double(probability)
      #expect(abs(count / 20_000 - p) < 5 * (p * (1 - p) / 20_000).squareRoot())
    }

    let model = try Self.model("gpt2-causal-lm")
    var settings = GenerationSettings()
    settings.draws = true
    settings.count = 3
    settings.seed = 7
    let (a, b) = (try model.generate([[5, 9]], settings), try model.generate([[5, 9]], settings))
    #expect(a == b)
    #expect(Set(a[0].map(\.tokens)).count == 3, "continuations of one input differ")
    settings.seed = 8
    #expect(try model.generate([[5, 9]], settings) != a)
  }

  @Test("Inputs together are continued as each alone, whatever their lengths", arguments: models)
  func together(_ name: String) throws {
    let model = try Self.model(name)
    let inputs: [[Int32]] = [[7, 9, 3, 40], [12], [30, 31, 7, 7, 7, 8, 9]]
    var settings = GenerationSettings()
    settings.maximumNewTokens = 9
    settings.endIDs = [13]
    let alone = try inputs.map { try model.generate([$0], settings)[0] }
    let together = try model.generate(inputs, settings)
    #expect(together.map { $0.map(\.tokens) } == alone.map { $0.map(\.tokens) })
    for (a, b) in zip(together.flatMap { $0 }, alone.flatMap { $0 }) {
      for (x, y) in zip(a.logProbabilities, b.logProbabilities) { #expect(abs(x - y) < 1e-4) }
    }
  }

  @Test("A cache changes nothing: token by token, in pieces or at once", arguments: models)
  func cache(_ name: String) throws {
    let model = try Self.model(name)
    let isPair = model.configuration.family.layout == .pair
    let text: [Int32] = [7, 9, 3, 40, 12, 30]
    func decoding() throws -> Decoding {
      try Decoding(model, sequences: 1, sources: isPair ? [[20, 21, 5]] : nil, tokens: 2)
    }
    let whole = try decoding().feed([text]).logits.values
    for pieces in [[1, 1, 1, 1, 1, 1], [2, 4], [3, 1, 2], [5, 1]] {
      let decoding = try decoding()
      var logits: [Float] = []
      var start = 0
      for piece in pieces {
        logits = decoding.feed([Array(text[start..<start + piece])]).logits.values
        start += piece
      }
      for (a, b) in zip(logits, whole) { #expect(abs(a - b) < 1e-4) }
    }
    guard !isPair else { return }
    // What was said before is not computed again, and what does not fit is forgotten.
    let decoding = try decoding()
    _ = decoding.feed([[7, 9, 3, 1, 1, 1]])
    let resumed = decoding.resume(text)
    #expect(resumed.hidden.rows == 3)
    #expect(decoding.fed == [text])
    for (a, b) in zip(resumed.logits.values, whole) { #expect(abs(a - b) < 1e-4) }
    #expect(decoding.resume(text).hidden.rows == 1, "one token has to be read, so that there are logits")
  }

  @Test(
    "Guesses from earlier in the text change no token and no order, whatever else changes the choice",
    arguments: ["gpt2-causal-lm", "llama-bands-causal-lm"])
  func guesses(_ name: String) throws {
    let model = try Self.model(name)
    let prompt: [Int32] = [7, 9, 3, 40, 12, 7, 9, 3, 40, 12, 7, 9]
    var (trips, tokens) = (0, 0)
    for change in 0..<6 {
      var settings = GenerationSettings()
      settings.maximumNewTokens = 24
      if change == 1 { settings.repetitionPenalty = 1.3 }
      if change == 2 { settings.uniqueRun = 3 }
      if change == 3 { settings.minimumNewTokens = 20 }
      if change == 4 { settings.forcedLastID = 5 }
      var texts: [Continuation] = []
      for most in [0, 1, 3, 7] {
        settings.lookupTokens = most
        var seen: [Int32] = []
        let written = try model.generate(
          [prompt], settings,
          GenerationHooks(onStep: { step in
            #expect(step.count == seen.count + 1)
            seen += step.choices.map(\.token)
            return change < 5 || step.count < 11
          }))[0][0]
        #expect(seen == Array(written.written))
        texts.append(written)
        if most == 0 { #expect(written.trips == written.written.count) }
        if most == 7 { (trips, tokens) = (trips + (written.trips ?? 0), tokens + written.written.count) }
      }
      #expect(texts.allSatisfy { $0.tokens == texts[0].tokens }, "\(change)")
      #expect(texts.allSatisfy { $0.logProbabilities == texts[0].logProbabilities }, "the same bits")
    }
    #expect(trips < tokens, "some guesses of a text that repeats itself come true")
  }

  @Test("A decoding that guessed can go on with another text")
  func guessesResumed() throws {
    let model = try Self.model("gpt2-causal-lm")
    var settings = GenerationSettings()
    settings.maximumNewTokens = 9
    let decoding = try Decoding(model, sequences: 1)
    for text: [Int32] in [[7, 9, 7, 9, 7], [7, 9, 7, 9, 7, 9, 30], [7, 9]] {
      let resumed = try model.generate([text], settings, resuming: decoding)[0][0]
      #expect(resumed.tokens == (try model.generate([text], settings)[0][0].tokens))
      #expect(decoding.fed[0] == Array(resumed.tokens.dropLast()))
    }
  }

  @Test("A watcher sees every token as it comes, and ends a generation")
  func hooks() throws {
    let model = try Self.model("gpt2-causal-lm")
    var settings = GenerationSettings()
    settings.maximumNewTokens = 8
    let plain = try model.generate([[5, 9]], settings)[0][0]
    var seen: [Int32] = []
    let halted = try model.generate(
      [[5, 9]], settings,
      GenerationHooks(onStep: { step in
        seen += step.choices.map(\.token)
        return step.count < 3
      }))[0][0]
    #expect(seen == Array(plain.written.prefix(3)))
    #expect(halted.ending == .halted && Array(halted.written) == seen)
    let stopped = try model.generate(
      [[5, 9]], settings, GenerationHooks(isStop: { $0.count == 2 }))[0][0]
    #expect(stopped.ending == .stop && stopped.written == plain.written.prefix(2))

    settings.beams = 3
    var parents: [[Int]] = []
    let beams = try model.generate(
      [[5, 9]], settings,
      GenerationHooks(onBeams: { step in
        parents.append(step.beams.map(\.parent))
        return true
      }))[0][0]
    #expect(parents.count == 8 && parents[0].allSatisfy { $0 == 0 })
    #expect(parents.allSatisfy { $0.allSatisfy((0..<3).contains) } && beams.ending == .length)
  }

  @Test("A text that is as long as the model reads gets no more than one token")
  func limit() throws {
    let model = try Self.model("gpt2-scaled-causal-lm")
    var settings = GenerationSettings()
    settings.maximumNewTokens = 50
    let written = try model.generate([Array(repeating: 5, count: 16)], settings)[0][0]
    #expect(written.tokens.count == 17 && written.ending == .length)
    #expect(throws: InputError.tooLong(tokens: 17, limit: 16)) {
      try model.generate([Array(repeating: 5, count: 17)], settings)
    }
  }

  @Test("Contrast prefers states that are unlike those before: the paper's rule, computed without a cache")
  func contrast() throws {
    let model = try Self.model("gpt2-causal-lm")
    var settings = GenerationSettings()
    settings.maximumNewTokens = 8
    settings.topCount = 4
    settings.contrast = 0.6
    let ours = try model.generate([[5, 9, 11]], settings)[0][0]
    var text: [Int32] = [5, 9, 11]
    func states(_ text: [Int32]) -> [[Float]] {
      let batch = TokenBatch([(text, nil)])
      let hidden = model.hidden(batch, Pass(boundaries: batch.boundaries))
      return (0..<text.count).map { row in
        let line = Array(hidden.values[row * hidden.width..<(row + 1) * hidden.width])
        let length = line.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return line.map { $0 / length }
      }
    }
    for _ in 0..<8 {
      let batch = TokenBatch([(text, nil)])
      let row = model(batch, Pass(boundaries: batch.boundaries), rows: [Int32(text.count - 1)])
      let probabilities = softmax(row).values
      let best = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(4)
      let scores = best.map { candidate -> Float in
        let all = states(text + [Int32(candidate)])
        let likeness = all.dropLast().map { zip($0, all[text.count]).reduce(0) { $0 + $1.0 * $1.1 } }.max() ?? 0
        return 0.4 * probabilities[candidate] - 0.6 * likeness
      }
      let place = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      text.append(Int32(best[place]))
    }
    #expect(ours.tokens == text)
  }

  @Test("A window that slides reads the newer half anew, and the text grows beyond the model's limit")
  func slides() throws {
    let model = try Self.model("gpt2-causal-lm")
    let prompt: [Int32] = [5, 9, 13, 17, 21]
    var settings = GenerationSettings()
    settings.window = 16
    settings.maximumNewTokens = model.configuration.maximumTokens + 30
    settings.repetitionPenalty = 1
    let written = try model.generate([prompt], settings)[0][0]
    #expect(written.written.count == settings.maximumNewTokens && written.ending == .length)
    // Step by step, with nothing remembered.
    var (tokens, seen) = (prompt, prompt)
    for _ in 0..<60 {
      let batch = TokenBatch([(seen, nil)])
      let logits = model(batch, Pass(boundaries: batch.boundaries), rows: [Int32(seen.count - 1)]).values
      let next = Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
      tokens.append(next)
      seen = seen.count >= 16 ? Array(tokens.suffix(8)) : seen + [next]
    }
    #expect(Array(written.tokens.prefix(tokens.count)) == tokens)
    // A longer prompt is read from its end.
    let long = (0..<100).map { Int32($0 % 90 + 3) }
    #expect(try model.generate([long], settings)[0][0].written.count == settings.maximumNewTokens)
    settings.window = nil
    #expect(try model.generate([prompt], settings)[0][0].written.count < 80)
  }
}
