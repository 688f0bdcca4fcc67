import Checkpoints
import Foundation
import Layers
import Models
import Tensors
import Tokenizers

/// Why a model cannot be written as a GGUF file.
package enum QuantizingError: Error, Sendable, Equatable {
  /// llama.cpp's format has no place here for that family.
  case family(model: String, family: String, known: [String])
  /// The model does not continue texts.
  case head(model: String)
  /// Rotary positions that are stretched in a way that is not written yet.
  case positions(model: String)
}

extension Repository {
  /// Writes the model, an adapter's addition merged into it, as a GGUF file that llama.cpp reads.
  /// - Throws: `QuantizingError`, `TokenizerError`, `FileError`
  package func writeGGUF(_ type: GGUFTensorType, to url: URL) throws {
    let family = configuration.family.modelType
    guard GGUFWriter.knownFamilies.contains(family) else {
      throw QuantizingError.family(model: name, family: family, known: GGUFWriter.knownFamilies)
    }
    guard kind == .causalWords else { throw QuantizingError.head(model: name) }
    let model = try model()
    let config = (try? JSONSerialization.jsonObject(with: configuration.json)) as? [String: Any] ?? [:]
    let metadata = try metadata(config, type)
    let merged = Dictionary(uniqueKeysWithValues: model.adapted.map { ($0.weight.name, $0) })
    let parts = model.parameters.filter { !$0.name.contains(".lora_") }.map { parameter in
      GGUFWriter.ModelPart(parameter.name, parameter.shape) {
        merged[parameter.name].map { .dense($0.merged) } ?? parameter.storage
      }
    }
    let hasOutput = model.parameters.contains { $0.name == "lm_head.weight" }
    try GGUFWriter.write(
      GGUFWriter.items(parts, config: config, tiesWords: !hasOutput, type), metadata: metadata, to: url)
  }

  /// What the file says beside its tensors: as a GGUF file said it before, else out of `config.json` and tokenizer.
  private func metadata(_ config: [String: Any], _ type: GGUFTensorType) throws -> [(key: String, value: GGUFValue)] {
    if let source = try ggufSource() {
      return source.file.keys.compactMap { key in
        key == "general.file_type"
          ? (key, .uint32(type.fileType)) : source.file.metadata[key].map { (key, $0) }
      }
    }
    guard configuration.rotary.map({ $0.variant == .plain }) ?? true else {
      throw QuantizingError.positions(model: name)
    }
    let vocabulary = try GGUFVocabulary(try tokenizer(), rows: configuration.vocabularySize)
    return GGUFWriter.metadata(config: config, name: name, type).map { (key: $0.0, value: $0.1) } + vocabulary.metadata
  }
}

extension Repository {
  /// Bytes of the weights on the disk, of an adapter with its base's.
  package var weightBytes: Int { files.weightBytes + (base?.weightBytes ?? 0) }
}

extension RepositoryFiles {
  /// Bytes of the weights in the folder.
  fileprivate var weightBytes: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let shards = names.filter { $0.hasSuffix(".safetensors") }.map { folder.appendingPathComponent($0) }
    let files = gguf.map { [$0] } ?? shards
    return files.reduce(0) { sum, file in
      sum + (((try? FileManager.default.attributesOfItem(atPath: file.path)[.size]) as? Int) ?? 0)
    }
  }
}

extension GGUFVocabulary {
  /// The keys `tokenizer.ggml.*` and `tokenizer.chat_template`.
  var metadata: [(key: String, value: GGUFValue)] {
    var pairs: [(String, GGUFValue)] = [("model", .text(model))]
    if let pre { pairs.append(("pre", .text(pre))) }
    pairs.append(("tokens", .texts((0..<tokens.count).compactMap(tokens.text))))
    pairs.append(("token_type", .int32s(kinds)))
    pairs.append(("merges", .texts((0..<merges.count).compactMap(merges.text))))
    for (key, place) in GGUFVocabulary.ids {
      if let id = self[keyPath: place] { pairs.append((key, .uint32(UInt32(clamping: id)))) }
    }
    if let addsBeginning { pairs.append(("add_bos_token", .bool(addsBeginning))) }
    if let addsEnd, addsEnd { pairs.append(("add_eos_token", .bool(addsEnd))) }
    return pairs.map { (key: "tokenizer.ggml." + $0.0, value: $0.1) }
      + (chatTemplate.map { [(key: "tokenizer.chat_template", value: .text($0))] } ?? [])
  }
}
