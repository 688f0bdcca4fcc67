import Checkpoints
import Drawing
import Foundation
import Models
import Pipelines
import Tensors

/// The models of this machine, and the one or two that are open.
package final class ModelShelf {
  package let store: ModelStore
  private let environment: [String: String]
  private var open: [Repository] = []
  private static let mostOpen = 2

  /// What could not be fetched in this sitting, which need not be tried again in every lesson.
  private var unreachable: [String: String] = [:]

  /// - Parameter shipped: the folder of the models that came with attune
  package init(environment: [String: String], shipped: URL? = nil) {
    self.environment = environment
    store = ModelStore(environment: environment, shipped: shipped)
  }

  /// The models that answer where nobody names one, the best first; the last comes with attune.
  package static let usualEncoders = ["minilm", "pocket-bert"]
  package static let usualWriters = ["smollm2", "pocket-gpt"]

  /// The model that answers where nobody names one.
  package var usualEncoder: String { usual(ModelShelf.usualEncoders) }
  /// The model that writes where nobody names one.
  package var usualWriter: String { usual(ModelShelf.usualWriters) }

  /// The first that is here; the first of all where none is, so that what is told is how to get that one.
  private func usual(_ names: [String]) -> String { names.first { store.locate($0) != nil } ?? names[0] }

  /// Threads of the engine; nil for as many as there are cores.
  package var threads: Int? {
    didSet { Threads.count = threads ?? Threads.available }
  }

  /// The model of that name or folder, opened once.
  /// - Throws: `Failure` with status 69 when it is not on this machine, and what opening it throws
  package func repository(_ name: String) throws -> Repository {
    guard let folder = store.locate(name) else { throw absent(name) }
    return try repository(folder, name: name)
  }

  /// The model in a folder, under the name that it is shown by.
  package func repository(_ folder: URL, name: String) throws -> Repository {
    if let found = open.first(where: { $0.name == name && $0.folder == folder }) { return found }
    let repository = try Repository(folder, name: name) { base in
      guard let folder = store.locate(base) else { throw absent(base) }
      return folder
    }
    open.append(repository)
    if open.count > ModelShelf.mostOpen { open.removeFirst() }
    return repository
  }

  /// What others call a model: its repository on the hub where it has one, its name where it comes with attune, else
  /// its folder.
  package func publicName(_ repository: Repository) -> String {
    let entry = store.entry(repository.name)
    if let entry, entry.ships { return entry.name }
    return entry?.hubRepository ?? (repository.name.contains("/") ? repository.name : repository.folder.path)
  }

  /// Closes what was read from a folder, because the folder has changed.
  package func close(_ folder: URL) {
    let path = folder.resolvingSymlinksInPath().path
    open.removeAll { $0.folder.resolvingSymlinksInPath().path == path }
  }

  /// Lets go of what other models hold, and of the weights of this one, so that a training has the memory for itself.
  package func makeRoom(for repository: Repository) {
    open.removeAll { $0 !== repository }
    repository.closeModel()
  }

  /// The first of these models that is here or can be fetched.
  /// - Parameter progress: told how far a fetch has come
  /// - Throws: `Failure` with status 69 that names them all
  package func obtain(_ names: [String], progress: (PullProgress) -> Void = { _ in }) throws -> String {
    for name in names {
      if store.locate(name) != nil { return name }
      guard store.entry(name) != nil, unreachable[name] == nil else { continue }
      do {
        _ = try store.pull(name, progress: progress, isCancelled: { Interrupt.shouldStop })
        return name
      } catch {
        try Interrupt.check()
        unreachable[name] = Failure(error).sentence
      }
    }
    let reasons = names.compactMap { unreachable[$0] }
    let list = names.joined(separator: ", ")
    throw Failure(
      reasons.isEmpty
        ? "This needs one of the models \(list), and none of them is here or in the catalogue; `models` lists both."
        : "This needs one of the models \(list), and none could be fetched. \(reasons.joined(separator: " "))",
      .modelAbsent)
  }

  private func absent(_ name: String) -> Failure {
    if name.contains("/") || name.hasPrefix(".") || name.hasPrefix("~") {
      return name.hasPrefix("/") || name.hasPrefix(".") || name.hasPrefix("~")
        ? Failure("There is no folder \(name); give the folder of a saved model.", .fileMissing)
        : Failure(
          "The model \(sanitized(name)) is neither in the Hugging Face cache nor a folder here; `pull \(sanitized(name))` fetches it from the hub.",
          .modelAbsent)
    }
    if let entry = store.entry(name) {
      if entry.ships { return Failure(PullError.notShipped(name: name)) }
      return Failure(
        "The model \(name) is not on this machine yet; `pull \(name)` fetches it (\(bytes(entry.bytes)), \(entry.licence)).",
        .modelAbsent)
    }
    let near = Nearest.match(name, among: store.catalogue.map(\.name)).map { "did you mean `\($0)`?" }
    return Failure(
      "There is no model '\(sanitized(name))'; \(near ?? "`models` lists the names, and a folder works too.")",
      .modelAbsent)
  }
}

extension Session {
  /// The model that is used where a command names none.
  package var modelName: String { settings.model ?? shelf.usualEncoder }

  /// The model of a command: the one it names, the session's, or the usual encoder.
  package func repository(_ common: CommonOptions, named name: String? = nil) throws -> Repository {
    try model(name ?? common.model ?? modelName)
  }

  /// A model by its name, its folder, or the number of a run; `last` is the newest run, `last-1` the one before.
  package func model(_ name: String) throws -> Repository {
    guard Runs.isName(name) else {
      // A folder among what ships, as files are found, where there is none of that name here.
      let isHere = FileManager.default.fileExists(atPath: name)
      if name.contains("/"), !isHere, let shipped = resources.find(name), shipped.hasDirectoryPath {
        return try shelf.repository(shipped, name: name)
      }
      return try shelf.repository(name)
    }
    let folder = try Runs(home).find(name)
    return try shelf.repository(folder, name: "run \(folder.lastPathComponent)")
  }

  /// Names that `--model` takes: the catalogue's, then other models of the cache.
  package func modelNames() -> [String] {
    let catalogue = shelf.store.catalogue.map(\.name)
    return catalogue + shelf.store.installed().map(\.name).filter { !catalogue.contains($0) }
  }

  /// A file a command was given: from the working folder, else among what ships, else imported data by its name,
  /// else rows of the hub.
  /// - Throws: `Failure` with status 66
  package func file(_ path: String) throws -> URL {
    let expanded = path.hasPrefix("~/") ? (environment["HOME"] ?? "~") + path.dropFirst() : path
    guard let url = try resources.find(expanded) ?? data.find(path) ?? DataPull.file(path, in: self) else {
      throw Failure(
        "There is no file \(sanitized(path)); check the path and the working folder, or `data list`.", .fileMissing)
    }
    return url
  }
}
