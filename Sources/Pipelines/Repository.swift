import Checkpoints
import Foundation
import Layers
import Models
import Tokenizers

/// What does not fit together in a model's folder.
package enum RepositoryError: Error, Sendable, Equatable {
  /// The tokenizer knows ids that the model has no row for.
  case vocabularyTooLarge(folder: String, tokenizer: Int, model: Int)
  /// `vocab.txt` has fewer lines than the model has words: a line is missing, and the ids after it are wrong.
  case vocabularyLineMissing(folder: String, lines: Int, model: Int)
  /// The model has no head of that kind.
  case noHead(folder: String, wanted: Head.Kind)
}

/// A model's folder: configuration, tokenizer, weights. Each is read when it is first asked for.
package final class Repository {
  package let folder: URL
  /// What the user called it.
  package let name: String
  package let configuration: EncoderConfiguration
  private let files: RepositoryFiles
  private var openTokenizer: Tokenizer?
  private var openModel: EncoderModel?

  /// - Throws: `FileError`, `ConfigurationError`
  package init(_ folder: URL, name: String) throws {
    self.folder = folder
    self.name = name
    files = RepositoryFiles(folder)
    let config = try files.require(.config)
    configuration = try EncoderConfiguration(json: try FileContents.read(config), file: config.path)
  }

  /// The head that the checkpoint was saved with.
  package var kind: Head.Kind {
    let family = configuration.family
    return family.architectures.first { $0.value == configuration.architecture }?.key ?? .body
  }

  /// - Throws: `TokenizerError`, `RepositoryError`
  package func tokenizer() throws -> Tokenizer {
    if let openTokenizer { return openTokenizer }
    let tokenizer = try Tokenizer(folder: folder)
    try check(tokenizer)
    openTokenizer = tokenizer
    return tokenizer
  }

  /// The model under the head it was saved with. The weights stay mapped from the file.
  /// - Throws: `SafetensorsError`, `WeightMismatch`, `FileError`
  package func model() throws -> EncoderModel {
    if let openModel { return openModel }
    let model = try EncoderModel(configuration, kind, source: try source())
    openModel = model
    return model
  }

  /// The weights, for a model of another kind.
  package func source() throws -> any ParameterSource {
    _ = try files.requireWeights()
    return try Safetensors.open(folder: folder)
  }

  /// The most tokens of one text, special ones included.
  package func maximumTokens() throws -> Int {
    min(configuration.maximumTokens, try tokenizer().modelMaximumLength ?? .max)
  }

  private func check(_ tokenizer: Tokenizer) throws(RepositoryError) {
    let (ours, rows) = (tokenizer.vocabularySize, configuration.vocabularySize)
    guard ours <= rows else { throw .vocabularyTooLarge(folder: folder.path, tokenizer: ours, model: rows) }
    // Tables are padded to multiples of 8 for speed; any other surplus of rows is a line that vocab.txt lost.
    if files[.tokenizer] == nil, ours < rows, !rows.isMultiple(of: 8) {
      throw .vocabularyLineMissing(folder: folder.path, lines: ours, model: rows)
    }
  }
}

extension Repository {
  /// Texts, or pairs of texts, as model input; cut at the model's limit.
  package func encode(_ texts: [(text: String, pair: String?)]) throws -> [Encoding] {
    let tokenizer = try tokenizer()
    let truncation = Truncation(maximumLength: try maximumTokens(), keepsOverflow: false)
    return try texts.map { text, pair throws(TokenizerError) in
      try tokenizer.encode(text, pair: pair, truncation: truncation)
    }
  }

  /// Encodings laid end to end.
  package static func batch(_ encodings: [Encoding]) -> TokenBatch {
    TokenBatch(encodings.map { ($0.ids, $0.typeIDs) })
  }
}
