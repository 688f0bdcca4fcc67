import Checkpoints
import Foundation

/// Where others find what this one opened.
extension Repository {
  /// The folder of the weights, or the GGUF file that holds them; of an adapter, its base's.
  package var weightsPlace: URL {
    let files = base ?? self.files
    return files.hasWeights ? files.folder : files.gguf ?? files.folder
  }

  /// Whether the weights are in the program Marian's own format.
  package var isMarian: Bool {
    let files = base ?? self.files
    return !files.hasWeights && files.gguf == nil && files.marian != nil
  }

  /// Whether an adapter's folder says of itself what the adapted model is.
  package var describesAdapted: Bool { adaptation != nil && files[.config] != nil }

  /// Whether the folder has a tokenizer of its own.
  package var hasTokenizer: Bool { files.hasTokenizer }
}
