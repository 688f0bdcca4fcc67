import Layers
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One step of a beam search, for whoever draws its tree.
package struct BeamStep {
  package struct Beam {
    /// The place of the beam that it goes on from.
    package let parent: Int
    package let token: Int32
    /// The sum of log probabilities.
    package let score: Float
    package let isFinished: Bool
  }

  /// How many tokens have been written.
  package let count: Int
  /// Those that go on, then those that ended in this step.
  package let beams: [Beam]
}

/// Keeps the best continuations side by side, as transformers 5 does, and returns the best of those that ended.
struct BeamSearch {
  private struct Beam {
    var tokens: [Int32]
    var logProbabilities: [Float]
    var score: Float
  }

  private struct Finished {
    var beam: Beam
    var score: Float
    var ending: Ending
  }

  /// What stands for a beam that is not there.
  private static let nothing: Float = -1e9

  private let model: TransformerModel
  private let settings: GenerationSettings
  private let hooks: GenerationHooks
  private let decoding: Decoding
  private let rules: LogitRules
  private let promptCount: Int
  private var running: [Beam]
  private var finished: [Finished] = []
  /// Whether a running beam may still beat the finished ones.
  private var mayImprove = true
  private var generator: Generator

  init(
    _ model: TransformerModel, _ input: [Int32], _ settings: GenerationSettings, _ hooks: GenerationHooks
  ) throws(InputError) {
    self.model = model
    self.settings = settings
    self.hooks = hooks
    decoding = try model.decoding([input], settings)
    let opening = model.opening(input)
    promptCount = opening.count
    rules = LogitRules(
      settings: settings, promptCount: opening.count, maximumLength: model.maximumLength(input, settings))
    // All beams start alike; only the first one counts.
    running = (0..<settings.beams).map {
      Beam(tokens: opening, logProbabilities: [], score: $0 == 0 ? 0 : BeamSearch.nothing)
    }
    generator = Generator(seed: settings.seed)
  }

  mutating func run() throws -> [Continuation] {
    guard promptCount < rules.maximumLength else {
      return [Continuation(tokens: running[0].tokens, promptCount: promptCount)]
    }
    var logits = decoding.feed([running[0].tokens]).logits
    var rows = Array(repeating: 0, count: settings.beams)
    decoding.reorder(rows)
    for written in 1... {
      let extended = extend(logits, rows)
      let endings = extended.map { ending($0.beam) }
      let halts = try !report(extended, endings, written)
      let next = next(extended, endings)
      collect(extended, endings, written)
      running = next.map { extended[$0].beam }
      for (place, index) in next.enumerated() where endings[index] != nil { running[place].score += BeamSearch.nothing }
      guard !halts, goesOn(written, allEnded: endings.allSatisfy { $0 != nil }) else { break }
      decoding.reorder(next.map { extended[$0].parent })
      logits = decoding.feed(running.map { [$0.tokens[$0.tokens.count - 1]] }).logits
      rows = Array(running.indices)
    }
    return results()
  }

  /// The best continuations by one token, of all beams together: twice as many as there are beams, or more, so that
  /// enough are left if the best of them end.
  private mutating func extend(_ logits: Tensor, _ rows: [Int]) -> [(beam: Beam, parent: Int)] {
    let wanted = max(2, 1 + settings.endIDs.count) * settings.beams
    let width = logits.width
    let scores = Tensor([running.count, width], Buffer(count: running.count * width))
    var sums: [Float] = []
    for (place, beam) in running.enumerated() {
      let (row, line) = (logits.line(rows[place]), scores.line(place))
      let sum = Distribution(UnsafeBufferPointer(row)).logSum
      sums.append(sum)
      for id in 0..<width { line[id] = row[id] - sum }
      rules(line, beam.tokens)
      for id in 0..<width { line[id] += beam.score }
    }
    let all = UnsafeBufferPointer(start: UnsafePointer(scores.pointer), count: scores.count)
    return (settings.draws ? drawn(all, wanted) : largest(all, wanted)).map { place in
      let (parent, id) = (place / width, Int32(place % width))
      var beam = running[parent]
      beam.tokens.append(id)
      beam.logProbabilities.append(logits.line(rows[parent])[Int(id)] - sums[parent])
      beam.score = all[place]
      return (beam, parent)
    }
  }

