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
    if !hasWeights, let described = try openDescribed() { return described }
    if self[.weights] == nil, self[.weightsIndex] == nil {
      if let single = self[.pytorchWeights] { return try PyTorchFile(single) }
      if let index = self[.pytorchIndex] { return try ShardedCheckpoint(index: index) { try PyTorchFile($0) } }
    }
    return try Safetensors.open(folder: folder)
  }

  /// What is added to another model.
  package func openAdapter() throws -> any ParameterSource {
    if self[.adapterWeights] == nil, let pytorch = self[.pytorchAdapter] { return try PyTorchFile(pytorch) }
    return try SafetensorsFile(try require(.adapterWeights))
  }

  /// Weights that need no `config.json` beside them; nil where the folder has no such file.
  package func openDescribed() throws -> (any DescribedSource)? {
    if let gguf { return try GGUFModel(gguf) }
    return try marian.map(MarianModel.init)
  }
}
