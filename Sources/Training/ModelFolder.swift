import Checkpoints
import Foundation
import Models
import Tensors

/// Saves a model as Hugging Face's `save_pretrained` lays it out, so that `from_pretrained` loads it unchanged; a model
/// with low-rank additions as peft does.
package enum ModelFolder {
  /// What goes along with the weights.
  package struct Company {
    /// What an adapter names as its base: `ORG/NAME` on the hub, or a path.
    package var base: String
    /// Files that go along unchanged: the tokenizer's, a record of the training.
    package var files: [(name: String, data: Data)]
    /// Writes the numbers in half precision.
    package var isHalf = false

    package init(base: String, files: [(name: String, data: Data)]) {
      self.base = base
      self.files = files
    }
  }

  /// Writes configuration, weights (of an adapted model: the adapter alone) and company; the folder appears whole or not
  /// at all.
  /// - Parameter extra: writes further files into the folder before it appears
  /// - Throws: `FileError` when it cannot be written
  package static func write(
    _ model: TransformerModel, _ company: Company, to folder: URL, extra: (URL) throws -> Void = { _ in }
  ) throws {
    let configuration = try configurationFile(model, company.isHalf ? "float16" : "float32")
    let adapter = try model.adaptation.map {
      try $0.encode(
        base: company.base, model.kind, isTransposed: model.configuration.family.keepsMapsTransposed)
    }
    try AtomicFolder.write(to: folder) { staging in
      func place(_ file: RepositoryFile) -> URL { staging.appendingPathComponent(file.rawValue) }
      try AtomicFile.write(configuration, to: place(.config))
      if let adapter {
        try AtomicFile.write(adapter, to: place(.adapterConfig))
        try SafetensorsWriter.write(items(model, company.isHalf), to: place(.adapterWeights))
      } else {
        try SafetensorsWriter.write(items(model, company.isHalf), to: place(.weights))
      }
      for file in company.files { try AtomicFile.write(file.data, to: staging.appendingPathComponent(file.name)) }
      try extra(staging)
    }
  }

  /// Writes the model that does alone what base and adapter do together.
  /// - Throws: `FileError` when it cannot be written
  package static func writeMerged(
    _ model: TransformerModel, files: [(name: String, data: Data)], to folder: URL,
    extra: (URL) throws -> Void = { _ in }
  ) throws {
    let configuration = try configurationFile(model)
    let merged = Dictionary(uniqueKeysWithValues: model.adapted.map { ($0.weight.name, $0.merged) })
    let added = Set(model.adapted.compactMap(\.lowRank).flatMap { [$0.down.name, $0.up.name] })
    let items = model.parameters.filter { !added.contains($0.name) }.map {
      SafetensorsWriter.Item($0.name, $0.shape, merged[$0.name] ?? $0.value)
    }
    try AtomicFolder.write(to: folder) { staging in
      try AtomicFile.write(configuration, to: staging.appendingPathComponent(RepositoryFile.config.rawValue))
      try SafetensorsWriter.write(items, to: staging.appendingPathComponent(RepositoryFile.weights.rawValue))
      for file in files { try AtomicFile.write(file.data, to: staging.appendingPathComponent(file.name)) }
      try extra(staging)
    }
  }

  /// Writes the numbers that a base lacks: those that began at random, or all of them.
  /// - Throws: `FileError` when it cannot be written
  package static func writeStart(_ model: TransformerModel, isWhole: Bool, to file: URL) throws {
    let fresh = Set(model.report.fresh)
    let items = model.parameters.filter { isWhole || fresh.contains($0.name) }
    try SafetensorsWriter.write(items.map { .init($0.name, $0.shape, $0.value) }, to: file)
  }

  /// The model's numbers; of an adapted one what the adaptation trains, under the names that peft gives it.
  private static func items(_ model: TransformerModel, _ isHalf: Bool) -> [SafetensorsWriter.Item] {
    let isAdapter = model.adaptation != nil
    return model.parameters.filter { !isAdapter || $0.isTrained }.map { parameter in
      let name = (isAdapter ? AdapterSource.prefix : "") + parameter.name
      return isHalf
        ? .init(name, parameter.shape, halvesOf: parameter.value) : .init(name, parameter.shape, parameter.value)
    }
  }

  /// Finds out before the training whether `write` will find its place and space.
  /// - Parameter company: names of the files that go along
  package static func rehearse(_ model: TransformerModel, files: [String], to folder: URL) throws(FileError) {
    let own: [RepositoryFile] =
      model.adaptation == nil ? [.config, .weights] : [.config, .adapterConfig, .adapterWeights]
    let weights = model.parameters.filter { model.adaptation == nil || $0.isTrained }.reduce(0) { $0 + $1.count }
    try AtomicFolder.rehearse(
      folder, names: own.map(\.rawValue) + files, bytes: weights * MemoryLayout<Float>.stride + 1 << 20)
  }

  /// The configuration that the model came with, under its present head and labels.
  package static func configurationFile(_ model: TransformerModel, _ type: String = "float32") throws -> Data {
    let configuration = model.configuration
    var object = (try? JSONSerialization.jsonObject(with: configuration.json)) as? [String: Any] ?? [:]
    object["architectures"] = configuration.family.architectures[model.kind].map { [$0] }
    object["id2label"] = Dictionary(
      uniqueKeysWithValues: configuration.labels.enumerated().map { (String($0.offset), $0.element) })
    object["label2id"] = Dictionary(
      configuration.labels.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    object["num_labels"] = nil
    object["problem_type"] =
      model.kind == .sequenceClassification ? (configuration.problemType ?? .oneLabel).rawValue : nil
    if model.kind == .sequenceClassification, configuration.padID == nil {
      // transformers looks for the last token before the padding, and refuses batches without one.
      let end = object["eos_token_id"]
      object["pad_token_id"] = (end as? Int) ?? (end as? [Int])?.first
    }
    object["torch_dtype"] = nil
    object["dtype"] = type
    return try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }
}
