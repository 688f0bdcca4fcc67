import ArgumentParser
import Drawing
import Foundation
import Pipelines
import Training

/// `data stats`: what a file holds, and what is wrong with it.
package struct DataStatsCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Measure a data file: labels, lengths in tokens, duplicates, leakage.",
    discussion: """
      Two texts are the same if their letters and digits are, and nearly the same if they share 70% of their stretches \
      of five letters. --against FILE finds rows that are in that file too: what a model has learned from one, it \
      must not be measured on in the other.
      """)
  package static let group = CommandGroup.data
  package static let example = "data stats samples/reviews/train.tsv --against samples/reviews/validation.tsv"
  @Argument(help: ArgumentHelp("Data file, or the name of imported data.", valueName: "data|file"))
  package var file: String
  @Option(help: ArgumentHelp("Look for rows that this file has too.", valueName: "data|file"))
  package var against: String?
  @OptionGroup(title: "Reading") package var data: DataOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Label: Encodable {
    let label: String
    let count: Int
    let share: Double
  }

  /// Of a regression's targets.
  package struct Numbers: Encodable {
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var mean = 0.0
    var deviation = 0.0
  }

  package struct Bin: Encodable {
    let from: Int
    let to: Int
    let count: Int
  }

  package struct Lengths: Encodable {
    /// Whose tokens they are.
    let model: String
    let mean: Double
    let p50: Int
    let p90: Int
    let p95: Int
    let p99: Int
    let max: Int
    /// The most tokens that training takes of a row.
    let limit: Int
    let longer: Int
    let longer_share: Double
    let histogram: [Bin]
  }

  package struct Answer: CommandAnswer {
    let file: String
    let task: String
    let rows: Int
    let bytes: Int
    /// Of questions.
    let paragraphs: Int?
    /// Of tagged sentences.
    let words: Int?
    let scheme: String?
    let labels: [Label]
    /// The accuracy of always saying the most frequent label.
    let majority_share: Double?
    let numbers: Numbers?
    let tokens: Lengths
    let duplicates: Overlap
    /// The file that was compared with.
    let against: String?
    let leakage: Overlap?
  }

  package func answer(in session: Session) throws -> Answer {
    let open = try data.open(file, in: session)
    let other = try against.map { try data.open($0, in: session) }
    let repository = try session.repository(common)
    let contents = open.rows.contents
    let total = open.rows.count
    func advance(_ label: String) -> (Int) throws -> Void { OpenData.advance(label, of: total, on: session) }
    let texts = contents as? LabelledTexts
    let labels = Self.labels(contents.distribution, rows: total)
    let lengths = try Self.lengths(
      of: contents, repository, limit: try RowReader(repository, data.reading, session).limit(for: open.task),
      advance("tokenizing"))
    return Answer(
      file: open.file.path, task: open.task.name, rows: total,
      bytes: (try? FileManager.default.attributesOfItem(atPath: open.file.path)[.size]) as? Int ?? 0,
      paragraphs: (contents as? Questions)?.paragraphCount, words: (contents as? TaggedSentences)?.wordCount,
      scheme: (contents as? TaggedSentences)?.scheme?.rawValue, labels: labels,
      majority_share: texts?.kind == .single ? labels.map(\.share).max() : nil,
      numbers: try texts.flatMap { try $0.kind == .number ? Self.numbers(of: $0) : nil }, tokens: lengths,
      duplicates: try contents.duplicates(advance: advance("comparing")), against: other?.file.path,
      leakage: try other.map { try Self.leakage(of: contents, $0.rows.contents, advance("comparing")) })
  }

  private static func labels(_ distribution: [(label: String, count: Int)], rows: Int) -> [Label] {
    distribution.map { Label(label: $0.label, count: $0.count, share: Double($0.count) / Double(max(1, rows))) }
  }

  private static func numbers(of texts: LabelledTexts) throws -> Numbers {
    var numbers = Numbers()
    var (sum, squares) = (0.0, 0.0)
    try texts.rows.forEach { _, row in
      let value = Double(row.label) ?? .nan
      numbers.minimum = min(numbers.minimum, value)
      numbers.maximum = max(numbers.maximum, value)
      sum += value
      squares += value * value
    }
    numbers.mean = sum / Double(texts.count)
    numbers.deviation = max(0, squares / Double(texts.count) - numbers.mean * numbers.mean).squareRoot()
    return numbers
  }

  private static func lengths(
    of data: some DataSet, _ repository: Repository, limit: Int, _ advance: (Int) throws -> Void
  ) throws -> Lengths {
    let lengths = try TokenLengths(data, try repository.tokenizer(), advance: advance)
    let longer = lengths.count(above: limit)
    return Lengths(
      model: repository.name, mean: lengths.mean, p50: lengths.percentile(0.5), p90: lengths.percentile(0.9),
      p95: lengths.percentile(0.95), p99: lengths.percentile(0.99), max: lengths.longest, limit: limit,
      longer: longer, longer_share: Double(longer) / Double(max(1, lengths.count)),
      histogram: lengths.bins(10).map { Bin(from: $0.range.lowerBound, to: $0.range.upperBound, count: $0.count) })
  }

  private static func leakage(
    of data: some DataSet, _ other: some DataSet, _ advance: (Int) throws -> Void
  ) throws -> Overlap { try data.overlap(with: other, advance: advance) }
}
