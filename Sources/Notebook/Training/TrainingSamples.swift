import Checkpoints
import Drawing
import Foundation
import Training

/// What a model made of one text while it learned, an entry for each evaluation.
package struct TrainingSamples: Codable, Sendable, Equatable {
  package static let fileName = "samples.json"

  package struct Sample: Codable, Sendable, Equatable {
    let step: Int
    /// Seen until then.
    let tokens: Int
    let text: String
  }

  private(set) var samples: [Sample] = []
  /// What was asked.
  var prompt = ""

  mutating func add(_ text: String, _ state: TrainerState) {
    samples.append(Sample(step: state.step, tokens: state.tokens ?? 0, text: text))
  }

  func write(_ folder: URL) throws(FileError) {
    guard let data = try? JSONEncoder().encode(self) else { return }
    try AtomicFile.write(data, to: folder.appendingPathComponent(Self.fileName))
  }

  /// Takes up those of a run to the step that it goes on from; none where the file is missing.
  mutating func takeUp(_ folder: URL, upTo step: Int) {
    let file = folder.appendingPathComponent(Self.fileName)
    guard let saved = try? JSONDecoder().decode(Self.self, from: FileContents.read(file)) else { return }
    samples = saved.samples.filter { $0.step <= step }
  }

  /// The newest, in one line.
  var newest: Drawing {
    samples.last.map { .words(.init("\(counted($0.tokens)) tokens: ", .faint), .init($0.text)) } ?? .stack([])
  }

  /// All of them, at most so many, the first and the last among them.
  func drawing(atMost count: Int = 6) -> Drawing {
    guard !samples.isEmpty else { return .stack([]) }
    let shown = min(count, samples.count)
    let places = (0..<shown).map { shown == 1 ? samples.count - 1 : $0 * (samples.count - 1) / (shown - 1) }
    return .table(
      .init(
        columns: [.number("tokens seen"), .init(prompt)],
        rows: places.map { [.init(counted(samples[$0].tokens)), .init(samples[$0].text)] }))
  }
}
