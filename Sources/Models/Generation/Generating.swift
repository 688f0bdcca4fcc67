import Layers
import Tensors

/// One step of a generation, for whoever watches it.
package struct GenerationStep {
  /// A token that was just chosen.
  package struct Choice {
    /// The number of the continuation.
    package let sequence: Int
    package let token: Int32
    /// Before anything was suppressed or penalised.
    package let logProbability: Float
    /// Of the distribution before that, in nats.
    package let entropy: Double

    /// - Parameter logits: [words], before anything was suppressed or penalised
    init(sequence: Int, token: Int32, of logits: UnsafeBufferPointer<Float>) {
      let distribution = Distribution(logits)
      self.sequence = sequence
      self.token = token
      logProbability = logits[Int(token)] - distribution.logSum
      entropy = distribution.entropy
    }
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
    var inputs = inputs
    if let window = settings.window, encoder == nil {
      inputs = inputs.map { $0.count > window ? Array($0.suffix(window)) : $0 }
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
    if settings.window != nil, encoder == nil { return wanted }
    // The last token is written and not read.
    let (limit, isOver) = configuration.maximumTokens.addingReportingOverflow(1)
    return isOver ? wanted : min(wanted, limit)
  }
}
