import Checkpoints
import Foundation
import Models
import Tensors

/// A moment of a run on the disk: a folder that loads as a model and from which the run goes on bit for bit.
package enum TrainingCheckpoint {
  package static let prefix = "checkpoint-"

  /// Writes `checkpoint-STEP` into `folder`, whole or not at all.
  /// - Throws: `FileError`
  package static func write(_ trainer: Trainer, _ company: ModelFolder.Company, in folder: URL) throws {
    let place = folder.appendingPathComponent("\(prefix)\(trainer.state.step)")
    let state = try JSONEncoder().encode(trainer.state)
    try ModelFolder.write(trainer.model, company, to: place) { staging in
      try SafetensorsWriter.write(
        trainer.optimizer.items, to: staging.appendingPathComponent(TrainerState.optimizerName))
      try AtomicFile.write(state, to: staging.appendingPathComponent(TrainerState.fileName))
    }
  }

  /// Steps of the checkpoints in a folder, in order.
  package static func steps(in folder: URL) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.compactMap { $0.hasPrefix(prefix) ? Int($0.dropFirst(prefix.count)) : nil }.sorted()
  }

  package static func place(_ step: Int, in folder: URL) -> URL { folder.appendingPathComponent("\(prefix)\(step)") }

  /// Brings weights, moments and state of a checkpoint into a trainer that was made for the same run.
  /// - Throws: `TrainingError.damagedCheckpoint`, and what reading throws
  package static func restore(_ trainer: Trainer, from place: URL) throws {
    let data = try FileContents.read(place.appendingPathComponent(TrainerState.fileName))
    guard let state = try? JSONDecoder().decode(TrainerState.self, from: data), state.isSound,
      state.step <= trainer.totalSteps, state.consumed <= trainer.examples.count
    else { throw TrainingError.damagedCheckpoint(folder: place.path) }
    try restoreWeights(trainer.model, from: place)
    try trainer.optimizer.restore(from: SafetensorsFile(place.appendingPathComponent(TrainerState.optimizerName)))
    guard (0...trainer.totalSteps).contains(trainer.optimizer.steps) else {
      throw TrainingError.damagedCheckpoint(folder: place.path)
    }
    trainer.resume(state)
  }

  /// Brings the trained weights of a checkpoint into a model of the same shape; frozen ones never change.
  package static func restoreWeights(_ model: TransformerModel, from place: URL) throws {
    let isAdapter = model.adaptation != nil
    let file = isAdapter ? RepositoryFile.adapterWeights : .weights
    let saved = try SafetensorsFile(place.appendingPathComponent(file.rawValue))
    for parameter in model.parameters where parameter.isTrained {
      let values = try saved.values((isAdapter ? AdapterSource.prefix : "") + parameter.name)
      guard values.count == parameter.count else { throw TrainingError.damagedCheckpoint(folder: place.path) }
      parameter.value.base.update(from: values.base, count: parameter.count)
    }
  }
}
