import Foundation
import Layers
import Models
import Tensors

/// One line of a verification: a tensor or number of ours beside the reference's.
package struct GoldenRow: Encodable, Sendable {
  /// `logits`, `hidden_states.3`, `grad.…`, `adamw.loss.2`
  package let what: String
  package let shape: [Int]
  /// The largest absolute difference on real positions.
  package let maxError: Float
  /// What it may be, by the contract of `verify`.
  package let tolerance: Float
  package let passed: Bool

  enum CodingKeys: String, CodingKey {
    case what, shape, maxError = "max_error", tolerance, passed
  }

  init(_ what: String, _ shape: [Int], _ maxError: Float, tolerance: Float) {
    self.what = what
    self.shape = shape
    self.maxError = maxError
    self.tolerance = tolerance
    passed = maxError <= tolerance
  }
}

extension GoldenFolder {
  /// Runs everything the folder knows an answer to. `stop` is asked between the parts.
  /// - Throws: as the folder's files and model do
  package func check(stop: () throws -> Void = {}) throws -> [GoldenRow] {
    let model = try model()
    try checkLabels(model)
    var rows = try checkForward(model)
    try stop()
    rows += try checkGradients(model)
    try stop()
    rows += try checkContinuations(model, stop)
    if let facts = facts.adamw { rows += try checkAdamW(facts, stop) }
    return rows
  }

  /// Ids and targets come from a file: they are looked at before they index anything.
  private func checkLabels(_ model: TransformerModel) throws {
    try model.check(batch)
    let (targets, classes): ([Int], Int) =
      switch labels {
      case .classes(let targets), .tokens(let targets): (targets, configuration.labels.count)
      case .words(let targets), .wordsAndBags(let targets, _, _), .nextWords(let targets):
        (targets, configuration.vocabularySize)
      case .targets(let targets): (targets.flatMap { $0 }, configuration.vocabularySize)
      case .spans, .manyClasses, .values: ([], 0)
      }
    guard targets.allSatisfy({ $0 == -100 || (0..<classes).contains($0) }) else {
      throw GoldenError.missing(file: goldenName, key: "input.labels between 0 and \(classes - 1)")
    }
    if case .targets(let targets) = labels {
      guard targets.allSatisfy({ !$0.isEmpty }) else {
        throw GoldenError.missing(file: goldenName, key: "input.labels for each row")
      }
      try model.check(TokenBatch(targets.map { (model.decoderInput($0), nil) }))
    }
  }

  private func checkForward(_ model: TransformerModel) throws -> [GoldenRow] {
    let watcher = Watcher([.hiddenStates, .attentions])
    let pass = Pass(boundaries: batch.boundaries, watcher: watcher)
    let grid = Grid(batch, padded: shape.padded)
    if case .targets(let targets) = labels { return try checkPair(model, targets, pass, grid) }
    let logits = model(batch, pass)
    var rows: [GoldenRow] = []
    if kind == .questionAnswering {
      for (column, name) in ["start_logits", "end_logits"].enumerated() {
        rows += try compareTokens(name, slice(logits, columns: column..<column + 1), grid, isNarrow: true)
      }
    } else if kind == .sequenceClassification {
      let wanted = try reference("output.logits", [batch.sequences, logits.width])
      rows += wanted.map { GoldenFolder.output("logits", $0, zip(logits.values, $0.values)) } ?? []
    } else {
      rows += try compareTokens("logits", logits, grid)
    }
    return rows + (try compareStack("", watcher, grid))
  }

  /// Both halves of an encoder and a decoder.
  private func checkPair(
    _ model: TransformerModel, _ targets: [[Int]], _ pass: Pass, _ grid: Grid
  ) throws -> [GoldenRow] {
    let watcher = Watcher([.hiddenStates, .attentions])
    let (input, trip) = model.trip(batch, targets, pass, watcher: watcher)
    let logits = model(input, trip)
    let padded = golden.entries["input.labels"]?.shape.last ?? 0
    let ownGrid = Grid(input, padded: padded, isReal: targets.flatMap { $0.map { $0 != -100 } })
    var rows = try compareTokens("logits", logits, ownGrid)
    if let encoder = pass.watcher { rows += try compareStack("encoder_", encoder, grid) }
    if let memory = trip.memory { rows += try compareTokens("encoder_last_hidden_state", memory.hidden, grid) }
    rows += try compareStack("decoder_", watcher, ownGrid)
    for (layer, maps) in watcher.crossAttentions.enumerated() {
      rows += try compareAttention("cross_attentions.\(layer)", maps, ownGrid, to: grid)
    }
    return rows
  }

