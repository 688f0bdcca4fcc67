import Foundation
import Layers

/// peft's `adapter_config.json`.
extension LowRankAdaptation {
  /// What the file says beside the adaptation itself.
  package struct Base: Sendable, Equatable {
    /// `base_model_name_or_path`
    package let name: String?
    /// The head that the task asks for; nil where the file does not tell.
    package let kind: Head.Kind?
  }

  /// peft's names of the tasks, by head.
  ///
  /// Files are read with all of them, and written without that of questions: peft's class for it drops `token_type_ids`
  /// on the way to the model, and without a name its plain class passes them on. The head that such a file brings tells.
  package static let tasks: [Head.Kind: String] = [
    .sequenceClassification: "SEQ_CLS", .tokenClassification: "TOKEN_CLS", .questionAnswering: "QUESTION_ANS",
    .causalWords: "CAUSAL_LM", .targetWords: "SEQ_2_SEQ_LM", .body: "FEATURE_EXTRACTION",
  ]

  /// The task as a file or a `LoraConfig` should have it.
  package static func writtenTask(_ kind: Head.Kind) -> String? { kind == .questionAnswering ? nil : tasks[kind] }

  /// Fields of variants that compute something else; each must be absent, null, false or empty.
  private static let variants = [
    "use_dora", "use_qalora", "use_bdlora", "layers_to_transform", "layer_replication",
    "exclude_modules", "target_parameters", "trainable_token_indices", "alora_invocation_tokens", "arrow_config",
    "kasa_config", "velora_config", "lora_bias",
  ]

  /// - Parameter file: the name that errors carry
  package static func decode(_ json: Data, file: String) throws(ConfigurationError) -> (LowRankAdaptation, Base) {
    let reader = try ConfigurationReader(json, file: file)
    guard try reader.text("peft_type") != nil else { throw .missing(file: file, key: "peft_type") }
    _ = try reader.choice("peft_type", default: "", ["LORA": ()])
    _ = try reader.choice("bias", default: "none", ["none": ()])
    for key in variants {
      switch reader.object[key] {
      case nil, is NSNull: continue
      case let flag as NSNumber where !flag.boolValue: continue
      case let list as [Any] where list.isEmpty: continue
      case let map as [String: Any] where map.isEmpty: continue
      default: throw .unsupported(file: file, key: key, value: "set", supported: ["none"])
      }
    }
    let targets: Targets
    switch reader.object["target_modules"] {
    case let names as [String]: targets = .places(names)
    case "all-linear" as String: targets = .pattern(".*")
    case let pattern as String:
      guard (try? Regex(pattern)) != nil else {
        throw .wrongType(file: file, key: "target_modules", expected: "a list of names or a regular expression")
      }
      targets = .pattern(pattern)
    default: throw .missing(file: file, key: "target_modules")
    }
    let rank = try reader.integer("r", default: 8, in: 1...4096)
    let adaptation = LowRankAdaptation(
      rank: rank, alpha: try reader.number("lora_alpha", default: 8, in: 0...1e6),
      dropoutRate: try reader.number("lora_dropout", default: 0, in: 0...0.99), targets: targets,
      trainedPlaces: reader.object["modules_to_save"] as? [String] ?? [],
      isRankStabilised: try reader.bool("use_rslora", default: false),
      ranks: (reader.object["rank_pattern"] as? [String: Int] ?? [:]).filter { (1...4096).contains($0.value) },
      alphas: (reader.object["alpha_pattern"] as? [String: Double] ?? [:]).mapValues { Float($0) })
    let task = try reader.text("task_type")
    let answers = Set(TransformerFamily.all.flatMap { $0.headPlaces(.questionAnswering) })
    let isOfAnswers = task == nil && adaptation.trainedPlaces.contains(where: answers.contains)
    let kind = tasks.first { $0.value == task }?.key ?? (isOfAnswers ? .questionAnswering : nil)
    return (adaptation, Base(name: try reader.text("base_model_name_or_path"), kind: kind))
  }

  /// The file that peft writes for this adaptation and reads again.
  ///
  /// Where weights are kept as [in, out] (GPT-2), peft wants to be told so; what is added is the same.
  package func encode(base: String, _ kind: Head.Kind, isTransposed: Bool = false) throws -> Data {
    var object: [String: Any] = [
      "peft_type": "LORA", "base_model_name_or_path": base, "r": rank, "lora_alpha": Double(alpha),
      "lora_dropout": (Double("\(dropoutRate)") ?? 0), "bias": "none", "fan_in_fan_out": isTransposed,
      "inference_mode": true,
      "init_lora_weights": true, "use_rslora": isRankStabilised, "use_dora": false, "rank_pattern": ranks,
      "alpha_pattern": alphas.mapValues(Double.init),
      "modules_to_save": trainedPlaces.isEmpty ? NSNull() : trainedPlaces as Any,
      "task_type": LowRankAdaptation.writtenTask(kind).map { $0 as Any } ?? NSNull(),
    ]
    switch targets {
    case .places(let names): object["target_modules"] = names
    case .pattern(let pattern): object["target_modules"] = pattern
    }
    return try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }
}
