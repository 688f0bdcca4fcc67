import Training

/// One row as a command answers it: what its kind has.
struct ShownRow: Encodable, Equatable {
  struct Answer: Encodable, Equatable {
    let text: String
    let answer_start: Int
  }

  /// On which it begins, from 1.
  let line: Int
  var text: String?
  var text_pair: String?
  var label: Value?
  var labels: [String]?
  var tokens: [String]?
  var ner_tags: [String]?
  var title: String?
  var question: String?
  var context: String?
  var answers: [Answer]?
  var prompt: String?
  var completion: String?
  var messages: [Turn]?

  struct Turn: Encodable, Equatable {
    let role: String
    let content: String
  }

  init(line: Int) { self.line = line }
}

/// Rows that can be shown.
protocol ShownRows: DataSet {
  func shown(_ row: Row) -> ShownRow
}

extension LabelledTexts: ShownRows {
  func shown(_ row: LabelledText) -> ShownRow {
    var shown = ShownRow(line: row.line)
    shown.text = row.text
    shown.text_pair = row.pair
    switch kind {
    case .single: shown.label = .string(row.label)
    case .number: shown.label = Double(row.label).map { Value(wholeIfPossible: $0) }
    case .several: shown.labels = row.labels
    }
    return shown
  }
}

extension TaggedSentences: ShownRows {
  func shown(_ row: TaggedSentence) -> ShownRow {
    var shown = ShownRow(line: row.line)
    shown.tokens = row.words
    shown.ner_tags = row.tags
    return shown
  }
}

extension Questions: ShownRows {
  func shown(_ row: Question) -> ShownRow {
    var shown = ShownRow(line: row.line)
    shown.title = row.title
    shown.question = row.text
    shown.context = row.context
    shown.answers = row.answers.map { .init(text: $0.text, answer_start: $0.start) }
    return shown
  }
}

extension Documents: ShownRows {
  func shown(_ row: Document) -> ShownRow {
    var shown = ShownRow(line: row.line)
    shown.text = row.text
    return shown
  }
}

extension Writings: ShownRows {
  func shown(_ row: Writing) -> ShownRow {
    var shown = ShownRow(line: row.line)
    shown.text = row.text
    switch row.content {
    case .text: break
    case .answer(let source, let target): (shown.prompt, shown.completion) = (source, target)
    case .chat(let turns): shown.messages = turns.map { .init(role: $0.role, content: $0.content) }
    }
    return shown
  }
}
