import Layers
import Models
import Tensors

extension Repository {
  /// One vector a text: the mean of its tokens' last hidden states, scaled to length 1 (Reimers & Gurevych 2019).
  /// - Returns: for each text its [width]
  package func embed(_ texts: [String]) throws -> [Reading<[Float]>] {
    var vectors = texts.map { _ in [Float]() }
    let encodings = try encode(texts.map { ($0, nil) })
    try forEachBatch(encodings) { places, batch, model in
      let hidden = model.hidden(batch, Pass(boundaries: batch.boundaries))  // [tokens, width]
      let means = mean(hidden, boundaries: batch.boundaries)  // [texts, width]
      for (row, place) in places.enumerated() {
        let vector = means.row(row)
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        vectors[place] = vector.map { $0 / max(length, 1e-12) }
      }
    }
    return readings(vectors, encodings)
  }
}

/// The cosine of the angle between two vectors of length 1.
package func cosine(_ a: [Float], _ b: [Float]) -> Double {
  zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
