import Layers
import Tensors

/// One step of a generation, for whoever watches it.
package struct GenerationStep {
  /// A token that was just chosen.
  package struct Choice {
    /// The number of the continuation.
    package let sequence: Int
    package let token: Int32
    package let logProbability: Float
    /// [words], before anything was suppressed or penalised
    package let logits: UnsafeBufferPointer<Float>
  }

  /// How many tokens have been written, this one included.
  package let count: Int
  package let choices: [Choice]
}

/// What happens on the way.
package struct GenerationHooks {
  /// After every step; false ends the generation.
  package var onStep: (GenerationStep) throws -> Bool
  /// After every step of a beam search, instead.
  package var onBeams: (BeamStep) throws -> Bool
  /// Whether a continuation has come to something that it was told to stop at.
  package var isStop: (_ tokens: ArraySlice<Int32>) -> Bool

  package init(
    onStep: @escaping (GenerationStep) throws -> Bool = { _ in true },
    onBeams: @escaping (BeamStep) throws -> Bool = { _ in true },
    isStop: @escaping (_ tokens: ArraySlice<Int32>) -> Bool = { _ in false }
  ) {
    self.onStep = onStep
    self.onBeams = onBeams
    self.isStop = isStop
  }
}

extension TransformerModel {
  /// Continues each input, or, of a pair, writes what answers it.
  /// - Parameter decoding: remembers an earlier, single text; what is known of the input is not computed again
  /// - Returns: for each input as many continuations as the settings ask for, the best first
  /// - Throws: `InputError`, `HeadError` for a model that does not write, and what the hooks throw
  package func generate(
    _ inputs: [[Int32]], _ settings: GenerationSettings, _ hooks: GenerationHooks = .init(),
    resuming decoding: Decoding? = nil
  ) throws -> [[Continuation]] {
    guard kind == .causalWords || kind == .targetWords else {
      throw HeadError(kind: .causalWords, family: configuration.family.modelType)
    }
    try check(TokenBatch(inputs.map { ($0, nil) }))
    if settings.beams > 1 {
      return try inputs.map { input in
        var search = try BeamSearch(self, input, settings, hooks)
        return try search.run()
      }
    }
    if let contrast = settings.contrast, contrast > 0 {
      return try inputs.map { input in
        var search = try ContrastiveSearch(self, input, settings, hooks, weight: contrast)
        return [try search.run()]
      }
    }
    var sampling = try Sampling(self, inputs, settings, hooks, decoding)
    return try sampling.run()
  }

  /// What the decoder is fed before it writes: the input, or, of a pair, its start.
  func opening(_ input: [Int32]) -> [Int32] {
    guard encoder != nil else { return input }
    return [configuration.startID ?? configuration.padID ?? 0]
  }

  /// A decoding for inputs, each of them that many times.
  func decoding(_ inputs: [[Int32]], _ settings: GenerationSettings) throws(InputError) -> Decoding {
    let prompts = inputs.reduce(0) { $0 + opening($1).count }
    let steps = inputs.reduce(0) { max($0, maximumLength($1, settings) - opening($1).count) }
    let room = prompts + min(1024, max(0, steps)) * inputs.count * max(settings.count, settings.beams)
    return try Decoding(self, sequences: inputs.count, sources: encoder == nil ? nil : inputs, tokens: room)
  }

  /// The longest that a continuation of this input may get, its opening included.
  func maximumLength(_ input: [Int32], _ settings: GenerationSettings) -> Int {
    let perSource = settings.newTokensPerSource.map { Int((Float(input.count) * $0).rounded(.up)) }
    let wanted = settings.maximumLength ?? opening(input).count + (perSource ?? settings.maximumNewTokens)
    // The last token is written and not read.
    let (limit, isOver) = configuration.maximumTokens.addingReportingOverflow(1)
    return isOver ? wanted : min(wanted, limit)
  }
}

