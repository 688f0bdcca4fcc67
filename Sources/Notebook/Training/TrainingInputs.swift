import Checkpoints
import Foundation
import Layers
import Models
import Pipelines
import Training

/// What a fine-tuning begins with: its base, its rows as examples, its recipe.
struct TrainingInputs {
  let options: FinetuneCommand
  let base: Repository
  let labels: [String]
  let recipe: Recipe
  let training: any TaskData
  let validation: any TaskData
  /// The most tokens of a sequence.
  let limit: Int
  private let seed: UInt64
  private let rows: any TaskRows
  /// nil where part of `rows` is held out.
  private let otherRows: (any TaskRows)?
  private let split: Split?

  var task: TrainingTask { options.task }

  /// - Throws: `Failure`, and what reading throws
  init(
    _ options: FinetuneCommand, model: String, data: URL, validation file: URL?, seed: UInt64, _ session: Session
  ) throws {
    self.options = options
    self.seed = seed
    base = try session.model(model)
    session.shelf.makeRoom(for: base)
    let task = options.task
    rows = try task.read(data, options.reading.reading(limit: options.rows), options.reading)
    labels = try rows.labelsForTraining()
    let reader = RowReader(base, options.reading, session)
    limit = try reader.limit(for: task)
    let all = try rows.data(reader, labels)
    if let file {
      let other = try task.read(file, options.reading.reading(), options.reading)
      (otherRows, split) = (other, nil)
      training = all
      validation = try other.data(reader, labels)
    } else {
      // Of a very large file more rows would not measure better, only longer.
      let share = min(0.1, 20_000 / Double(rows.count))
      let split = try rows.split(heldOut: share, seed: seed)
      guard !split.training.isEmpty, !split.heldOut.isEmpty else {
        throw Failure(
          "\(data.path) has \(rows.count) rows, too few to hold some back for the evaluation; "
            + "add rows, or give others with --validation.", .malformed)
      }
      (otherRows, self.split) = (nil, split)
      (training, validation) = (all.selecting(split.training), all.selecting(split.heldOut))
    }
    recipe = options.recipe.recipe(learningRate: options.method.learningRate, metric: task.bestMetric, seed: seed)
  }

  /// The model before its first step.
  /// - Throws: `Failure` where nothing of it can be trained
  func model() throws -> TransformerModel {
    var configuration = base.configuration
    let isSameTask = base.kind == task.head && (labels.isEmpty || configuration.labels == labels)
    if !labels.isEmpty { configuration.labels = labels }
    configuration.problemType = task.problem
    if let rate = options.recipe.dropout { try configuration.setDropout(rate) }
    let source = try options.method.start(base, &configuration)
    let model = try TransformerModel(
      configuration, task.head, source: source, freshOutput: !isSameTask,
      adaptation: options.method.adaptation(
        configuration, trained: TrainingInputs.freshPlaces(configuration, task.head, source)),
      seed: seed)
    if !options.method.lora, !options.method.freezeBody, model.parameters.contains(where: \.isQuantized) {
      throw Failure(
        "The weights of \(base.name) are quantised, and training leaves such weights as they are; --lora trains an addition to them.",
        .usage)
    }
    try options.method.freeze(model)
    return model
  }

  /// Places trained whole beside an adaptation: the head, and whatever else the base does not have.
  private static func freshPlaces(
    _ configuration: TransformerConfiguration, _ head: Head.Kind, _ source: (any ParameterSource)?
  ) -> [String] {
    let family = configuration.family
    let pooler = family.poolerPlace.flatMap { place in
      // A bare body spells it without its prefix.
      let weight = place.dropFirst(family.prefix.count + 1) + ".weight"
      return source?.entries.keys.contains { $0.hasSuffix(weight) } == false && head == .sequenceClassification
        ? place : nil
    }
    return family.headPlaces(head) + (pooler.map { [$0] } ?? [])
  }

  /// Writes the rows as JSON lines, those to train on and those to measure on.
  func writeRows(training: URL, validation: URL) throws {
    guard let split else {
      try rows.contents.write(.jsonl, to: training)
      return try otherRows?.contents.write(.jsonl, to: validation) ?? ()
    }
    try rows.contents.write(.jsonl, to: training)
    // The writer puts a row on a line.
    let lines = String(decoding: try FileContents.read(training), as: UTF8.self).split(separator: "\n")
    func write(_ rows: RowSet, to file: URL) throws {
      let chosen = rows.compactMap { $0 < lines.count ? lines[$0] + "\n" : nil }.joined()
      try AtomicFile.write(Data(chosen.utf8), to: file)
    }
    try write(split.training, to: training)
    try write(split.heldOut, to: validation)
  }
}
