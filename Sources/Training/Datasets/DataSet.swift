/// The rows of one kind of data file, seen alike: what is shown, counted, compared and written.
package protocol DataSet<Row>: Sendable {
  associatedtype Row: Sendable
  /// The file's path.
  var file: String { get }
  var rows: DataRows<Row> { get }
  /// Labels, or types of named things, with their counts; empty where rows carry none, or numbers.
  var distribution: [(label: String, count: Int)] { get }
  /// What the rows can be written as; the first is the usual one.
  var formats: [DataFormat] { get }
  /// Whether neighbouring rows share the text that they are compared by, as questions share their paragraph.
  static var sharesTexts: Bool { get }

  /// What a row carries: none, one or several.
  func labels(of row: Row) -> [String]
  /// The line on which a row begins, from 1.
  func line(of row: Row) -> Int
  /// What a model reads of a row.
  func sequence(of row: Row) -> (text: String, pair: String?)
  /// The text by which rows are found to be alike.
  func compared(_ row: Row) -> String
  /// Writes rows of one of `formats`.
  func writer(_ format: DataFormat) -> (any RowWriter<Row>)?
}

extension DataSet {
  package static var sharesTexts: Bool { false }
  package func compared(_ row: Row) -> String { sequence(of: row).text }
}

extension LabelledTexts: DataSet {
  package var formats: [DataFormat] {
    kind == .several ? [.jsonl, .csv, .tsv, .plain] : [.csv, .tsv, .jsonl, .plain]
  }

  package var distribution: [(label: String, count: Int)] {
    zip(labelNames, labelCounts).map { (label: $0, count: $1) }
  }

  package func labels(of row: LabelledText) -> [String] { row.labels }
  package func line(of row: LabelledText) -> Int { row.line }
  package func sequence(of row: LabelledText) -> (text: String, pair: String?) { (row.text, row.pair) }
  package func compared(_ row: LabelledText) -> String { row.pair.map { "\(row.text)\n\($0)" } ?? row.text }
}

extension TaggedSentences: DataSet {
  package var formats: [DataFormat] { [.conll, .jsonl, .plain] }

  package var distribution: [(label: String, count: Int)] { zip(types, typeCounts).map { (label: $0, count: $1) } }

  /// The type of each named thing, in the order of the words.
  package func labels(of row: TaggedSentence) -> [String] {
    row.tags.filter { $0.hasPrefix("B-") }.map { String($0.dropFirst(2)) }
  }

  package func line(of row: TaggedSentence) -> Int { row.line }
  package func sequence(of row: TaggedSentence) -> (text: String, pair: String?) { (row.text, nil) }
}

extension Questions: DataSet {
  package static let sharesTexts = true
  package static let answerable = "answer"
  package static let unanswerable = "no answer"
  package var formats: [DataFormat] { [.squad, .jsonl] }

  package var distribution: [(label: String, count: Int)] {
    [(label: Self.answerable, count: count - impossibleCount), (label: Self.unanswerable, count: impossibleCount)]
      .filter { $0.count > 0 }
  }

  package func labels(of row: Question) -> [String] { [row.isImpossible ? Self.unanswerable : Self.answerable] }
  package func line(of row: Question) -> Int { row.line }
  package func sequence(of row: Question) -> (text: String, pair: String?) { (row.text, row.context) }
  package func compared(_ row: Question) -> String { row.context }
}

extension Documents: DataSet {
  package var formats: [DataFormat] { [.plain] }

  package var distribution: [(label: String, count: Int)] { [] }
  package func labels(of row: Document) -> [String] { [] }
  package func line(of row: Document) -> Int { row.line }
  package func sequence(of row: Document) -> (text: String, pair: String?) { (row.text, nil) }
  package func writer(_ format: DataFormat) -> (any RowWriter<Document>)? {
    format == .plain ? PlainWriter(body: \.text) : nil
  }
}
