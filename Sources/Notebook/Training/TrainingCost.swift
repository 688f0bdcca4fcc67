import Models
import Tensors

/// What training costs by arithmetic: operations a token, and what that comes to on this machine and on larger runs.
struct TrainingCost {
  /// Multiplications and additions of the products of one token, there and back.
  let perToken: Double
  /// What the machine reaches in products alone, operations a second.
  let peak: Double

  init(_ configuration: TransformerConfiguration, _ objective: PretrainCommand.Objective, length: Int) {
    perToken = Self.perToken(configuration, objective, length: length, isWhole: false)
    peak = SampleProduct.rate()
  }

  /// Forward, and back to inputs and to weights: three times the products of a forward trip.
  /// - Parameter isWhole: as others compute it, each block for all tokens
  private static func perToken(
    _ configuration: TransformerConfiguration, _ objective: PretrainCommand.Objective, length: Int, isWhole: Bool
  ) -> Double {
    let scored = objective == .masked ? 0.15 : 1
    let head = scored * configuration.wordOperations(objective.task.head)
    return 3 * (configuration.blockOperations(length: length, asked: isWhole ? 1 : scored) + head)
  }

  /// The share of the peak that a rate of tokens a second makes use of.
  func share(_ tokensPerSecond: Double) -> Double { tokensPerSecond * perToken / peak }

  /// BERT-base as it was pre-trained (Devlin et al. 2019, A.2): 3.3 billion words, in a million steps of 256 sequences
  /// of 512 tokens, most of them of 128.
  struct AtScale: Encodable {
    let model = "bert-base"
    let words = 3.3e9
    let tokens: Double
    let operations: Double
    /// At the rate that this run reached.
    let days_here: Double
    /// On one graphics card of `gpu_operations_per_second`.
    let gpu_hours: Double
    let gpu_operations_per_second = TrainingCost.gpuRate
  }

  /// What one large card keeps up in half precision: an A100 at about 40% of its 312 TFLOP/s.
  static let gpuRate = 1.25e14

  func atScale(_ tokensPerSecond: Double) -> AtScale? {
    guard tokensPerSecond > 0, let bert = Self.bertBase else { return nil }
    // Nine tenths of the steps were of 128 tokens, the rest of 512.
    let sequences = 256e6
    let parts: [(length: Int, steps: Double)] = [(128, 0.9), (512, 0.1)]
    var (tokens, operations, ours) = (0.0, 0.0, 0.0)
    for part in parts {
      let count = part.steps * sequences * Double(part.length)
      tokens += count
      operations += count * Self.perToken(bert, .masked, length: part.length, isWhole: true)
      ours += count * Self.perToken(bert, .masked, length: part.length, isWhole: false)
    }
    return AtScale(
      tokens: tokens, operations: operations, days_here: ours / (tokensPerSecond * perToken) / 86_400,
      gpu_hours: operations / Self.gpuRate / 3600)
  }

  private static let bertBase: TransformerConfiguration? = TransformerSize.named("base").flatMap { size in
    try? TransformerConfiguration(
      size, .bert, .maskedWords, vocabularySize: 30_522, tokens: ["pad_token_id": 0], name: "bert-base")
  }
}
