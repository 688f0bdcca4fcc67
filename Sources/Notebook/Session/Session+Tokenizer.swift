import Checkpoints
import Foundation
import Pipelines
import Tokenizers

extension Session {
  /// A tokenizer by the name of a model, by a file or by a folder; without one, that of the model.
  ///
  /// A folder with nothing but a tokenizer's files will do, also as the model.
  package func tokenizer(_ place: String?, _ common: CommonOptions) throws -> Tokenizer {
    guard let name = place ?? common.model, !modelNames().contains(name),
      name.contains(where: { $0 == "/" || $0 == "." })
    else { return try place.map { try model($0).tokenizer() } ?? repository(common).tokenizer() }
    if place == nil {
      let files = shelf.store.locate(name).map { RepositoryFiles($0) }
      if let files, files.isAdapter || files[.config] != nil { return try repository(common).tokenizer() }
    }
    return try tokenizer(at: try file(name))
  }

  /// The tokenizer in a file or a folder; a GGUF file holds one beside its weights.
  package func tokenizer(at place: URL) throws -> Tokenizer {
    guard place.pathExtension.lowercased() == "gguf" else { return try Tokenizer(at: place) }
    return try Tokenizer(gguf: try GGUFFile(place))
  }
}
