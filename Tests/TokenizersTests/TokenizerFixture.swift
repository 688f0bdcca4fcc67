import Foundation
import Tokenizers

/// The files under Tests/Fixtures/tokenizers.
enum TokenizerFixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/tokenizers")

  static func data(_ path: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(path))
  }

  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(json: data(name + "/tokenizer.json"), name: name + "/tokenizer.json")
  }

  /// A tokenizer.json around a vocabulary, with other parts of the file as given.
  static func json(
    vocabulary: String = ###"{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##b":4}"###, _ rest: String = ""
  ) -> Data {
    Data(
      """
      {"model": {"type": "WordPiece",
        "vocab": \(vocabulary)}\(rest)}
      """.utf8)
  }

  /// A folder with these files, removed after the body.
  static func withFolder<Result>(
    _ files: [String: Data], _ body: (URL) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
    return try body(folder)
  }

  /// The pieces of a fixture's vocabulary, one a line in the order of their ids.
  static func vocabularyLines(_ name: String) throws -> [String] {
    let tokenizer = try tokenizer(name)
    return (0..<tokenizer.vocabularySize).map { tokenizer.token(of: $0) ?? "" }
  }
}
