import Checkpoints
import Foundation
import Layers
import Models
import Tensors

/// Why a folder is no golden folder. `file` is the one at fault.
package enum GoldenError: Error, Sendable, Equatable {
  case notJSON(file: String)
  case missing(file: String, key: String)
  case unsupportedTask(file: String, task: String, supported: [String])
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])
  /// A mask that is not ones followed by zeros.
  case maskNotAtEnd(file: String)
}

/// A model, inputs, and what the reference implementation computed for them: `config.json`, `model.safetensors`,
/// `golden.safetensors` (`input.*`, `output.*`, `grad.*`) and `golden.json`.
package struct GoldenFolder {
  /// The file's names of the tasks, and the head that each asks for.
  static let tasks: [String: Head.Kind] = [
    "classify": .sequenceClassification, "tag": .tokenClassification, "span": .questionAnswering, "mlm": .maskedWords,
    "clm": .causalWords, "seq2seq": .targetWords,
  ]

  struct Facts: Decodable {
    struct AdamWFacts: Decodable {
      let lr: Float
      let weight_decay: Float
      let clip_norm: Float?
      let schedule: String
      let losses: [Float]
      let grad_norms: [Float]
      let loss_after: Float?
    }

    let task: String
    let loss: Float?
    let adamw: AdamWFacts?
    /// Continuations of the first row, with the prompt or the decoder's start.
    let greedy: [Int32]?
    let beam4: [Int32]?
  }

  let facts: Facts
  let golden: SafetensorsFile
  let goldenName: String
  let configuration: TransformerConfiguration
  let source: any ParameterSource
  let kind: Head.Kind
  /// Rows and columns of the padded input.
  let shape: (sequences: Int, padded: Int)
  let batch: TokenBatch
  let labels: Labels

  /// Opens the folder.
  /// - Throws: `GoldenError`, `ConfigurationError`, and what Checkpoints throws
  package init(_ folder: URL) throws {
    func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
    let factsName = file("golden.json").path
    let factsData = try FileContents.read(file("golden.json"))
    do {
      facts = try JSONDecoder().decode(Facts.self, from: factsData)
    } catch DecodingError.keyNotFound(let key, _) {
      throw GoldenError.missing(file: factsName, key: key.stringValue)
    } catch {
      throw GoldenError.notJSON(file: factsName)
    }
    guard let kind = GoldenFolder.tasks[facts.task] else {
      throw GoldenError.unsupportedTask(
        file: factsName, task: facts.task, supported: GoldenFolder.tasks.keys.sorted())
    }
    self.kind = kind
    configuration = try TransformerConfiguration(
      json: try FileContents.read(file("config.json")), file: file("config.json").path)
    source = try Safetensors.open(folder: folder)
    golden = try SafetensorsFile(file("golden.safetensors"))
    goldenName = file("golden.safetensors").path
    let inputs = GoldenInputs(file: golden, name: goldenName)
    shape = try inputs.shape()
    let lengths = try inputs.lengths(shape)
    batch = try inputs.batch(shape, lengths)
    labels = try inputs.labels(kind, shape, lengths)
  }

  /// A fresh copy of the model, as the folder's checkpoint has it.
  package func model() throws -> TransformerModel { try TransformerModel(configuration, kind, source: source) }
}

/// Reads the padded `input.*` tensors as a ragged batch.
struct GoldenInputs {
  let file: SafetensorsFile
  let name: String

  func shape() throws -> (sequences: Int, padded: Int) {
    guard let entry = file.entries["input.input_ids"] else {
      throw GoldenError.missing(file: name, key: "input.input_ids")
    }
    guard entry.shape.count == 2 else {
      throw GoldenError.wrongShape(file: name, tensor: "input.input_ids", expected: [2, 9], found: entry.shape)
    }
    return (entry.shape[0], entry.shape[1])
  }

  /// How many positions of each row are real.
  func lengths(_ shape: (sequences: Int, padded: Int)) throws -> [Int] {
    guard let mask = try integers("input.attention_mask", [shape.sequences, shape.padded]) else {
      return Array(repeating: shape.padded, count: shape.sequences)
    }
    return try (0..<shape.sequences).map { row in
      let line = mask[row * shape.padded..<(row + 1) * shape.padded]
      let length = line.prefix { $0 == 1 }.count
      guard line.dropFirst(length).allSatisfy({ $0 == 0 }) else { throw GoldenError.maskNotAtEnd(file: name) }
      return length
    }
  }

  func batch(_ shape: (sequences: Int, padded: Int), _ lengths: [Int]) throws -> TokenBatch {
    let full = [shape.sequences, shape.padded]
    guard let ids = try integers("input.input_ids", full) else {
      throw GoldenError.missing(file: name, key: "input.input_ids")
    }
    let types = try integers("input.token_type_ids", full)
    return TokenBatch(
      lengths.enumerated().map { row, length in
        let span = row * shape.padded..<row * shape.padded + length
        return (ids[span].map { Int32(clamping: $0) }, types.map { $0[span].map { Int32(clamping: $0) } })
      })
  }

  func labels(_ kind: Head.Kind, _ shape: (sequences: Int, padded: Int), _ lengths: [Int]) throws -> Labels {
    func required(_ key: String, _ expected: [Int]) throws -> [Int] {
      guard let values = try integers(key, expected) else { throw GoldenError.missing(file: name, key: key) }
      return values
    }
    func real(_ values: [Int]) -> [Int] {
      lengths.enumerated().flatMap { row, length in values[row * shape.padded..<row * shape.padded + length] }
    }
    switch kind {
    case .questionAnswering:
      let starts = try required("input.start_positions", [shape.sequences])
      let ends = try required("input.end_positions", [shape.sequences])
      return .spans(zip(starts, ends).map { Labels.Span(start: $0, end: $1) })
    case .tokenClassification: return .tokens(real(try required("input.labels", [shape.sequences, shape.padded])))
    case .maskedWords: return .words(real(try required("input.labels", [shape.sequences, shape.padded])))
    case .causalWords: return .nextWords(real(try required("input.labels", [shape.sequences, shape.padded])))
    case .targetWords:
      let padded = file.entries["input.labels"]?.shape.last ?? shape.padded
      let values = try required("input.labels", [shape.sequences, padded])
      return .targets(
        (0..<shape.sequences).map { row in
          let line = values[row * padded..<(row + 1) * padded]
          return Array(line[..<(line.lastIndex { $0 != -100 }.map { $0 + 1 } ?? line.startIndex)])
        })
    case .sequenceClassification, .body: return .classes(try required("input.labels", [shape.sequences]))
    }
  }

  private func integers(_ key: String, _ expected: [Int]) throws -> [Int]? {
    guard let entry = file.entries[key] else { return nil }
    guard entry.shape == expected else {
      throw GoldenError.wrongShape(file: name, tensor: key, expected: expected, found: entry.shape)
    }
    return try file.integers(key)
  }
}
