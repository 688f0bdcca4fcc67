import ArgumentParser
import Drawing
import Foundation
import Training

/// How the data commands read a file.
package struct DataOptions: ParsableArguments {
  @Option(help: "What the rows are for, where the file does not tell.") package var task: TrainingTask?
  @OptionGroup package var reading: TaskOptions

  package init() {}

  /// Reads a file: a path, a sample, or the name of imported data.
  /// - Throws: `Failure` where neither the file nor an option tells what it holds, and what reading throws
  func open(_ name: String, in session: Session) throws -> OpenData {
    let file = try session.file(name)
    let options = reading.reading()
    guard let task = try task ?? TrainingTask.told(by: file, options) else {
      throw Failure(
        "\(file.path): neither its name nor its rows tell what it holds; say it with --task \(TrainingTask.names.joined(separator: ", ")).",
        .malformed)
    }
    return OpenData(name: name, file: file, task: task, rows: try task.read(file, options, reading))
  }
}

/// A data file whose rows were read once.
struct OpenData {
  /// As the user called it.
  let name: String
  let file: URL
  let task: TrainingTask
  let rows: any TaskRows

  /// What to do after every few hundred rows: stop where that is wished, else show how far it is.
  static func advance(_ label: String, of total: Int, on session: Session) -> (Int) throws -> Void {
    { done in
      try Interrupt.check()
      guard total > 20_000 else { return }
      session.screen.live(.progress(.init(label: label, done: done, total: total, unit: .count("rows"))))
    }
  }
}

extension TrainingTask {
  private static let byKind: [DataKind: TrainingTask] = [
    .texts(.single): .sentiment, .texts(.several): .topics, .texts(.number): .ratings, .sentences: .entities,
    .questions: .answers, .documents: .fill, .writings: .generate,
  ]

  /// The task that a file's rows are for; nil where neither its name nor its first rows say it.
  static func told(by file: URL, _ options: ReadingOptions = ReadingOptions()) throws -> TrainingTask? {
    try DataKind.told(by: file, options).flatMap { byKind[$0] }
  }
}
