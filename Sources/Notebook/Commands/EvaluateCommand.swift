import ArgumentParser
import Drawing
import Models
import Pipelines
import Training

/// `evaluate`: how well a classifier does on labelled texts.
package struct EvaluateCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a classifier on labelled texts.",
    discussion: "Accuracy, precision, recall, F1 and the confusion matrix, with the surest mistakes.")
  package static let group = CommandGroup.training
  package static let example = "evaluate --data samples/reviews/validation.tsv"
  @Option(help: "Labelled texts: .tsv, .csv or .jsonl with the columns text and label.") package var data: String
  @Option(help: "How many of the surest mistakes to show.") package var mistakes = 3
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Mistake: Encodable {
    let text: String
    let line: Int
    let label: String
    let predicted: String
    let score: Double
  }

  package struct Answer: CommandAnswer {
    let model: String
    let examples: Int
    let accuracy: Double
    let f1: Double
    let loss: Float
    let metrics: ClassificationMetrics
    let mistakes: [Mistake]
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.classifier(common)
    guard repository.kind == .sequenceClassification else {
      throw RepositoryError.noHead(folder: repository.name, wanted: .sequenceClassification)
    }
    let texts = try LabelledTexts.read(try session.file(data))
    let labels = repository.configuration.labels
    let examples = try repository.examples(texts, labels)
    let evaluation = try Evaluation(try repository.model(), examples) { try Interrupt.check() }
    let expected = examples.compactMap(\.label)
    let metrics = ClassificationMetrics(
      expected: expected, predicted: evaluation.predictions, labels: labels)
    let wrong = zip(evaluation.predictions, evaluation.logits).enumerated().compactMap { row, result -> Mistake? in
      guard result.0 != expected[row] else { return nil }
      return Mistake(
        text: texts.rows[row].text, line: texts.rows[row].line, label: labels[expected[row]],
        predicted: labels[result.0], score: probabilities(result.1)[result.0])
    }
    return Answer(
      model: repository.name, examples: examples.count, accuracy: metrics.accuracy, f1: metrics.f1,
      loss: evaluation.loss, metrics: metrics,
      mistakes: Array(wrong.sorted { $0.score > $1.score }.prefix(max(0, mistakes))))
  }
}
