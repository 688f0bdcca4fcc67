import Foundation
import Pipelines
import Tokenizers

extension Session {
  /// A tokenizer by the name of a model, by a tokenizer.json or by its folder; without one, that of the model.
  package func tokenizer(_ place: String?, _ common: CommonOptions) throws -> Tokenizer {
    guard let place else { return try repository(common).tokenizer() }
    if modelNames().contains(place) || !place.contains(where: { $0 == "/" || $0 == "." }) {
      return try model(place).tokenizer()
    }
    return try Tokenizer(at: try file(place))
  }
}
