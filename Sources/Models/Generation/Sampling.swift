import Layers
import Tensors

/// Token by token, the likeliest or one at random; all inputs at once.
struct Sampling {
  private let model: TransformerModel
  private let settings: GenerationSettings
  private let hooks: GenerationHooks
  private var decoding: Decoding
  private var continuations: [Continuation] = []
  private var rules: [LogitRules] = []
  private var generator: Generator
  /// What may come next, for a text that is written alone.
  private var guess: Guess?
  /// [rows, words], what the last trip said; and of each live continuation the row behind its newest token.
  private var logits: Tensor
  private var rows: [Int] = []
  private var trips = 1

  init(
    _ model: TransformerModel, _ inputs: [[Int32]], _ settings: GenerationSettings, _ hooks: GenerationHooks,
    _ decoding: Decoding?
  ) throws(InputError) {
    self.model = model
    self.settings = settings
    self.hooks = hooks
    let openings = inputs.map(model.opening)
    if let decoding, inputs.count == 1, settings.count == 1, model.encoder == nil {
      self.decoding = decoding
      logits = decoding.resume(openings[0]).logits
    } else {
      self.decoding = try model.decoding(inputs, settings)
      logits = self.decoding.feed(openings).logits
    }
    generator = Generator(seed: settings.seed)
    // A pair's answer is short and seldom repeats itself.
    let isAlone = inputs.count == 1 && settings.count == 1 && model.encoder == nil
    guess = isAlone && !settings.draws && model.readsRowsAlike ? Guess(most: settings.lookupTokens) : nil
    for (input, opening) in zip(inputs, openings) {
      let maximum = model.maximumLength(input, settings)
      for _ in 0..<settings.count {
        continuations.append(Continuation(tokens: opening, promptCount: opening.count))
        rules.append(LogitRules(settings: settings, promptCount: opening.count, maximumLength: maximum))
      }
    }
  }

  mutating func run() throws -> [[Continuation]] {
    /// Numbers of those that go on, in the order of the decoding's sequences.
    var live = continuations.indices.filter { continuations[$0].tokens.count < rules[$0].maximumLength }
    rows = live.map { $0 / settings.count }
    decoding.reorder(rows)
    var written = 0
    while !live.isEmpty {
      written += 1
      let choices = zip(live, rows).map { choose($0, logits.line($1)) }
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
      live = kept.map { live[$0] }
      guard !live.isEmpty else { break }
      decoding.reorder(kept)
      try read(live)
    }
    if guess != nil { decoding.forget(beyond: continuations[0].tokens.count - 1) }
    for sequence in continuations.indices { continuations[sequence].trips = trips }
    return stride(from: 0, to: continuations.count, by: settings.count).map {
      Array(continuations[$0..<$0 + settings.count])
    }
  }

  /// Brings the logits behind the newest tokens: those of a guess that came true are there already.
  private mutating func read(_ live: [Int]) throws(InputError) {
    if let window = settings.window, live.indices.contains(where: { decoding.fed[$0].count >= window }) {
      return try slide(live, to: max(1, window / 2))
    }
    if guess != nil, let tokens = live.first.map({ continuations[$0].tokens }), let newest = tokens.last {
      if guess?.confirms(newest) == true {
        rows[0] += 1
        return
      }
      decoding.forget(beyond: tokens.count - 1)
      let most = min(rules[live[0]].maximumLength - tokens.count, decoding.room(0)) - 1
      let guessed = guess?.next(behind: tokens, most: most) ?? []
      logits = decoding.feed([[newest] + guessed], scoring: guessed.count + 1).logits
      rows = [0]
    } else {
      logits = decoding.feed(live.map { [continuations[$0].tokens[continuations[$0].tokens.count - 1]] }).logits
      rows = Array(live.indices)
    }
    trips += 1
  }

  /// Reads the newest tokens of each continuation anew, without what stood before them.
  private mutating func slide(_ live: [Int], to count: Int) throws(InputError) {
    // What was guessed counts places from the start of the text.
    guess = nil
    decoding = try Decoding(model, sequences: live.count, tokens: 2 * count * live.count)
    logits = decoding.feed(live.map { Array(continuations[$0].tokens.suffix(count)) }).logits
    rows = Array(live.indices)
    trips += 1
  }

  /// Adds a token to a continuation.
  private mutating func choose(_ sequence: Int, _ row: UnsafeMutableBufferPointer<Float>) -> GenerationStep.Choice {
    let token = token(sequence, row)
    let choice = GenerationStep.Choice(sequence: sequence, token: token, of: UnsafeBufferPointer(row))
    continuations[sequence].tokens.append(token)
    continuations[sequence].logProbabilities.append(choice.logProbability)
    return choice
  }

  private mutating func token(_ sequence: Int, _ row: UnsafeMutableBufferPointer<Float>) -> Int32 {
    var line = row
    let changed: Buffer?
    if rules[sequence].changesNothing(continuations[sequence].tokens.count) {
      changed = nil
    } else {
      let copy = Buffer(count: row.count)
      line = UnsafeMutableBufferPointer(start: copy.base, count: row.count)
      _ = line.update(from: row)
      rules[sequence](line, continuations[sequence].tokens)
      changed = copy
    }
    defer { withExtendedLifetime(changed) {} }
    let reading = UnsafeBufferPointer(line)
    return settings.draws
      ? Candidates(reading, settings).draw(&generator) : Int32(Distribution.likeliest(reading))
  }

  private func ending(_ sequence: Int) -> Ending? {
    let continuation = continuations[sequence]
    guard let last = continuation.tokens.last else { return .length }
    if settings.endIDs.contains(last) { return .end }
    if hooks.isStop(continuation.written) { return .stop }
    return continuation.tokens.count >= rules[sequence].maximumLength ? .length : nil
  }
}
