import Checkpoints
import Drawing
import Foundation
import Models
import Pipelines
import Training

/// A folder as sentence-transformers has it: an encoder, the mean of its tokens, length 1. Its vectors are those of
/// `embed`.
struct SentenceFolder {
  private let repository: Repository

  /// - Throws: `Failure` for a model without an encoder's states
  init(_ repository: Repository) throws {
    guard repository.kind != .causalWords, repository.kind != .targetWords else {
      throw Failure(
        "\(sanitized(repository.name)) writes texts; sentence-transformers wants an encoder, such as minilm.", .usage)
    }
    self.repository = repository
  }

  func write(_ company: ModelFolder.Company, to folder: URL) throws {
    let model = try repository.model()
    let modules = try modules()
    func extra(_ staging: URL) throws {
      for (name, object) in modules {
        let place = staging.appendingPathComponent(name)
        try AtomicFolder.makeFolder(place.deletingLastPathComponent())
        try AtomicFile.write(
          try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]), to: place)
      }
      try AtomicFolder.makeFolder(staging.appendingPathComponent("2_Normalize"))
      try AtomicFile.write(Data("{}\n".utf8), to: staging.appendingPathComponent("2_Normalize/config.json"))
    }
    guard model.adaptation != nil else { return try ModelFolder.write(model, company, to: folder, extra: extra) }
    try ModelFolder.writeMerged(model, files: company.files, to: folder, extra: extra)
  }

  /// Its files of settings, by name.
  private func modules() throws -> [(name: String, object: Any)] {
    func module(_ index: Int, _ path: String, _ type: String) -> [String: Any] {
      ["idx": index, "name": "\(index)", "path": path, "type": "sentence_transformers.models.\(type)"]
    }
    return [
      (
        "modules.json",
        [module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling"), module(2, "2_Normalize", "Normalize")]
      ),
      ("sentence_bert_config.json", ["max_seq_length": try repository.maximumTokens(), "do_lower_case": false]),
      (
        "1_Pooling/config.json",
        [
          "word_embedding_dimension": repository.configuration.width, "pooling_mode_cls_token": false,
          "pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": false,
          "pooling_mode_mean_sqrt_len_tokens": false,
        ]
      ),
    ]
  }
}
