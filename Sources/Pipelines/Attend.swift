import Layers
import Models
import Tokenizers

/// What a model's heads look at in one text or pair.
package struct AttentionReading {
  package let encoding: Encoding
  /// One for each layer.
  package let layers: [AttentionMaps]

  /// The weights of one head, or of the mean over heads.
  /// - Returns: [from][to]
  package func map(layer: Int, head: Int?) -> [[Float]] {
    head.map { layers[layer].map(sequence: 0, head: $0) } ?? layers[layer].mean(sequence: 0)
  }
}

extension Repository {
  /// Runs the model once and keeps every attention map.
  package func attend(_ text: String, pair: String?) throws -> AttentionReading {
    let model = try model()
    let encodings = try encode([(text, pair)])
    let batch = Repository.batch(encodings)
    try model.check(batch)
    let watcher = Watcher([.attentions])
    _ = model.hidden(batch, Pass(boundaries: batch.boundaries, watcher: watcher))
    return AttentionReading(encoding: encodings[0], layers: watcher.attentions)
  }
}
