import Foundation
import Layers
import Models

/// One class and how sure the model is of it.
package struct ClassScore: Encodable, Sendable, Equatable {
  package let label: String
  /// A probability, or for regression the number that the model gives.
  package let score: Double
}

/// What makes scores of a classifier's logits.
package enum ScoreFunction: String, Sendable, CaseIterable {
  /// One class of all: the scores sum to 1.
  case softmax
  /// Each class by itself: a text can have several, or none.
  case sigmoid
  /// The logits as they are.
  case none

  func callAsFunction(_ logits: [Float]) -> [Double] {
    switch self {
    case .softmax: probabilities(logits)
    case .sigmoid: logits.map { 1 / (1 + exp(-Double($0))) }
    case .none: logits.map(Double.init)
    }
  }
}

extension Repository {
  /// The function that the checkpoint was trained for, as Hugging Face's pipeline decides: by `problem_type`, else by
  /// the number of classes.
  package var scoreFunction: ScoreFunction {
    switch configuration.problemType {
    case .number: .none
    case .manyLabels: .sigmoid
    case .oneLabel, nil: configuration.labels.count == 1 ? .sigmoid : .softmax
    }
  }

  /// The classes of each text or pair, highest score first.
  /// - Parameter function: nil takes the checkpoint's
  /// - Throws: `RepositoryError.noHead` for a model that was not trained to classify
  package func classify(
    _ texts: [(text: String, pair: String?)], function: ScoreFunction? = nil
  ) throws -> [Reading<[ClassScore]>] {
    try require(.sequenceClassification)
    let function = function ?? scoreFunction
    var results = texts.map { _ in [ClassScore]() }
    let encodings = try encode(texts)
    try forEachBatch(encodings) { places, batch, model in
      let logits = model(batch, Pass(boundaries: batch.boundaries))  // [texts, classes]
      for (row, place) in places.enumerated() {
        results[place] = zip(configuration.labels, function(logits.row(row))).map(ClassScore.init)
          .sorted { $0.score > $1.score }
      }
    }
    return readings(results, encodings)
  }
}
