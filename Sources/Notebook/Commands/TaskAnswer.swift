import Drawing
import Foundation
import Pipelines

/// What one input became: a line of `--jsonl`, and a picture.
package protocol TaskRow: Encodable {
  var drawing: Drawing { get }
}

/// The answer of a task: all results as one value, or the word that they have been shown already.
package enum TaskAnswer<Whole: CommandAnswer>: CommandAnswer {
  case whole(Whole)
  case streamed(Streamed)

  package func encode(to encoder: any Swift.Encoder) throws {
    switch self {
    case .whole(let answer): try answer.encode(to: encoder)
    case .streamed(let summary): try summary.encode(to: encoder)
    }
  }

  package var drawing: Drawing? {
    switch self {
    case .whole(let answer): answer.drawing
    case .streamed(let summary): summary.drawing
    }
  }
}

/// Results that left one by one.
package struct Streamed: Encodable {
  package let model: String
  package let results: Int
  package let seconds: Double
  let isSilent: Bool

  enum CodingKeys: String, CodingKey { case model, results, seconds }

  var drawing: Drawing? {
    isSilent
      ? nil : .words(.init("\(counted(results, "result")) from \(model) in \(duration(seconds: seconds)).", .faint))
  }
}

extension Session {
  /// Says that words without quotes are texts of their own, where somebody seems to have meant one sentence.
  package func noteLooseWords(_ texts: [String]) {
    guard texts.count > 2, texts.allSatisfy({ !$0.contains(where: \.isWhitespace) }) else { return }
    screen.notice("Each of these \(texts.count) words is a text of its own; a sentence stands in quotes.")
  }

  /// Says that texts were longer than the model reads, where any were.
  func note(cut count: Int, advice: String = "") {
    guard count > 0 else { return }
    let texts = count == 1 ? "A text was" : "\(count) texts were"
    screen.notice(
      "\(texts) longer than the model reads at once, and the rest was left out\(advice.isEmpty ? "" : "; " + advice).")
  }

  /// How many inputs are answered together: enough to sort by length, few enough to wait for.
  private static let chunk = 64

  /// The same of readings, which say whether a text was cut.
  /// - Parameter advice: how the rest of a text is read
  func answer<Row: TaskRow, Whole: CommandAnswer>(
    _ texts: [TaskInput], _ options: InputOptions, _ common: CommonOptions, _ keys: TaskKeys, model: String,
    advice: String = "", readings: ([TaskInput]) throws -> [Reading<Row>], whole: ([Row]) throws -> Whole
  ) throws -> TaskAnswer<Whole> {
    var cut = 0
    defer { note(cut: cut, advice: advice) }
    return try answer(
      texts, options, common, keys, model: model,
      rows: { inputs in
        let found = try readings(inputs)
        cut += found.count { $0.isCut }
        return found.map(\.content)
      }, whole: whole)
  }

  /// Answers the texts of the command line in one value, and those of a file as they come, in bounded memory; `--json`
  /// collects a file's results, too.
  func answer<Row: TaskRow, Whole: CommandAnswer>(
    _ texts: [TaskInput], _ options: InputOptions, _ common: CommonOptions, _ keys: TaskKeys, sharedPair: String? = nil,
    model: String, rows: ([TaskInput]) throws -> [Row], whole: ([Row]) throws -> Whole
  ) throws -> TaskAnswer<Whole> {
    noteLooseWords(texts.map(\.text))
    guard options.file != nil || options.jsonl else { return .whole(try whole(try rows(texts))) }
    if options.file == "-", announce != nil {
      throw Failure("--file - reads what is piped to attune, and here its prompt reads the keys; name a file.", .usage)
    }
    let reader = try options.file.map { try TaskReader($0 == "-" ? nil : file($0), keys, sharedPair: sharedPair) }
    var given = texts
    func next() throws -> [TaskInput] {
      if let reader { return try reader.next(Session.chunk) }
      defer { given = [] }
      return given
    }
    var collected: [Row] = []
    var count = 0
    let start = ContinuousClock.now
    while true {
      let inputs = try next()
      guard !inputs.isEmpty else { break }
      try Interrupt.check()
      for row in try rows(inputs) {
        count += 1
        if common.json {
          collected.append(row)
        } else if options.jsonl {
          screen.show([try Value(encoding: row).json])
        } else {
          screen.show(row.drawing.lines(screen.style))
        }
      }
    }
    guard count > 0 else {
      throw Failure("\(sanitized(options.file ?? "")) has no texts; it needs one a line.", .malformed)
    }
    if common.json { return .whole(try whole(collected)) }
    let seconds = (ContinuousClock.now - start).seconds
    return .streamed(Streamed(model: model, results: count, seconds: seconds, isSilent: options.jsonl))
  }
}
