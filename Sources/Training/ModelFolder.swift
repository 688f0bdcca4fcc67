import Checkpoints
import Foundation
import Models
import Tensors

/// Saves a model as Hugging Face's `save_pretrained` lays it out, so that `from_pretrained` loads it unchanged.
package enum ModelFolder {
  /// Writes `config.json`, `model.safetensors` and the other files; the folder appears whole or not at all.
  /// - Parameters:
  ///   - others: files that go along unchanged: the tokenizer's, a record of the training
  /// - Throws: `FileError` when it cannot be written
  package static func write(
    _ model: EncoderModel, others: [(name: String, data: Data)], to folder: URL
  ) throws {
    let configuration = try configurationFile(model)
    let items = model.parameters.map { SafetensorsWriter.Item($0.name, $0.shape, $0.value) }
    try AtomicFolder.write(to: folder) { staging in
      try AtomicFile.write(configuration, to: staging.appendingPathComponent(RepositoryFile.config.rawValue))
      try SafetensorsWriter.write(
        items, metadata: ["format": "pt"], to: staging.appendingPathComponent(RepositoryFile.weights.rawValue))
      for file in others { try AtomicFile.write(file.data, to: staging.appendingPathComponent(file.name)) }
    }
  }

  /// Finds out before the training whether `write` will find its place and space.
  package static func rehearse(
    _ model: EncoderModel, others: [(name: String, data: Data)], to folder: URL
  ) throws(FileError) {
    let names = [RepositoryFile.config.rawValue, RepositoryFile.weights.rawValue] + others.map(\.name)
    let weights = model.parameters.reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride
    let bytes = others.reduce(weights + 1 << 20) { $0 + $1.data.count }
    try AtomicFolder.rehearse(folder, names: names, bytes: bytes)
  }

  /// The configuration that the model came with, under its present head and labels.
  static func configurationFile(_ model: EncoderModel) throws -> Data {
    let configuration = model.configuration
    var object = (try? JSONSerialization.jsonObject(with: configuration.json)) as? [String: Any] ?? [:]
    object["architectures"] = configuration.family.architectures[model.kind].map { [$0] }
    object["id2label"] = Dictionary(
      uniqueKeysWithValues: configuration.labels.enumerated().map { (String($0.offset), $0.element) })
    object["label2id"] = Dictionary(
      configuration.labels.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    object["num_labels"] = nil
    object["problem_type"] = model.kind == .sequenceClassification ? "single_label_classification" : nil
    object["torch_dtype"] = nil
    object["dtype"] = "float32"
    return try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
  }
}
