import Drawing
import Foundation
import Lessons
import Notebook

/// What the shell asks the other rooms.
extension Session {
  /// Names of a kind and what they are, for Tab.
  func names(of kind: Completion.Kind) -> [Completion.Candidate] {
    switch kind {
    case .model: modelNames().map { .init($0, detail: modelDetail($0)) }
    case .lesson: LessonShelf(resources).entries.map { .init($0.stem, detail: $0.title) }
    case .run:
      folderNames(in: home.runs).map { .init($0, detail: "a run of yours") } + [.init("last", detail: "the newest run")]
    case .data: data.names.map { .init($0, detail: "imported") }
    case .label: modelLabels.map { .init($0) }
    case .variable: variableNames
    }
  }

  private func modelDetail(_ name: String) -> String {
    let isHere = shelf.store.locate(name) != nil
    return [isHere ? "here" : "to pull", shelf.store.entry(name)?.summary].compactMap(\.self).joined(separator: ": ")
  }

  /// What the chosen model can answer, where it is one that classifies.
  private var modelLabels: [String] {
    guard let repository = try? model(settings.model ?? "last") else { return ["NEGATIVE", "POSITIVE"] }
    let labels = repository.configuration.labels
    return labels.isEmpty ? ["NEGATIVE", "POSITIVE"] : labels
  }

  private var variableNames: [Completion.Candidate] {
    kept.map { .init($0.key, detail: String($0.value.line.prefix(60))) }
      + variables.map { .init($0.key, detail: "\($0.value), of the lesson") }
  }

  /// The members of what is kept under a name, for `$x.` and Tab.
  func members(of name: String) -> [Completion.Candidate] {
    guard case .object(let members)? = kept[name]?.value else { return [] }
    return members.map { .init($0.key, detail: String($0.value.json.prefix(60))) }
  }

  /// Shows how far the learner has come and goes on where the lesson was left.
  func greetLearner() { LessonPlayer.of(self).greet(in: self) }

  /// Whether the open lesson waits for nothing but going on.
  var wantsNext: Bool { LessonPlayer.of(self).wantsNext }

  /// What the open lesson wants next, in a few words; nil if none is open.
  var lessonHint: String? { LessonPlayer.of(self).promptHint }

  private func folderNames(in folder: URL) -> [String] { names(in: folder).filter { !$0.hasPrefix(".") } }

  private func names(in folder: URL?) -> [String] {
    folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
  }
}
