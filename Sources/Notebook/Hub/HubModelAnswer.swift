import Checkpoints
import Drawing
import Models

/// What the hub says of a model that is not here: the answer of `info ORG/NAME`.
package struct HubModelAnswer: Encodable {
  let name: String
  let commit: String
  let licence: String?
  let family: String?
  let architecture: String?
  let task: String?
  let parameters: Int?
  let languages: [String]
  let made_from: [String]
  let downloads: Int?
  let likes: Int?
  let gated: Bool
  let changed: String?
  /// Null where only the files tell.
  let runs: Bool?
  /// Why it does not run.
  let reason: String?
  /// What `pull` would fetch.
  let files: [InfoCommand.File]
  let bytes: Int
  /// All files of the repository.
  let all_bytes: Int

  init(_ description: HubDescription) {
    let repository = description.repository
    let running = HubRunning(description)
    let chosen = (try? description.chosen.get()) ?? []
    name = repository.name.text
    commit = repository.commit
    licence = repository.licence
    family = repository.modelType
    architecture = repository.architectures.first
    task = repository.task
    parameters = repository.parameters
    languages = repository.languages
    made_from = repository.bases
    downloads = repository.downloads
    likes = repository.likes
    gated = repository.isGated
    changed = repository.changed
    runs = running.runs
    if case .no(let reason) = running { self.reason = reason } else { reason = nil }
    files = chosen.map { InfoCommand.File(name: $0.path, bytes: $0.bytes) }
    bytes = chosen.reduce(0) { $0 + $1.bytes }
    all_bytes = description.files.reduce(0) { $0 + $1.bytes }
  }

  var drawing: Drawing {
    let list = files.map { "\($0.name) (\(sizeText($0.bytes)))" }.joined(separator: ", ")
    let facts: [(String, String?)] = [
      ("licence", licence ?? "none given"), ("family", family), ("architecture", architecture), ("task", task),
      ("parameters", parameters.map(counted)),
      ("languages", languages.isEmpty ? nil : languages.joined(separator: ", ")),
      ("made from", made_from.isEmpty ? nil : made_from.joined(separator: ", ")),
      ("changed", changed), ("downloads", downloads.map(grouped)), ("likes", likes.map(grouped)),
      ("access", gated ? "gated: accept its terms on the hub, and set HF_TOKEN" : nil),
      ("runs here", runs.map { $0 ? "yes" : "no: \(reason ?? "")" } ?? "its file will tell"),
      ("to fetch", files.isEmpty ? nil : "\(sizeText(bytes)): \(list)"),
    ]
    return .stack([
      .table(
        .init(
          title: name, columns: ["", ""],
          rows: facts.compactMap { key, value in value.map { [.init(key, .faint), .init($0)] } })),
      .words(.init(files.isEmpty ? "It is not here." : "It is not here; `pull \(name)` fetches it.", .faint)),
    ])
  }
}
