import ArgumentParser
import Drawing
import Foundation
import Pipelines
import Training

/// `evaluate`: how well a fine-tuned model does on labelled rows.
package struct EvaluateCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a fine-tuned model on labelled rows.",
    discussion: """
      The task is the model's, and without --model the data's: accuracy, precision, recall, F1 and the confusion matrix for classes, and so on, with the \
      surest mistakes.
      """)
  package static let group = CommandGroup.training
  package static let example = "evaluate --data samples/reviews/validation.tsv"
  @Option(help: ArgumentHelp("Labelled rows, as `finetune` reads them.", valueName: "data|file"))
  package var data: String
  @Option(help: "What is measured, where the model does not say.") package var task: TrainingTask?
  @Option(name: .customLong("rows"), help: "Only the first N rows of the data.") package var limit: Int?
  @Option(help: "How many of the surest mistakes to show.") package var mistakes = 3
  @Flag(help: "Plot how often it is right by how sure it is.") package var reliability = false
  @OptionGroup(title: "Reading") package var reading: TaskOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let model: String
    let task: String
    let examples: Int
    let report: TaskReport
    let columns: [(key: String, title: String)]
    let reliability: Bool

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    /// The metrics stand beside the model's name, as Hugging Face's evaluate gives them.
    package func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: Key.self)
      func key(_ name: String) -> Key { Key(stringValue: name) }
      try values.encode(model, forKey: key("model"))
      try values.encode(task, forKey: key("task"))
      try values.encode(examples, forKey: key("examples"))
      for metric in report.metrics.sorted(by: { $0.key < $1.key }) {
        try values.encode(metric.value, forKey: key(metric.key))
      }
      try values.encode(report.loss, forKey: key("loss"))
      try values.encode(report.classes, forKey: key("labels"))
      try values.encodeIfPresent(report.confusion, forKey: key("confusion"))
      try values.encodeIfPresent(report.calibration, forKey: key("calibration"))
      try values.encode(report.mistakes, forKey: key("mistakes"))
      try values.encodeIfPresent(report.samples, forKey: key("samples"))
    }
  }

  package mutating func validate() throws { try RecipeOptions.require("--mistakes", mistakes, in: 0...1000) }

  package func answer(in session: Session) throws -> Answer {
    let file = try session.file(data)
    let options = reading.reading(limit: limit)
    let repository =
      try task.map { try session.taskModel($0.head, common) }
      ?? session.anyTaskModel(common, for: try? TrainingTask.told(by: file, options))
    var reading = reading
    reading.predictWithGenerate = true
    guard let task = task ?? repository.trainedTask ?? repository.task else {
      throw RepositoryError.noHead(folder: repository.name, wanted: .sequenceClassification)
    }
    let rows = try task.read(file, options, reading)
    let data = try rows.data(RowReader(repository, reading, session), repository.configuration.labels)
    let report = try data.report(try repository.model(), mistakes: mistakes) { try Interrupt.check() }
    return Answer(
      model: repository.name, task: task.name, examples: rows.count, report: report,
      columns: task.columns + task.otherColumns,
      reliability: reliability)
  }
}

extension Repository {
  /// The task that a run of ours was trained for; nil for other models.
  var trainedTask: TrainingTask? {
    let file = folder.appendingPathComponent(TrainingRecord.fileName)
    guard let data = try? Data(contentsOf: file) else { return nil }
    return (try? JSONDecoder().decode(TrainingRecord.self, from: data)).flatMap { TrainingTask.named($0.task) }
  }
}
