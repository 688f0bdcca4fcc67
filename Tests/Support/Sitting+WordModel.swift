import Foundation
import Notebook

extension Sitting {
  /// A tiny model of the fixtures beside a tokenizer whose words are `w0`, `w1` and so on, but for those of `names`.
  /// - Parameters:
  ///   - names: other words, by their ids; they are special
  ///   - frame: what stands around a text, as words: `["$A", "w2"]` ends it
  ///   - template: of a chat
  ///   - end: the word that ends a text, by the tokenizer's own files
  ///   - config: keys that are added to the model's configuration
  /// - Returns: the folder's path
  package func wordModel(
    _ fixture: String, names: [Int: String] = [:], frame: [String] = ["$A"], template: String? = nil,
    end: String? = nil, config: [String: Any] = [:]
  ) throws -> String {
    let place = folder.appendingPathComponent("\(fixture)-\(UUID().uuidString.prefix(8))")
    try FileManager.default.copyItem(at: Sitting.fixtures.appendingPathComponent("models/\(fixture)"), to: place)
    func write(_ object: [String: Any], _ name: String) throws {
      try JSONSerialization.data(withJSONObject: object).write(to: place.appendingPathComponent(name))
    }
    let file = place.appendingPathComponent("config.json")
    let old = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    let words = (0..<(old["vocab_size"] as? Int ?? 0)).map { names[$0] ?? "w\($0)" }
    let vocabulary = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
    let added: [[String: Any]] = names.sorted { $0.key < $1.key }.map { id, name in
      [
        "id": id, "content": name, "special": true, "single_word": false, "lstrip": false, "rstrip": false,
        "normalized": false,
      ]
    }
    let pieces: [[String: Any]] = frame.map {
      $0 == "$A" ? ["Sequence": ["id": "A", "type_id": 0]] : ["SpecialToken": ["id": $0, "type_id": 0]]
    }
    let special = frame.filter { $0 != "$A" }.map { ($0, ["id": $0, "ids": [vocabulary[$0] ?? 0], "tokens": [$0]]) }
    let processor: [String: Any] = [
      "type": "TemplateProcessing", "single": pieces,
      "pair": pieces + [["Sequence": ["id": "B", "type_id": 1]]],
      "special_tokens": Dictionary(uniqueKeysWithValues: special),
    ]
    try write(
      [
        "version": "1.0", "added_tokens": added, "pre_tokenizer": ["type": "WhitespaceSplit"],
        "post_processor": processor, "model": ["type": "WordLevel", "vocab": vocabulary, "unk_token": "w0"],
      ], "tokenizer.json")
    let facts = ["chat_template": template, "eos_token": end].compactMapValues(\.self)
    if !facts.isEmpty { try write(facts, "tokenizer_config.json") }
    if !config.isEmpty {
      try write(old.merging(config) { $1 }, "config.json")
    }
    return place.path
  }

  /// Runs a line that must pass with `--json`, and reads what it printed.
  package func value(_ line: String) throws -> Value {
    let (cell, lines, notices) = run("\(line) --json")
    guard cell?.status == .passed, let value = lines.first.flatMap({ Value(json: Data($0.utf8)) }) else {
      throw Refused(line: line, notices: notices)
    }
    return value
  }

  package struct Refused: Error, CustomStringConvertible {
    let line: String
    package let notices: [String]
    package var description: String { "\(line): \(notices)" }
  }
}
