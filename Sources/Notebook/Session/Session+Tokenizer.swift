import Checkpoints
import Foundation
import Pipelines
import Tokenizers

extension Session {
  /// A tokenizer by the name of a model, by a file or by a folder; without one, that of the model.
  ///
  /// A folder with nothing but a tokenizer's files will do, also as the model.
  package func tokenizer(_ place: String?, _ common: CommonOptions) throws -> Tokenizer {
    if let place {
      let isName = modelNames().contains(place) || !place.contains { $0 == "/" || $0 == "." }
      return try isName ? model(place).tokenizer() : tokenizer(at: try file(place))
    }
    if let name = common.model {
      if name.hasSuffix(".gguf") { return try tokenizer(at: try file(name)) }
      let files = shelf.store.locate(name).map { RepositoryFiles($0) }
      if let files, !files.isAdapter, !files.describesItself { return try Tokenizer(folder: files.folder) }
    }
    return try repository(common).tokenizer()
  }

  /// The tokenizer in a file or a folder; a GGUF file holds one beside its weights.
  package func tokenizer(at place: URL) throws -> Tokenizer {
    guard place.pathExtension.lowercased() == "gguf" else { return try Tokenizer(at: place) }
    return try Tokenizer(gguf: try GGUFFile(place))
  }
}
