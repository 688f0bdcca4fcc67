import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Models
import Pipelines
import Tensors

/// `quantize`: a model with fewer bits a weight, and what that costs.
package struct QuantizeCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Write a model with fewer bits a weight as a GGUF file, and measure what it costs.",
    discussion: """
      The file holds configuration and tokenizer too: it is a model here (--model FILE.gguf) and in llama.cpp. The map \
      to words keeps at least 6 bits, norms all 32; of K types, rows that are no multiple of 256 take the nearest other \
      type. An adapter is merged first.
      """)
  package static let group = CommandGroup.models
  package static let example = "quantize smollm2 --to q4_0 --out smollm2-q4_0.gguf"
  package static let needs = ["pull smollm2 --yes"]
  @Argument(help: "A model's name, folder or GGUF file, or a run.") package var named: String
  @Option(help: ArgumentHelp("f32, f16, bf16, q8_0, q6_k, q5_k, q5_1, q5_0, q4_k, q4_1 or q4_0.", valueName: "type"))
  package var to: String
  @Option(help: "The file to write.") package var out: String
  @Option(help: "Text whose perplexity is measured; without it, sentences that ship.") package var text: String?
  @Flag(help: "Write the file and measure nothing.") package var withoutMeasuring = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard GGUFTensorType.named(to) != nil else {
      throw ValidationError("--to is one of \(GGUFTensorType.writable.joined(separator: ", ")), not \(sanitized(to)).")
    }
    guard out.lowercased().hasSuffix(".gguf") else {
      throw ValidationError("--out ends in .gguf, so that it is known.")
    }
  }

  /// What a model is and does.
  package struct Row: Encodable {
    let model: String
    /// Bytes of its weights on the disk.
    let bytes: Int
    let tokens_per_second: Double?
    let perplexity: Double?
  }

  package struct Answer: CommandAnswer {
    let model: String
    let output: String
    let type: String
    let before: Row
    let after: Row
  }

  package func answer(in session: Session) throws -> Answer {
    guard let type = GGUFTensorType.named(to) else { throw Failure("There is no type \(sanitized(to)).", .usage) }
    let repository = try session.model(named)
    let place = URL(fileURLWithPath: out).standardizedFileURL
    let words = withoutMeasuring ? nil : try measuredText(session)
    guard place.resolvingSymlinksInPath() != repository.folder.resolvingSymlinksInPath() else {
      throw Failure("--out is the model itself; name another file.", .usage)
    }
    try repository.writeGGUF(type, to: place)
    let before = try row(repository, named, repository.weightBytes, words)
    session.shelf.close(place)
    let written = try Repository(place, name: place.lastPathComponent)
    let after = try row(written, place.lastPathComponent, written.weightBytes, words)
    return Answer(model: named, output: place.path, type: type.name.lowercased(), before: before, after: after)
  }

  private func measuredText(_ session: Session) throws -> String {
    let file = try session.file(text ?? "samples/texts/sentences.txt")
    return String(decoding: try FileContents.read(file), as: UTF8.self)
  }

  private func row(_ repository: Repository, _ name: String, _ bytes: Int, _ words: String?) throws -> Row {
    guard let words else { return Row(model: name, bytes: bytes, tokens_per_second: nil, perplexity: nil) }
    try Interrupt.check()
    let perplexity = try repository.score(words).perplexity
    var settings = GenerationSettings()
    settings.maximumNewTokens = 48
    settings.minimumNewTokens = 48
    let start = String(words.prefix(40))
    _ = try repository.write([start], settings)
    let clock = ContinuousClock.now
    let written = try repository.write([start], settings).first?.first?.tokens.count ?? 0
    return Row(
      model: name, bytes: bytes, tokens_per_second: Double(written) / max(1e-9, (ContinuousClock.now - clock).seconds),
      perplexity: perplexity)
  }
}

extension QuantizeCommand.Answer {
  package var drawing: Drawing? {
    var columns: [Drawing.Table.Column] = ["model", .number("size")]
    let isMeasured = after.perplexity != nil
    if isMeasured { columns += [.number("tokens/s"), .number("perplexity")] }
    return .stack([
      .table(
        .init(
          columns: columns,
          rows: [before, after].map { row in
            [.init(row.model), .init(sizeText(row.bytes))]
              + (isMeasured
                ? [
                  .init(row.tokens_per_second.map { measured(number($0, digits: 1)) } ?? "-"),
                  .init(row.perplexity.map { number($0, digits: 2) } ?? "-"),
                ] : [])
          })),
      .words(.init("Written to \(output)", .faint)),
    ])
  }
}
