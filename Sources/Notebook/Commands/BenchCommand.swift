import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Layers
import Models
import Pipelines
import Tensors
import Tokenizers
import Training

/// `bench`: what this machine can do, and what share of it the engine reaches.
package struct BenchCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure products, forward, training step and tokenization on this machine.",
    discussion: """
      Every figure is a median of several runs. The share says how much of the product rate just measured (or of the \
      rate of reading memory, for tokenization) a piece of work reaches.
      """)
  package static let group = CommandGroup.session
  package static let example = "bench --seconds 1"
  @Option(help: "About how long each measurement takes.") package var seconds = 2.0
  @Option(help: "Text file for the tokenizer; without it, a generated English text.") package var text: String?
  @Option(help: "Only forward, step or tokens; the product rate is always measured.") package var only: Part?
  @Option(help: "A tokenizer.json, .model, .gguf or folder to measure in place of the model's.")
  package var tokenizer: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package enum Part: String, CaseIterable, ExpressibleByArgument, Sendable { case forward, step, tokens }

  package mutating func validate() throws {
    guard (0.01...120).contains(seconds) else { throw ValidationError("--seconds is 0.01 to 120, not \(seconds).") }
  }

  package struct Row: Encodable {
    let what: String
    let value: Double
    let unit: String
    /// Of the measured limit, 0 to 1; nil for the limits themselves.
    let share: Double?
  }

  package struct Answer: CommandAnswer {
    let model: String
    let threads: Int
    let blas: String
    /// The largest relative difference between the library's product and a plain one.
    let blas_error: Double
    let blas_correct: Bool
    let results: [Row]
    package var status: ExitStatus { blas_correct ? .passed : .failed }
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.repository(common)
    let bench = Bench(repository, seconds: seconds, screen: session.screen)
    let error = Bench.productError()
    var rows = try bench.products()
    let rate = (rows.last?.value ?? 1) * 1e9
    for part in only.map({ [$0] }) ?? Part.allCases {
      switch part {
      case .forward: rows += try bench.forward(rate)
      case .step: rows += try bench.trainingStep(rate)
      case .tokens:
        let tokenizer = try tokenizer.map { try session.tokenizer(at: try session.file($0)) } ?? repository.tokenizer()
        rows += try bench.tokenization(tokenizer, try text.map { try words(of: try session.file($0)) })
      }
    }
    return Answer(
      model: repository.name, threads: Threads.count, blas: Products.library, blas_error: error,
      blas_correct: error < 1e-4, results: rows)
  }
}

extension BenchCommand {
  private func words(of file: URL) throws -> String {
    String(decoding: try FileContents.read(file), as: UTF8.self)
  }
}

/// The measurements of `bench`.
struct Bench {
  let repository: Repository
  let seconds: Double
  let screen: any Screen

  init(_ repository: Repository, seconds: Double, screen: any Screen) {
    self.repository = repository
    self.seconds = seconds
    self.screen = screen
  }

  /// The median time of one run, in seconds; at least three runs after one that does not count.
  private func median(_ what: String, _ work: () throws -> Void) throws -> Double {
    screen.live(.plain("measuring \(what)"))
    try work()
    var times: [Double] = []
    let start = ContinuousClock.now
    while times.count < 3 || (ContinuousClock.now - start).seconds < seconds {
      try Interrupt.check()
      let before = ContinuousClock.now
      try work()
      times.append((ContinuousClock.now - before).seconds)
    }
    return times.sorted()[times.count / 2]
  }

  /// Rows of GFLOP/s, one thread and all.
  func products() throws -> [BenchCommand.Row] {
    let product = SampleProduct()
    let all = Threads.count
    defer { Threads.count = all }
    return try Set([1, all]).sorted().map { threads in
      Threads.count = threads
      let time = try median("products") { product.compute() }
      let rate = product.operations / time / 1e9
      return .init(
        what: "product \(product.name), \(threads) thread\(threads == 1 ? "" : "s")", value: rate,
        unit: "GFLOP/s",
        share: nil)
    }
  }

  func forward(_ rate: Double) throws -> [BenchCommand.Row] {
    let model = try repository.model()
    return try [(1, 16), (1, 128), (32, 128)].map { sequences, tokens in
      let batch = batch(sequences, tokens)
      let time = try median("forward") {
        _ = model.hidden(batch, Pass(boundaries: batch.boundaries, watcher: Watcher([.attentions])))
      }
      return .init(
        what: "forward with attentions, \(sequences) x \(tokens) tokens", value: time * 1000, unit: "ms",
        share: work(sequences, tokens) / time / rate)
    }
  }

