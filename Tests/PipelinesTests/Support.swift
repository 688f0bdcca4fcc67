import Foundation
import Pipelines

/// The tiny models of `Fixtures/pipelines`, which share the tokenizer of `entities/`.
enum TinyPipelines {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/pipelines")

  /// A copy of a model's folder that is whole, with changes to its `config.json`.
  static func open(_ name: String, configuration changes: [String: String] = [:]) throws -> Repository {
    let manager = FileManager.default
    let place = manager.temporaryDirectory.appendingPathComponent("pipelines-\(UUID().uuidString)")
    try manager.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: place) }
    let model = folder.appendingPathComponent(name)
    for file in ["model.safetensors", "tokenizer_config.json"] {
      try manager.copyItem(at: model.appendingPathComponent(file), to: place.appendingPathComponent(file))
    }
    try manager.copyItem(
      at: folder.appendingPathComponent("entities/tokenizer.json"), to: place.appendingPathComponent("tokenizer.json"))
    let config = try Data(contentsOf: model.appendingPathComponent("config.json"))
    guard var object = try JSONSerialization.jsonObject(with: config) as? [String: Any] else { throw Unreadable() }
    for (key, value) in changes { object[key] = value }
    try JSONSerialization.data(withJSONObject: object).write(to: place.appendingPathComponent("config.json"))
    let repository = try Repository(place, name: name)
    // Read while the folder is there; the weights stay mapped.
    _ = try repository.tokenizer()
    _ = try repository.model()
    return repository
  }

  struct Unreadable: Error {}

  static func golden<Golden: Decodable>(_ name: String) throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }
}

/// A list, or the only element of one: how Hugging Face's pipelines answer.
struct OneOrMany<Element: Decodable>: Decodable {
  let elements: [Element]

  init(from decoder: any Decoder) throws {
    if let many = try? [Element](from: decoder) { elements = many } else { elements = [try Element(from: decoder)] }
  }
}

/// What transformers' scores may differ by.
func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-4 }
