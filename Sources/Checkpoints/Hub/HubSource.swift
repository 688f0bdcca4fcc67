import Foundation

/// A model's files from a server that speaks the Hugging Face hub's paths, into the cache's own layout.
struct HubSource {
  /// The hub, unless `HF_ENDPOINT` names another.
  static let endpoint = "https://huggingface.co"
  static let attempts = 4

  /// What the server says of a file before it is fetched.
  private struct Remote {
    let file: CatalogueFile
    let url: URL
    /// The blob's name: the content's SHA-256 for large files.
    let tag: String
    let commit: String
    let bytes: Int
  }

  private let job: PullJob
  private let base: URL
  /// On the hub, and its folder in the cache.
  private let identifier: String
  private let repository: URL

  static func bring(_ job: PullJob) throws {
    guard let identifier = job.entry.hubRepository else { return }
    try HubSource(job, identifier).bring()
  }

  private init(_ job: PullJob, _ identifier: String) throws {
    let environment = job.store.environment
    if let value = environment["HF_HUB_OFFLINE"], ["1", "true", "yes", "on"].contains(value.lowercased()) {
      throw PullFailure.offline(variable: "HF_HUB_OFFLINE")
    }
    let text = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.endpoint
    guard let base = URL(string: text), let scheme = base.scheme, ["http", "https"].contains(scheme),
      base.host != nil, let repository = job.store.cache.repository(identifier)
    else { throw PullFailure.badEndpoint(text) }
    self.job = job
    self.base = base
    self.identifier = identifier
    self.repository = repository
  }

  private func bring() throws {
    var remotes: [Remote] = []
    for file in job.entry.hubFiles {
      try job.stopIfCancelled()
      remotes.append(try inquire(file, revision: remotes.first?.commit ?? "main"))
    }
    let blobs = repository.appendingPathComponent("blobs")
    try AtomicFolder.makeFolder(blobs)
    let total = remotes.reduce(0) { $0 + $1.bytes }
    try job.reserve(total - FileTree.bytes(blobs), in: blobs)
    var done = 0
    for remote in remotes {
      try fetch(remote, to: blobs, done: done, total: total)
      done += remote.bytes
    }
    guard let commit = remotes.first?.commit else { return }
    try link(remotes, commit)
  }

  private func inquire(_ file: CatalogueFile, revision: String) throws -> Remote {
    let url = base.appendingPathComponent("\(identifier)/resolve/\(revision)/\(file.name)")
    let answer = try HTTPTransfer.head(url, isCancelled: job.isCancelled)
    func header(_ names: String...) throws -> String {
      for name in names {
        if let value = answer.headers[name] { return value }
      }
      throw PullFailure.badAnswer(url: url.absoluteString, header: names[0])
    }
    let tag = try header("x-linked-etag", "etag").replacingOccurrences(of: "W/", with: "")
      .trimmingCharacters(in: CharacterSet(charactersIn: "\""))
    let commit = try header("x-repo-commit")
    let bytes = try Int(header("x-linked-size", "content-length")) ?? -1
    guard HubCache.isSafeName(tag[...]) else {
      throw PullFailure.badAnswer(url: url.absoluteString, header: "etag")
    }
    guard HubCache.isSafeName(commit[...]) else {
      throw PullFailure.badAnswer(url: url.absoluteString, header: "x-repo-commit")
    }
    guard bytes >= 0 else { throw PullFailure.badAnswer(url: url.absoluteString, header: "content-length") }
    if file.isPinnedOnHub, bytes != file.bytes {
      throw PullFailure.sizeMismatch(file: file.name, expected: file.bytes, found: bytes)
    }
    return Remote(file: file, url: url, tag: tag, commit: commit, bytes: bytes)
  }

  /// Brings one blob, taking up an unfinished one where it ended.
  private func fetch(_ remote: Remote, to blobs: URL, done: Int, total: Int) throws {
    let blob = blobs.appendingPathComponent(remote.tag)
    if FileTree.bytes(blob) == remote.bytes, FileManager.default.fileExists(atPath: blob.path) { return }
    let unfinished = blobs.appendingPathComponent(remote.tag + ".incomplete")
    var failure: PullFailure?
    for attempt in 0..<Self.attempts {
      if attempt > 0 { Thread.sleep(forTimeInterval: job.store.retryPause * Double(attempt)) }
      do {
        try HTTPTransfer.download(remote.url, to: unfinished, bytes: remote.bytes, job.isCancelled) {
          received in
          job.report(.hub, .downloading, done + received, of: total)
        }
        failure = nil
        break
      } catch let caught as PullFailure {
        guard caught.isWorthAnotherTry else { throw caught }
        failure = caught
      }
    }
    if let failure { throw failure }
    try verify(unfinished, remote)
    guard rename(unfinished.path, blob.path) == 0 else {
      throw FileError.cannotWrite(path: blob.path, code: errno)
    }
  }

  /// Holds a finished blob against its pinned hash and against its own name; a wrong one is taken away.
  private func verify(_ blob: URL, _ remote: Remote) throws {
    var done = 0
    let found = try SHA256.hex(of: blob) { count in
      try job.stopIfCancelled()
      done += count
      job.report(.hub, .verifying, done, of: remote.bytes)
    }
    let isHash = remote.tag.utf8.count == 64 && remote.tag.allSatisfy(\.isHexDigit)
    let expected = remote.file.isPinnedOnHub ? remote.file.sha256 : isHash ? remote.tag.lowercased() : found
    guard expected == found else {
      unlink(blob.path)
      throw PullFailure.hashMismatch(file: remote.file.name, expected: expected, found: found)
    }
  }

  /// Names the blobs in a snapshot, and only then the snapshot in `refs/main`.
  private func link(_ remotes: [Remote], _ commit: String) throws {
    let snapshot = repository.appendingPathComponent("snapshots/\(commit)")
    try AtomicFolder.makeFolder(snapshot)
    try AtomicFolder.makeFolder(repository.appendingPathComponent("refs"))
    for remote in remotes {
      let place = snapshot.appendingPathComponent(remote.file.name)
      let fresh = Staging.place(beside: place)
      guard symlink("../../blobs/\(remote.tag)", fresh.path) == 0, rename(fresh.path, place.path) == 0 else {
        let code = errno
        unlink(fresh.path)
        throw FileError.cannotWrite(path: place.path, code: code)
      }
    }
    try AtomicFile.write(Data(commit.utf8), to: repository.appendingPathComponent("refs/main"))
  }
}

extension PullFailure {
  /// Whether the same request may well succeed a moment later.
  fileprivate var isWorthAnotherTry: Bool {
    switch self {
    case .cutShort: true
    case .unreachable: true
    case .refused(_, let status): status >= 500 || status == 429 || status == 416
    default: false
    }
  }
}
