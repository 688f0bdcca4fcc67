import Foundation
import Notebook

/// What the cells of a lesson gave once: JSON Lines, one object a cell, beside the lesson as NAME.recorded.jsonl.
package struct Recording: Sendable {
  package struct Entry: Sendable {
    var source: String
    var parameters: Value
    /// The seed and the models of the lesson; null in what an older version recorded.
    var setting: Value
    var status: ExitStatus
    var output: [String]
    var value: Value?
    var message: String?
    var seconds: Double
    var isSkipped: Bool
  }

  let file: String
  /// By the place of the cell among all.
  let entries: [Int: Entry]

  /// The file that belongs to a lesson.
  package static func file(for lesson: String) -> String {
    let stem = lesson.hasSuffix(".md") ? String(lesson.dropLast(3)) : lesson
    return stem + ".recorded.jsonl"
  }

  package init(file: String) throws(LessonError) {
    guard let data = FileManager.default.contents(atPath: file) else { throw .noRecording(file: file) }
    var entries: [Int: Entry] = [:]
    for (number, line) in data.split(separator: 10).enumerated() {
      guard let object = Value(json: Data(line)), case .integer(let index)? = object["cell"], let entry = Entry(object)
      else { throw .malformedRecording(file: file, line: number + 1) }
      entries[index] = entry
    }
    self.file = file
    self.entries = entries
  }

  /// What was recorded for a cell.
  /// - Throws: `LessonError` with status 75 when the cell or the parameters are not those of then
  func outcome(
    of cell: LessonCell, index: Int, parameters: [String: String], header: LessonHeader? = nil
  ) throws(LessonError) -> CellOutcome {
    guard let entry = entries[index] else { throw .notRecorded(cell.place, recording: file) }
    let isOfThisSetting = entry.setting == .null || header.map { entry.setting == Recording.setting($0) } ?? true
    guard isOfThisSetting, entry.source == cell.text, entry.parameters == Recording.value(parameters) else {
      throw .staleRecording(cell.place, recording: file)
    }
    var outcome = CellOutcome(cell, index: index)
    outcome.status = entry.status
    outcome.output = entry.output
    outcome.value = entry.value
    outcome.message = entry.message
    outcome.seconds = entry.seconds
    outcome.isSkipped = entry.isSkipped
    return outcome
  }

  /// What the output depends on besides the cells and the parameters.
  static func setting(_ header: LessonHeader) -> Value {
    .object([
      ("seed", header.seed.map { .integer(Int(clamping: $0)) } ?? .null),
      ("models", .array(header.models.map(Value.string))),
    ])
  }

  static func value(_ parameters: [String: String]) -> Value {
    .object(parameters.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
  }
}

extension Recording.Entry {
  init?(_ object: Value) {
    guard case .string(let source)? = object["source"], case .integer(let number)? = object["status"],
      let code = Int32(exactly: number), let status = ExitStatus(rawValue: code),
      case .array(let lines)? = object["output"]
    else { return nil }
    self.source = source
    self.status = status
    parameters = object["parameters"] ?? .object([])
    setting = object["setting"] ?? .null
    output = lines.compactMap { if case .string(let line) = $0 { line } else { nil } }
    value = object["value"].flatMap { $0 == .null ? nil : $0 }
    if case .string(let text)? = object["message"] { message = text } else { message = nil }
    isSkipped = object["skipped"] == .bool(true)
    switch object["seconds"] {
    case .number(let time)?: seconds = time
    case .integer(let time)?: seconds = Double(time)
    default: seconds = 0
    }
  }
}

extension LessonReport {
  /// JSON Lines, one object a cell in the order they ran: what `--replay` reads.
  package var jsonLines: String {
    outcomes.map { $0.value(lesson, parameters).json + "\n" }.joined()
  }
}

extension CellOutcome {
  func value(_ lesson: Lesson, _ parameters: [String: String]) -> Value {
    .object([
      ("lesson", .string(lesson.header.id)), ("cell", .integer(index)), ("id", cell.id.map(Value.string) ?? .null),
      ("file", .string(cell.place.file)), ("line", .integer(cell.place.line)), ("source", .string(cell.text)),
      ("parameters", Recording.value(parameters)), ("setting", Recording.setting(lesson.header)),
      ("skipped", .bool(isSkipped)),
      ("status", .integer(Int(status.rawValue))), ("output", .array(output.map(Value.string))),
      ("value", value ?? .null), ("message", message.map(Value.string) ?? .null), ("seconds", .number(seconds)),
      ("failures", .array(failures.map { .string($0.lines.joined(separator: "\n")) })),
    ])
  }
}
