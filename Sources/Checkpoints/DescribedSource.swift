import Foundation
import Layers

/// A file of tensors that says itself what model they make.
package protocol DescribedSource: ParameterSource {
  var url: URL { get }

  /// As transformers would have it in `config.json`.
  func configuration() throws -> Data
}

extension RepositoryFiles {
  /// The weights of a model's folder, in whichever form they are there.
  ///
  /// Throws `FileError.missingFromFolder` when there are none.
  package func openWeights() throws -> any ParameterSource {
    if !hasSafetensors, let described = try openDescribed() { return described }
    _ = try requireWeights()
    return try Safetensors.open(folder: folder)
  }

  /// Weights that need no `config.json` beside them; nil where the folder has no such file.
  package func openDescribed() throws -> (any DescribedSource)? {
    if let gguf { return try GGUFModel(gguf) }
    return try marian.map(MarianModel.init)
  }
}
