import Foundation
import Layers
import Models

/// One class and how sure the model is of it.
package struct ClassScore: Encodable, Sendable, Equatable {
  package let label: String
  /// Probability by softmax over all classes.
  package let score: Double
}

extension Repository {
  /// The classes of each text, most likely first.
  /// - Throws: `RepositoryError.noHead` for a model that was not trained to classify
  package func classify(_ texts: [String]) throws -> [[ClassScore]] {
    guard kind == .sequenceClassification else {
      throw RepositoryError.noHead(folder: name, wanted: .sequenceClassification)
    }
    let model = try model()
    let batch = Repository.batch(try encode(texts.map { ($0, nil) }))
    try model.check(batch)
    let logits = model(batch, Pass(boundaries: batch.boundaries))  // [texts, classes]
    let values = logits.values
    return texts.indices.map { row in
      let scores = probabilities(Array(values[row * logits.width..<(row + 1) * logits.width]))
      return zip(configuration.labels, scores).map(ClassScore.init).sorted { $0.score > $1.score }
    }
  }
}

/// Softmax in double precision, for the few numbers that a person reads.
package func probabilities(_ logits: [Float]) -> [Double] {
  let largest = Double(logits.max() ?? 0)
  let powers = logits.map { exp(Double($0) - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