  private func compareStack(_ prefix: String, _ watcher: Watcher, _ grid: Grid) throws -> [GoldenRow] {
    var rows: [GoldenRow] = []
    for (layer, hidden) in watcher.hiddenStates.enumerated() {
      rows += try compareTokens("\(prefix)hidden_states.\(layer)", hidden, grid)
    }
    for (layer, maps) in watcher.attentions.enumerated() {
      rows += try compareAttention("\(prefix)attentions.\(layer)", maps, grid, to: grid)
    }
    return rows
  }

  /// What the model writes behind the first row, where the reference wrote something; nothing ends it or is forced.
  private func checkContinuations(_ model: TransformerModel, _ stop: () throws -> Void) throws -> [GoldenRow] {
    let input = Array(batch.ids[batch.span(0)])
    var rows: [GoldenRow] = []
    for (name, wanted, beams) in [("greedy", facts.greedy, 1), ("beam4", facts.beam4, 4)] {
      guard let wanted else { continue }
      try stop()
      var settings = GenerationSettings()
      settings.maximumNewTokens = max(0, wanted.count - (kind == .targetWords ? 1 : input.count))
      settings.beams = beams
      let written = try model.generate([input], settings)[0][0].tokens
      let length = max(written.count, wanted.count)
      let differing = (0..<length).filter { place in
        place >= written.count || place >= wanted.count || written[place] != wanted[place]
      }.count
      // Tokens are equal or not.
      rows.append(GoldenRow(name, [wanted.count], Float(differing), tolerance: 0.5))
    }
    return rows
  }

  private func checkGradients(_ model: TransformerModel) throws -> [GoldenRow] {
    let tape = Tape()
    model.parameters.forEach { $0.join(tape) }
    defer { model.parameters.forEach { $0.leave() } }
    let loss = objective(model, batch, labels, Pass(boundaries: batch.boundaries), isTrained: true).loss
    tape.backward(from: loss)
    var rows: [GoldenRow] = []
    if let wanted = facts.loss {
      rows.append(GoldenRow("loss", [], abs(loss.scalar - wanted), tolerance: 1e-4 * max(1, abs(wanted))))
    }
    var compared: Set<String> = []
    for parameter in model.parameters {
      let key = "grad.\(parameter.name)"
      guard let wanted = try reference(key, parameter.shape) else { continue }
      compared.insert(key)
      let ours = parameter.denseGradient
      rows.append(
        GoldenRow(
          key, wanted.shape, GoldenFolder.largest(zip(ours, wanted.values)), tolerance: 1e-3 * wanted.magnitude + 1e-6))
    }
    if let lost = golden.entries.keys.filter({ $0.hasPrefix("grad.") && !compared.contains($0) }).min() {
      throw GoldenError.missing(file: "the model of \(goldenName)", key: lost)
    }
    return rows
  }

  private func checkAdamW(_ facts: Facts.AdamWFacts, _ stop: () throws -> Void) throws -> [GoldenRow] {
    let model = try model()
    let numbers = facts.schedule.split { !$0.isNumber }.compactMap { Int($0) }
    let schedule = Schedule(
      peak: facts.lr, warmupSteps: numbers.first ?? 0, totalSteps: numbers.last ?? facts.losses.count)
    let optimizer = AdamW(
      model.parameters, .init(weightDecay: facts.weight_decay, maximumNorm: facts.clip_norm))
    func relative(_ what: String, _ ours: Float, _ wanted: Float) -> GoldenRow {
      GoldenRow(what, [], abs(ours - wanted), tolerance: 1e-3 * max(abs(wanted), 1e-6))
    }
    var rows: [GoldenRow] = []
    for step in facts.losses.indices {
      try stop()
      let tape = Tape()
      model.parameters.forEach { $0.join(tape) }
      let loss = objective(model, batch, labels, Pass(boundaries: batch.boundaries), isTrained: true).loss
      tape.backward(from: loss)
      let norm = optimizer.step(learningRate: schedule.learningRate(at: step))
      model.parameters.forEach { $0.leave() }
      rows.append(relative("adamw.loss.\(step)", loss.scalar, facts.losses[step]))
      if step < facts.grad_norms.count {
        rows.append(relative("adamw.grad_norm.\(step)", norm, facts.grad_norms[step]))
      }
    }
    if let wanted = facts.loss_after {
      let loss = objective(model, batch, labels, Pass(boundaries: batch.boundaries)).loss.scalar
      rows.append(relative("adamw.loss_after", loss, wanted))
    }
    return rows
  }

