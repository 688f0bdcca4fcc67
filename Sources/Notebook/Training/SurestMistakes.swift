/// The mistakes with the highest scores of all that are added: only so many are kept.
struct SurestMistakes {
  /// One of them: the example's number, what was right, and what was said.
  struct Mistake {
    let index: Int
    let label: String
    let predicted: String
    let score: Double
  }

  let limit: Int
  /// The highest first; of equal ones the earlier first.
  private(set) var mistakes: [Mistake] = []

  init(_ limit: Int) { self.limit = limit }

  /// - Parameter words: asked only where the mistake is among the surest so far
  mutating func add(
    _ index: Int, _ score: Double, words: () throws -> (label: String, predicted: String)
  ) rethrows {
    guard limit > 0, mistakes.count < limit || score > mistakes[mistakes.count - 1].score else { return }
    let (label, predicted) = try words()
    let place = mistakes.firstIndex { $0.score < score } ?? mistakes.count
    mistakes.insert(Mistake(index: index, label: label, predicted: predicted, score: score), at: place)
    if mistakes.count > limit { mistakes.removeLast() }
  }
}
