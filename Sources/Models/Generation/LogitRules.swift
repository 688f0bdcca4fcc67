/// What a row of logits goes through before a token is chosen, in the order that transformers has.
struct LogitRules {
  let settings: GenerationSettings
  /// Tokens of the prompt, or the decoder's start.
  let promptCount: Int
  /// Of prompt and continuation.
  let maximumLength: Int

  /// - Parameter history: all tokens so far
  func callAsFunction(_ row: UnsafeMutableBufferPointer<Float>, _ history: [Int32]) {
    penalise(row, history)
    suppressRuns(row, history)
    suppressBanned(row, history)
    let written = history.count - promptCount
    if history.count < settings.minimumLength || written < settings.minimumNewTokens {
      suppress(settings.endIDs, row)
    }
    if let first = settings.forcedFirstID, history.count == 1 { force(first, row) }
    if let last = settings.forcedLastID, history.count == maximumLength - 1 { force(last, row) }
    suppress(settings.suppressed, row)
    let begin = promptCount > 1 || settings.forcedFirstID == nil ? promptCount : promptCount + 1
    if history.count == begin { suppress(settings.suppressedFirst, row) }
  }

  /// Whether a row stays as it is, for a continuation of that length.
  func changesNothing(_ length: Int) -> Bool {
    let written = length - promptCount
    let forces =
      (settings.forcedFirstID != nil && length == 1) || (settings.forcedLastID != nil && length == maximumLength - 1)
    return settings.repetitionPenalty == 1 && settings.frequencyPenalty == 0 && settings.presencePenalty == 0
      && settings.uniqueRun == 0 && settings.banned.isEmpty && settings.suppressed.isEmpty && !forces
      && length >= settings.minimumLength && written >= settings.minimumNewTokens
      && (settings.suppressedFirst.isEmpty || written > 1)
  }

  private func penalise(_ row: UnsafeMutableBufferPointer<Float>, _ history: [Int32]) {
    let penalty = settings.repetitionPenalty
    if penalty != 1 {
      for id in Set(history).map(Int.init) where row.indices.contains(id) {
        row[id] = row[id] < 0 ? row[id] * penalty : row[id] / penalty
      }
    }
    guard settings.frequencyPenalty != 0 || settings.presencePenalty != 0 else { return }
    var counts: [Int32: Int] = [:]
    for id in history[promptCount...] { counts[id, default: 0] += 1 }
    for (id, count) in counts where row.indices.contains(Int(id)) {
      row[Int(id)] -= Float(count) * settings.frequencyPenalty + settings.presencePenalty
    }
  }

  /// No run may come a second time: what once followed the present end must not follow it again.
  private func suppressRuns(_ row: UnsafeMutableBufferPointer<Float>, _ history: [Int32]) {
    let size = settings.uniqueRun
    guard size > 0, history.count >= size else { return }
    let end = history.suffix(size - 1)
    for start in 0...history.count - size where history[start..<start + size - 1].elementsEqual(end) {
      suppress([history[start + size - 1]], row)
    }
  }

  private func suppressBanned(_ row: UnsafeMutableBufferPointer<Float>, _ history: [Int32]) {
    // A single token that ends is not banned by this: then nothing would end.
    for sequence in settings.banned where sequence.count > 1 || !sequence.allSatisfy(settings.endIDs.contains) {
      guard let last = sequence.last, history.count >= sequence.count - 1,
        history.suffix(sequence.count - 1).elementsEqual(sequence.dropLast())
      else { continue }
      suppress([last], row)
    }
  }

  private func suppress(_ ids: some Sequence<Int32>, _ row: UnsafeMutableBufferPointer<Float>) {
    for id in ids where row.indices.contains(Int(id)) { row[Int(id)] = -.infinity }
  }

  private func force(_ id: Int32, _ row: UnsafeMutableBufferPointer<Float>) {
    guard row.indices.contains(Int(id)) else { return }
    row.update(repeating: -.infinity)
    row[Int(id)] = 0
  }
}