/// Token by token, the likeliest or one at random; all inputs at once.
struct Sampling {
  private let model: TransformerModel
  private let settings: GenerationSettings
  private let hooks: GenerationHooks
  private let decoding: Decoding
  private let isResumed: Bool
  private var continuations: [Continuation] = []
  private var rules: [LogitRules] = []
  private var generator: Generator
  private let inputs: Int

  init(
    _ model: TransformerModel, _ inputs: [[Int32]], _ settings: GenerationSettings, _ hooks: GenerationHooks,
    _ decoding: Decoding?
  ) throws(InputError) {
    self.model = model
    self.settings = settings
    self.hooks = hooks
    self.inputs = inputs.count
    if let decoding, inputs.count == 1, settings.count == 1, model.encoder == nil {
      (self.decoding, isResumed) = (decoding, true)
    } else {
      (self.decoding, isResumed) = (try model.decoding(inputs, settings), false)
    }
    generator = Generator(seed: settings.seed)
    for input in inputs {
      let opening = model.opening(input)
      let maximum = model.maximumLength(input, settings)
      for _ in 0..<settings.count {
        continuations.append(Continuation(tokens: opening, promptCount: opening.count))
        rules.append(LogitRules(settings: settings, promptCount: opening.count, maximumLength: maximum))
      }
    }
  }

  mutating func run() throws -> [[Continuation]] {
    let count = settings.count
    /// Numbers of those that go on, in the order of the decoding's sequences.
    var live = Array(continuations.indices)
    let openings = stride(from: 0, to: continuations.count, by: count).map { continuations[$0].tokens }
    var logits = isResumed ? decoding.resume(openings[0]).logits : decoding.feed(openings).logits
    var rows = live.map { $0 / count }  // of the logits, for each live one
    decoding.reorder(rows)
    for written in 1... {
      live = live.filter { continuations[$0].tokens.count < rules[$0].maximumLength }
      guard !live.isEmpty else { break }
      let choices = zip(live, rows).map { choose($0, logits.line($1), written: written) }
      let step = GenerationStep(count: written, choices: choices)
      let goesOn = try hooks.onStep(step)
      var kept: [Int] = []
      for (place, sequence) in live.enumerated() {
        if let ending = ending(sequence) {
          continuations[sequence].ending = ending
        } else if !goesOn {
          continuations[sequence].ending = .halted
        } else {
          kept.append(place)
        }
      }
      guard !kept.isEmpty else { break }
      decoding.reorder(kept)
      live = kept.map { live[$0] }
      logits = decoding.feed(live.map { [continuations[$0].tokens[continuations[$0].tokens.count - 1]] }).logits
      rows = Array(live.indices)
    }
    return stride(from: 0, to: continuations.count, by: count).map { Array(continuations[$0..<$0 + count]) }
  }

  /// Adds a token to a continuation.
  private mutating func choose(
    _ sequence: Int, _ row: UnsafeMutableBufferPointer<Float>, written: Int
  ) -> GenerationStep.Choice {
    let changed = Buffer(count: row.count)
    let line = UnsafeMutableBufferPointer(start: changed.base, count: row.count)
    _ = line.update(from: row)
    rules[sequence](line, continuations[sequence].tokens)
    let reading = UnsafeBufferPointer(line)
    let token = settings.draws ? Candidates(reading, settings).draw(&generator) : best(reading)
    let probability = logProbability(UnsafeBufferPointer(row), token)
    continuations[sequence].tokens.append(token)
    continuations[sequence].logProbabilities.append(probability)
    return .init(
      sequence: sequence, token: token, logProbability: probability, logits: UnsafeBufferPointer(row))
  }

  private func ending(_ sequence: Int) -> Ending? {
    let continuation = continuations[sequence]
    guard let last = continuation.tokens.last else { return .length }
    if settings.endIDs.contains(last) { return .end }
    if hooks.isStop(continuation.written) { return .stop }
    return continuation.tokens.count >= rules[sequence].maximumLength ? .length : nil
  }
}