  // MARK: Comparing real positions

  struct Reference {
    let shape: [Int]
    let values: UnsafeBufferPointer<Float>
    let owner: Buffer
    var magnitude: Float { values.reduce(0) { max($0, abs($1)) } }
  }

  private func reference(_ key: String, _ expected: [Int]) throws -> Reference? {
    guard let entry = golden.entries[key] else { return nil }
    guard entry.shape == expected else {
      throw GoldenError.wrongShape(file: goldenName, tensor: key, expected: expected, found: entry.shape)
    }
    let buffer = try golden.values(key)
    return Reference(
      shape: entry.shape, values: UnsafeBufferPointer(start: buffer.base, count: buffer.count), owner: buffer)
  }

  /// Where ragged tokens stand in a padded tensor.
  private struct Grid {
    let batch: TokenBatch
    let padded: Int
    /// Which tokens are compared.
    let isReal: [Bool]

    init(_ batch: TokenBatch, padded: Int, isReal: [Bool]? = nil) {
      self.batch = batch
      self.padded = padded
      self.isReal = isReal ?? Array(repeating: true, count: batch.count)
    }

    /// The compared tokens of a sequence, and the place of each in its padded row.
    func places(_ sequence: Int) -> [(token: Int, place: Int)] {
      let span = batch.span(sequence)
      return span.filter { isReal[$0] }.map { ($0, $0 - span.lowerBound) }
    }
  }

  /// Ours [tokens, width] against a padded [sequences, padded, width], or [sequences, padded] where it is narrow.
  private func compareTokens(
    _ name: String, _ ours: Tensor, _ grid: Grid, isNarrow: Bool = false
  ) throws -> [GoldenRow] {
    let full = [shape.sequences, grid.padded] + (isNarrow ? [] : [ours.width])
    guard let wanted = try reference("output.\(name)", full) else { return [] }
    let columns = ours.width
    let pairs = (0..<batch.sequences).lazy.flatMap { sequence in
      grid.places(sequence).lazy.flatMap { token, place in
        (0..<columns).lazy.map { column in
          (
            ours.pointer[token * columns + column],
            wanted.values[(sequence * grid.padded + place) * columns + column]
          )
        }
      }
    }
    return GoldenFolder.output(name, wanted, pairs)
  }

  private func compareAttention(
    _ name: String, _ maps: AttentionMaps, _ queries: Grid, to memory: Grid
  ) throws -> [GoldenRow] {
    let heads = maps.shape.heads
    let full = [shape.sequences, heads, queries.padded, memory.padded]
    guard let wanted = try reference("output.\(name)", full) else { return [] }
    var pairs: [(Float, Float)] = []
    for sequence in 0..<batch.sequences {
      for head in 0..<heads {
        let map = maps.map(sequence: sequence, head: head)
        for (_, query) in queries.places(sequence) {
          let start = ((sequence * heads + head) * queries.padded + query) * memory.padded
          pairs += memory.places(sequence).map { (map[query][$0.place], wanted.values[start + $0.place]) }
        }
      }
    }
    return GoldenFolder.output(name, wanted, pairs)
  }

  private static func output(_ name: String, _ wanted: Reference, _ pairs: some Sequence<(Float, Float)>) -> [GoldenRow]
  {
    [GoldenRow(name, wanted.shape, largest(pairs), tolerance: 1e-4 * max(1, wanted.magnitude))]
  }

  /// The largest absolute difference; not-a-number on either side counts as infinite.
  private static func largest(_ pairs: some Sequence<(Float, Float)>) -> Float {
    pairs.reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }
}

extension Parameter {
  /// The gradient as a whole array, zero where none arrived.
  package var denseGradient: [Float] {
    var dense = [Float](repeating: 0, count: count)
    switch gradient {
    case nil: break
    case .dense(let buffer): for index in 0..<count { dense[index] = buffer.base[index] }
    case .rows(let rows):
      for (place, row) in rows.rows.enumerated() {
        for column in 0..<rows.width {
          dense[Int(row) * rows.width + column] = rows.pointer[place * rows.width + column]
        }
      }
    }
    return dense
  }
}
