import Layers
import Tensors

/// A head's map to a few words, which leaves out the others.
struct WordChoice {
  let words: [Int32]
  let map: Affine

  /// Scores of all `count` words, the others' minus infinity.
  /// - Parameter hidden: [rows, width]
  func score(_ hidden: Tensor, of count: Int, into rows: UnsafeMutablePointer<Float>) {
    let scores = linear(hidden, [map])  // [rows, words]
    for row in 0..<hidden.rows {
      let line = rows + row * count
      line.update(repeating: -.infinity, count: count)
      for (place, word) in words.enumerated() { line[Int(word)] = scores.pointer[row * words.count + place] }
    }
  }
}

extension TransformerModel {
  /// The words that may answer an input, where a shortlist tells.
  func choice(for source: [Int32]) -> WordChoice? {
    guard let shortlist, case .targetWords(let head) = head else { return nil }
    let words = shortlist(source).filter { $0 >= 0 && Int($0) < configuration.vocabularySize }
    return words.isEmpty ? nil : head.choice(of: words)
  }

  /// The scores of the next words behind some hidden states, each among its own choice.
  /// - Returns: [rows, words]
  func words(_ hidden: Tensor, rows: [Int32], among choices: [WordChoice]) -> Tensor {
    let count = configuration.vocabularySize
    let states = gather(hidden, rows)  // [rows, width]
    let logits = Tensor([rows.count, count], Buffer(count: rows.count * count))
    var row = 0
    while row < rows.count {
      // Continuations of one source follow each other, and share its choice.
      let first = choices[row]
      let end = choices.indices[row...].first { choices[$0].words != first.words } ?? rows.count
      let part = gather(states, (row..<end).map { Int32($0) })
      first.score(part, of: count, into: logits.pointer + row * count)
      row = end
    }
    return logits
  }
}
