import Layers
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Of the likeliest tokens the one whose state is least like those before it (Su et al. 2022): all candidates go through
/// the model side by side, and the chosen one has been computed already.
struct ContrastiveSearch {
  private let model: TransformerModel
  private let settings: GenerationSettings
  private let hooks: GenerationHooks
  private let weight: Float
  private let decoding: Decoding
  private let rules: LogitRules
  private var continuation: Continuation
  /// Of every token that was read, scaled to length 1: [tokens][width]
  private var states: [[Float]] = []

  init(
    _ model: TransformerModel, _ input: [Int32], _ settings: GenerationSettings, _ hooks: GenerationHooks,
    weight: Float
  ) throws(InputError) {
    self.model = model
    self.settings = settings
    self.hooks = hooks
    self.weight = weight
    decoding = try model.decoding([input], settings)
    let opening = model.opening(input)
    rules = LogitRules(
      settings: settings, promptCount: opening.count, maximumLength: model.maximumLength(input, settings))
    continuation = Continuation(tokens: opening, promptCount: opening.count)
  }

  /// The most words that are tried at a place: each is read by the whole model, and has a row of logits.
  private static let mostCandidates = 64

  mutating func run() throws -> Continuation {
    let opening = decoding.feed([continuation.tokens])
    states = (0..<opening.hidden.rows).map { state(opening.hidden, $0) }
    var row = Array(opening.logits.line(0))
    while continuation.tokens.count < rules.maximumLength {
      var changed = row
      changed.withUnsafeMutableBufferPointer { rules($0, continuation.tokens) }
      var narrowed = GenerationSettings()
      narrowed.topCount = min(settings.topCount ?? Self.mostCandidates, Self.mostCandidates)
      let candidates = changed.withUnsafeBufferPointer { Candidates($0, narrowed) }.all
      // Every candidate has to be read.
      guard !candidates.isEmpty, decoding.room(0) > 0 else { break }
      decoding.reorder(Array(repeating: 0, count: candidates.count))
      let step = decoding.feed(candidates.map { [$0.id] })
      let sum = changed.withUnsafeBufferPointer { Distribution($0).logSum }
      let scores = candidates.indices.map { place in
        (1 - weight) * expf(candidates[place].logit - sum) - weight * likeness(step.hidden, place)
      }
      let chosen = scores.indices.max { (scores[$0], $1) < (scores[$1], $0) } ?? 0
      let token = candidates[chosen].id
      let goesOn = try add(token, row)
      states.append(state(step.hidden, chosen))
      row = Array(step.logits.line(chosen))
      decoding.reorder([chosen])
      if settings.endIDs.contains(token) {
        continuation.ending = .end
      } else if hooks.isStop(continuation.written) {
        continuation.ending = .stop
      } else if !goesOn {
        continuation.ending = .halted
      } else {
        continue
      }
      break
    }
    return continuation
  }

  private mutating func add(_ token: Int32, _ row: [Float]) throws -> Bool {
    continuation.tokens.append(token)
    return try row.withUnsafeBufferPointer { row in
      let choice = GenerationStep.Choice(sequence: 0, token: token, of: row)
      continuation.logProbabilities.append(choice.logProbability)
      return try hooks.onStep(GenerationStep(count: continuation.written.count, choices: [choice]))
    }
  }

  private func state(_ hidden: Tensor, _ row: Int) -> [Float] {
    let line = hidden.line(row)
    let length = line.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return line.map { $0 / length }
  }

  /// The largest cosine between a candidate's state and those before it.
  private func likeness(_ hidden: Tensor, _ row: Int) -> Float {
    let own = state(hidden, row)
    return states.reduce(-1) { largest, other in
      var dot: Float = 0
      for column in own.indices { dot += own[column] * other[column] }
      return max(largest, dot)
    }
  }
}