  /// Steps of a full and of a low-rank fine-tuning (rank 8 on every linear map of the blocks).
  func trainingStep(_ rate: Double) throws -> [BenchCommand.Row] {
    var configuration = repository.configuration
    configuration.labels = ["NEGATIVE", "POSITIVE"]
    let lora = LowRankAdaptation(
      rank: 8, targets: .places(configuration.family.linearPlaces),
      trainedPlaces: configuration.family.headPlaces(.sequenceClassification))
    let batch = batch(16, 128)
    let labels = Labels.classes((0..<16).map { $0 % 2 })
    // Forward and back through every product, and for the weights of a full step once more.
    return try [("AdamW step", nil, 3.0), ("LoRA step", lora, 2.0)].map { name, adaptation, trips in
      let model = try TransformerModel(
        configuration, .sequenceClassification, source: try repository.source(), freshOutput: true,
        adaptation: adaptation)
      let stepper = TrainingStep(model, AdamW(model.parameters, .init()))
      let dropout = DropoutGenerator(seed: 1)
      let time = try median("training step") {
        _ = stepper.take([(batch, labels)], learningRate: 2e-5, dropout: dropout)
      }
      return .init(
        what: "\(name), 16 x 128 tokens", value: time * 1000, unit: "ms",
        share: trips * work(16, 128, asked: 1) / time / rate)
    }
  }

  /// MB/s over the lines of a text, ids and offsets, on one thread and on all.
  func tokenization(_ tokenizer: Tokenizer, _ text: String?) throws -> [BenchCommand.Row] {
    let lines = (text ?? Bench.sampleText()).split(separator: "\n").map(String.init)
    let count = Double(lines.reduce(0) { $0 + $1.utf8.count + 1 })
    let bytes = Array(repeating: UInt8(1), count: 1 << 26)
    var sum = 0
    let reading = try median("memory") {
      bytes.withUnsafeBytes { raw in
        raw.withMemoryRebound(to: Int.self) { words in for word in words { sum &+= word } }
      }
    }
    let memoryRate = Double(bytes.count) / reading
    let all = Threads.count
    defer { Threads.count = all }
    let rows = try Set([1, all]).sorted().map { threads in
      Threads.count = threads
      let time = try median("tokenization") {
        parallel(lines.count, chunk: 256) { range in for index in range { _ = try? tokenizer.encode(lines[index]) } }
      }
      return BenchCommand.Row(
        what: "tokenization, \(threads) thread\(threads == 1 ? "" : "s")", value: count / time / 1e6, unit: "MB/s",
        share: count / time / memoryRate)
    }
    let memory = BenchCommand.Row(
      what: "reading memory, 1 thread", value: memoryRate / 1e9, unit: sum == .min ? "" : "GB/s", share: nil)
    return [memory] + rows
  }

  /// Multiplications and additions of a forward trip's products.
  /// - Parameter asked: tokens of each sequence that a head looks at; nil: all
  private func work(_ sequences: Int, _ tokens: Int, asked: Int? = nil) -> Double {
    let share = asked.map { Double($0) / Double(tokens) } ?? 1
    return Double(sequences * tokens) * repository.configuration.blockOperations(length: tokens, asked: share)
  }

  private func batch(_ sequences: Int, _ tokens: Int) -> TokenBatch {
    var generator = Generator(seed: 1)
    let vocabulary = Int32(clamping: repository.configuration.vocabularySize)
    let length = min(tokens, repository.configuration.maximumTokens)
    return TokenBatch(
      (0..<sequences).map { _ in
        ((0..<length).map { _ in Int32.random(in: vocabulary / 16..<vocabulary, using: &generator) }, nil)
      })
  }

  /// Some old builds of OpenBLAS compute wrongly on processors that came after them: one product is done by hand. Its
  /// first factor is given in both forms, since the transposed one is always left to the library.
  static func productError() -> Double {
    let (rows, out, inner) = (67, 83, 129)
    var generator = Generator(seed: 3)
    let a = (0..<rows * inner).map { _ in generator.normal(deviation: 1) }
    let turned = (0..<inner * rows).map { a[$0 % rows * inner + $0 / rows] }
    let b = (0..<out * inner).map { _ in generator.normal(deviation: 1) }
    let results = [(a, Products.Form.plain, inner), (turned, .transposed, rows)].map { a, form, stride in
      let c = Tensor([rows, out], [Float](repeating: 0, count: rows * out))
      Products.multiply(a, form, stride, b, .transposed, inner, c.pointer, out, rows, out, inner)
      return c.values
    }
    var (worst, largest) = (0.0, 0.0)
    for row in 0..<rows {
      for column in 0..<out {
        let sum = (0..<inner).reduce(0.0) { $0 + Double(a[row * inner + $1]) * Double(b[column * inner + $1]) }
        for result in results { worst = max(worst, abs(sum - Double(result[row * out + column]))) }
        largest = max(largest, abs(sum))
      }
    }
    return worst / largest
  }

  /// About a megabyte of sentences.
  private static func sampleText() -> String {
    let words = [
      "the", "people", "of", "a", "town", "were", "walking", "towards", "an", "unremarkable", "station", "while",
      "heavy", "rain", "fell", "on", "their", "umbrellas", "and", "newspapers", "she", "said", "transformers",
    ]
    var generator = Generator(seed: 2)
    let lines = (0..<12_000).map { _ in
      (0..<15).map { _ in words[Int.random(in: words.indices, using: &generator)] }.joined(separator: " ") + "."
    }
    return lines.joined(separator: "\n")
  }
}