  /// Places of the largest values, in their order; of equal ones the first.
  private func largest(_ values: UnsafeBufferPointer<Float>, _ count: Int) -> [Int] {
    var places: [Int] = []
    for (place, value) in values.enumerated() {
      if places.count == count, let last = places.last, value <= values[last] { continue }
      let position = places.firstIndex { value > values[$0] } ?? places.count
      places.insert(place, at: position)
      if places.count > count { places.removeLast() }
    }
    return places
  }

  /// Places drawn by their probability, none of them twice, in the order of the draw.
  private mutating func drawn(_ values: UnsafeBufferPointer<Float>, _ count: Int) -> [Int] {
    var settings = settings
    settings.beams = 1
    var left = Candidates(values, settings, keeping: settings.endIDs.count + 1).all
    var places: [Int] = []
    while places.count < count, let best = left.first {
      let powers = left.map { expf($0.logit - best.logit) }
      var share = generator.uniform() * powers.reduce(0, +)
      let place =
        powers.firstIndex { power in
          share -= power
          return share < 0
        } ?? 0
      places.append(Int(left.remove(at: place).id))
    }
    return places
  }

  private func ending(_ beam: Beam) -> Ending? {
    guard let last = beam.tokens.last else { return .length }
    if settings.endIDs.contains(last) { return .end }
    if hooks.isStop(beam.tokens[promptCount...]) { return .stop }
    return beam.tokens.count >= rules.maximumLength ? .length : nil
  }

  /// Places of the beams that go on: the best, those that have ended last.
  private func next(_ extended: [(beam: Beam, parent: Int)], _ endings: [Ending?]) -> [Int] {
    func score(_ place: Int) -> Float {
      extended[place].beam.score + (endings[place] == nil ? 0 : BeamSearch.nothing)
    }
    return Array(extended.indices.sorted { (score($1), $0) < (score($0), $1) }.prefix(settings.beams))
  }

  /// Takes up those of the best that ended, if they are better than what ended before.
  private mutating func collect(_ extended: [(beam: Beam, parent: Int)], _ endings: [Ending?], _ written: Int) {
    let isFull = finished.count == settings.beams
    guard mayImprove, !(isFull && settings.earlyStopping == .atOnce) else { return }
    for place in 0..<min(settings.beams, extended.count) {
      guard let ending = endings[place] else { continue }
      let beam = extended[place].beam
      let score = beam.score / powf(Float(written), settings.lengthPenalty)
      finished.append(Finished(beam: beam, score: score, ending: ending))
    }
    let order = finished.indices.sorted { (finished[$1].score, $0) < (finished[$0].score, $1) }
    finished = order.prefix(settings.beams).map { finished[$0] }
  }

  private mutating func goesOn(_ written: Int, allEnded: Bool) -> Bool {
    let isFull = finished.count == settings.beams
    let length =
      settings.earlyStopping == .never && settings.lengthPenalty > 0 ? rules.maximumLength - promptCount : written
    let possible = (running.first?.score ?? BeamSearch.nothing) / powf(Float(length), settings.lengthPenalty)
    mayImprove = mayImprove && (!isFull || possible > (finished.last?.score ?? BeamSearch.nothing))
    return mayImprove && !(isFull && settings.earlyStopping == .atOnce) && !allEnded
  }

  private func report(
    _ extended: [(beam: Beam, parent: Int)], _ endings: [Ending?], _ written: Int
  ) throws -> Bool {
    let open = extended.indices.filter { endings[$0] == nil }.prefix(settings.beams)
    let ended = extended.indices.prefix(settings.beams).filter { endings[$0] != nil }
    return try hooks.onBeams(
      BeamStep(
        count: written,
        beams: (Array(open) + ended).map { place in
          let (beam, parent) = extended[place]
          return .init(
            parent: parent, token: beam.tokens.last ?? 0, score: beam.score, isFinished: endings[place] != nil)
        }))
  }

  /// The best that ended; where a watcher halted the search before, the running ones.
  private func results() -> [Continuation] {
    var all = finished
    if all.count < settings.count {
      all += running.filter { $0.score > BeamSearch.nothing / 2 }.map { beam in
        let written = Float(max(1, beam.tokens.count - promptCount))
        return Finished(beam: beam, score: beam.score / powf(written, settings.lengthPenalty), ending: .halted)
      }
    }
    return all.prefix(settings.count).map { finished in
      var continuation = Continuation(tokens: finished.beam.tokens, promptCount: promptCount)
      continuation.logProbabilities = finished.beam.logProbabilities
      continuation.score = finished.score
      continuation.ending = finished.ending
      return continuation
    }
  }
}
