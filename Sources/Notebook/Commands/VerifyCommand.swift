import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Tokenizers
import Training

/// `verify`: ours beside the reference implementation.
package struct VerifyCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare the engine with what the reference implementation computed.",
    discussion: """
      A golden folder holds config.json, model.safetensors, golden.safetensors (input.*, output.*, grad.*) and \
      golden.json. Only real positions are compared. With --tokenizer and --golden a tokenizer is compared instead.
      """)
  package static let group = CommandGroup.session
  package static let example = "verify samples/golden/bert-sequence-classification"
  @Argument(help: "Golden folders.") package var folders: [String] = []
  @Option(help: "A tokenizer.json, .model, .gguf, or the folder of a model.") package var tokenizer: String?
  @Option(help: "A golden.jsonl for the tokenizer.") package var golden: String?
  @Flag(name: .customLong("failures"), help: "Show only rows that fail.") package var failuresOnly = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if (tokenizer == nil) != (golden == nil) { throw ValidationError("--tokenizer and --golden go together.") }
    if folders.isEmpty, tokenizer == nil {
      throw ValidationError("Give a golden folder, or --tokenizer and --golden.")
    }
  }

  package struct Folder: Encodable {
    let folder: String
    let rows: [GoldenRow]
    let passed: Bool
  }

  package struct TokenizerResult: Encodable {
    struct Difference: Encodable {
      let line: Int
      let field: String
      let expected: String
      let found: String
      let text: String
    }

    let tokenizer: String
    let cases: Int
    let mismatches: Int
    let first: Difference?
    let passed: Bool
  }

  package struct Answer: CommandAnswer {
    let passed: Bool
    let folders: [Folder]
    let tokenizer: TokenizerResult?
    let failuresOnly: Bool
    package var status: ExitStatus { passed ? .passed : .failed }

    enum CodingKeys: String, CodingKey { case passed, folders, tokenizer }
  }

  package func answer(in session: Session) throws -> Answer {
    let folders = try folders.map { path in
      let rows = try GoldenFolder(try session.file(path)).check { try Interrupt.check() }
      return Folder(folder: path, rows: rows, passed: rows.allSatisfy(\.passed))
    }
    let tokenizer = try tokenizer.flatMap { path in try golden.map { try check(path, $0, session) } }
    return Answer(
      passed: folders.allSatisfy(\.passed) && tokenizer?.passed ?? true, folders: folders, tokenizer: tokenizer,
      failuresOnly: failuresOnly)
  }

  private func check(_ path: String, _ golden: String, _ session: Session) throws -> TokenizerResult {
    let place = try session.file(path)
    let tokenizer = try session.tokenizer(at: place)
    let file = try session.file(golden)
    let result = try TokenizerVerification(tokenizer, golden: try FileContents.read(file), name: file.path)
    let first = result.firstDifference.map {
      TokenizerResult.Difference(
        line: $0.line, field: $0.field, expected: $0.expected, found: $0.found, text: $0.text)
    }
    return TokenizerResult(
      tokenizer: path, cases: result.cases, mismatches: result.mismatches, first: first, passed: result.mismatches == 0)
  }
}
