import ArgumentParser
import Drawing
import Foundation

/// Where the texts of a task come from besides the command line, and how many results leave.
package struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "One text a line, or JSON lines with the keys that Hugging Face uses; - is standard input.",
      valueName: "file|-"))
  package var file: String?
  @Flag(help: "Print one JSON object a line, as results come.") package var jsonl = false

  package init() {}

  /// - Throws: `ValidationError` where there is no input, or two kinds of it
  func check(_ common: CommonOptions, texts: [String]) throws {
    if jsonl, common.json { throw ValidationError("--json is one object and --jsonl one a line; choose one of them.") }
    if texts.isEmpty, file == nil { throw ValidationError("Give at least one text, or --file FILE.") }
    if !texts.isEmpty, file != nil { throw ValidationError("Give texts or --file, not both.") }
  }
}

/// One thing to answer: a text, a pair, or a question with its context.
package struct TaskInput: Sendable {
  /// Of the file, from 1; nil for one from the command line.
  package var line: Int?
  /// What the line calls itself, given back unchanged.
  package var id: Value?
  package var text: String
  package var pair: String?
}

/// The keys of a JSON line that a task reads, each by its names.
package struct TaskKeys: Sendable {
  let text: [String]
  let pair: [String]
  /// Whether the second one must be there.
  let needsPair: Bool

  package static let text = TaskKeys(
    text: ["text", "sentence", "inputs"], pair: ["text_pair", "pair"], needsPair: false)
  package static let question = TaskKeys(text: ["question"], pair: ["context"], needsPair: true)
}

/// Reads inputs from lines of text or from JSON lines.
final class TaskReader {
  private let lines: LineReader
  private let keys: TaskKeys
  /// The second text of lines that have none.
  private let sharedPair: String?
  /// Whether lines are objects: the file's name says so, or its first line.
  private var isJSON: Bool?
  /// What is wrong with the line behind those that were handed out last.
  private var fault: (any Error)?

  /// - Parameter file: nil reads standard input
  init(_ file: URL?, _ keys: TaskKeys, sharedPair: String? = nil) throws {
    lines = try LineReader(file)
    self.keys = keys
    self.sharedPair = sharedPair
    let names = ["jsonl", "ndjson", "json"]
    isJSON = file.flatMap { names.contains($0.pathExtension.lowercased()) ? true : nil }
  }

  /// The next inputs, `count` at most; fewer when whoever writes them needs longer. Empty at the end. Blank lines are
  /// none.
  ///
  /// A line that is wrong is told of when those before it have been answered.
  func next(_ count: Int) throws -> [TaskInput] {
    if let fault { throw fault }
    var inputs: [TaskInput] = []
    do {
      while inputs.count < count, let line = try lines.next(waits: inputs.isEmpty) {
        if let input = try input(line) { inputs.append(input) }
      }
    } catch {
      if inputs.isEmpty { throw error }
      fault = error
    }
    return inputs
  }

  private func input(_ line: String) throws -> TaskInput? {
    guard !line.allSatisfy(\.isWhitespace) else { return nil }
    let isJSON = isJSON ?? (line.first == "{" && Value(json: Data(line.utf8)) != nil)
    self.isJSON = isJSON
    return try isJSON ? object(line) : plain(line)
  }

  private func plain(_ line: String) throws -> TaskInput {
    guard !keys.needsPair || sharedPair != nil else {
      throw Failure(
        "A line of plain text is only a question; give its context with --context or --context-file, or JSON lines with "
          + "the keys question and context.", .usage)
    }
    return TaskInput(line: lines.number, id: nil, text: line, pair: sharedPair)
  }

  private func object(_ line: String) throws -> TaskInput {
    guard let value = Value(json: Data(line.utf8)) else { throw lines.fault("is not valid JSON") }
    guard case .object(let members) = value else { throw lines.fault("is JSON, but no object") }
    func text(_ names: [String]) throws -> String? {
      for name in names {
        switch value[name] {
        case nil, .null?: continue
        case .string(let text)?: return text
        case .some: throw lines.fault("has a \(name) that is no text")
        }
      }
      return nil
    }
    let pair = try text(keys.pair) ?? sharedPair
    guard let first = try text(keys.text), pair != nil || !keys.needsPair else {
      let needed = ([keys.text[0]] + (keys.needsPair ? [keys.pair[0]] : [])).joined(separator: " and ")
      let found = members.map { sanitized($0.key) }.joined(separator: ", ")
      throw lines.fault("needs the keys \(needed); it has \(found.isEmpty ? "none" : found)")
    }
    return TaskInput(line: lines.number, id: value["id"], text: first, pair: pair)
  }
}
