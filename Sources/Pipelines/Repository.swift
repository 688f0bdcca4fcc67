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

/// A model's folder: configuration, tokenizer, weights. Each is read when it is first asked for. A folder may hold an
/// adapter instead of weights: then the base that it names is opened beneath it. A GGUF file stands for a folder.
package final class Repository {
  package let folder: URL
  /// What the user called it.
  package let name: String
  package let configuration: TransformerConfiguration
  /// The head that the checkpoint was saved with.
  package let kind: Head.Kind
  /// Set where the folder holds an adapter.
  package let adaptation: LowRankAdaptation?
  /// What others call the model whose weights these are: the name in an adapter's file, else the folder.
  package let baseName: String
  let files: RepositoryFiles
  let base: RepositoryFiles?
  /// Weights that were opened because the configuration lies among them.
  private var described: (any DescribedSource)?
  private var openTokenizer: Tokenizer?
  private var openModel: TransformerModel?
  /// Whether the open model's products are 8-bit arithmetic.
  private var roundsToBytes = false

  /// - Parameter locate: finds the folder of the base that an adapter names
  /// - Throws: `FileError`, `ConfigurationError`, and what `locate` throws
  package init(
    _ folder: URL, name: String, base locate: (String) throws -> URL = { URL(fileURLWithPath: $0) }
  ) throws {
    self.folder = folder
    self.name = name
    files = RepositoryFiles(folder)
    guard files.isAdapter else {
      (adaptation, base, baseName) = (nil, nil, folder.path)
      (configuration, described) = try Repository.configuration(files)
      kind = configuration.kind
      return
    }
    let file = try files.require(.adapterConfig)
    let (adaptation, adapted) = try LowRankAdaptation.decode(try FileContents.read(file), file: file.path)
    guard let baseName = adapted.name else {
      throw ConfigurationError.missing(file: file.path, key: "base_model_name_or_path")
    }
    self.adaptation = adaptation
    self.baseName = baseName
    let base = RepositoryFiles(try locate(baseName))
    self.base = base
    // attune writes the adapted model's config.json beside an adapter, for its labels; peft does not.
    let isDescribed = files[.config] != nil
    var (configuration, described) = try Repository.configuration(isDescribed ? files : base)
    kind = adapted.kind ?? configuration.kind
    if !isDescribed, let classes = try Repository.classes(files, kind, configuration) {
      configuration.labels = (0..<classes).map { "LABEL_\($0)" }
    }
    self.configuration = configuration
    self.described = described
  }

  /// From `config.json`, or from weights that hold the same.
  private static func configuration(
    _ files: RepositoryFiles
  ) throws -> (TransformerConfiguration, (any DescribedSource)?) {
    if files[.config] == nil || !files.hasWeights, !files.isAdapter, let described = try files.openDescribed() {
      let configuration = try TransformerConfiguration(json: try described.configuration(), file: described.url.path)
      return (configuration, described)
    }
    let file = try files.require(.config)
    return (try TransformerConfiguration(json: try FileContents.read(file), file: file.path), nil)
  }

  /// The most classes of a head, as in a configuration.
  private static let mostClasses = 100_000

  /// How many classes the head in an adapter's file has; nil where it brings no head.
  private static func classes(
    _ files: RepositoryFiles, _ kind: Head.Kind, _ configuration: TransformerConfiguration
  ) throws -> Int? {
    guard let place = configuration.family.outputPlace(kind), kind != .questionAnswering else { return nil }
    let adapter = try files.openAdapter()
    let shape = adapter.entries.first { $0.key.hasSuffix("\(place).weight") }?.value.shape ?? []
    return shape.count == 2 && shape[1] == configuration.width && shape[0] <= mostClasses ? shape[0] : nil
  }

  /// From the folder's own files, else from those of the base, or from the GGUF file that the weights lie in.
  /// - Throws: `TokenizerError`, `GGUFError`, `RepositoryError`
  package func tokenizer() throws -> Tokenizer {
    if let openTokenizer { return openTokenizer }
    let hasOwn = files.hasTokenizer
    let tokenizer =
      if !hasOwn, let model = try ggufSource() {
        try Tokenizer(gguf: model.file)
      } else {
        try Tokenizer(folder: hasOwn ? folder : base?.folder ?? folder)
      }
    try check(tokenizer)
    openTokenizer = tokenizer
    return tokenizer
  }

  /// The tokenizer of what a pair writes, where it is another than that of what it reads.
  /// - Throws: `TokenizerError`
  package func targetTokenizer() throws -> Tokenizer? {
    kind == .targetWords ? try Tokenizer.ofTarget(in: files.hasTokenizer ? folder : base?.folder ?? folder) : nil
  }

  /// The model under the head it was saved with. The weights stay mapped from the file.
  /// - Throws: `SafetensorsError`, `WeightMismatch`, `FileError`
  package func model() throws -> TransformerModel {
    if let openModel { return openModel }
    let model = try TransformerModel(configuration, kind, source: try source(), adaptation: adaptation)
    if let file = (base ?? files).shortlist {
      model.shortlist = try LexicalShortlist(file, words: configuration.vocabularySize).candidates
    }
    model.settle()
    openModel = model
    return model
  }

  /// The GGUF file that the weights lie in, or the base's.
  func ggufSource() throws -> GGUFModel? { (try described ?? base?.openDescribed()) as? GGUFModel }

  /// Whether products are 8-bit arithmetic: inputs are rounded too, by the factors that a Marian file holds.
  /// - Throws: `WritingError.noByteArithmetic` for another model, `MarianError`
  package func setByteArithmetic(_ isOn: Bool) throws {
    guard isOn != roundsToBytes else { return }
    let model = try model()
    if isOn {
      guard let marian = described as? MarianModel else { throw WritingError.noByteArithmetic(model: name) }
      model.settle(try marian.roundings())
    } else {
      model.settle()
    }
    roundsToBytes = isOn
  }

  /// Lets go of the model; `model` opens it again.
  package func closeModel() {
    openModel = nil
    roundsToBytes = false
  }

  /// The weights, for a model of another kind.
  package func source() throws -> any ParameterSource {
    guard let base else { return try described ?? files.openWeights() }
    return AdapterSource(
      base: try described ?? base.openWeights(),
      adapter: try files.openAdapter())
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

extension Repository {
  /// What the folder says about how to write, for a folder that is made of this one.
  package var generationFiles: [(name: String, data: Data)] {
    let file = files[.generationConfig] ?? base?[.generationConfig]
    guard kind == .causalWords || kind == .targetWords, let file, let data = try? Data(contentsOf: file) else {
      return []
    }
    return [(RepositoryFile.generationConfig.rawValue, data)]
  }
}
