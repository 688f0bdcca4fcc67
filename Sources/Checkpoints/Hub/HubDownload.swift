import Foundation

/// Files of one commit on their way into the cache, laid out as Hugging Face's library does and finds it.
///
/// Every blob is locked while it is written, and stands under its final name only when its hash is right; the branch is
/// named last. A process may be killed at any moment: what has come is gone on with.
struct HubDownload {
  let name: HubName
  let commit: String
  let files: [HubFile]
  /// Contents that are known beforehand, by file.
  var pinned: [String: CatalogueFile] = [:]
  let client: HubClient
  let cache: HubCache
  let job: PullJob

  private var repository: URL { cache.repository(name) }
  private var blobs: URL { repository.appendingPathComponent("blobs") }
  private var total: Int { files.reduce(0) { $0 + $1.bytes } }

  /// Bytes that are still to come.
  var missing: Int {
    var seen: Set<String> = []
    return files.filter { seen.insert($0.tag).inserted && !isHere($0) }
      .reduce(0) { $0 + $1.bytes - min($1.bytes, FileTree.bytes(unfinished($1))) }
  }

  func bring() throws {
    try check()
    try job.reserve(missing, in: blobs)
    try AtomicFolder.makeFolder(blobs)
    try mark()
    var done = 0
    for file in files {
      try job.stopIfCancelled()
      if !isHere(file) { try fetch(file, done: done) }
      done += file.bytes
    }
    try link()
  }

  /// What is pinned must be what the hub has, before anything is fetched.
  private func check() throws(PullFailure) {
    for file in files {
      guard let pin = pinned[file.path] else { continue }
      guard file.bytes == pin.bytes else {
        throw .sizeMismatch(file: file.path, expected: pin.bytes, found: file.bytes)
      }
      guard !file.isLarge || file.tag == pin.sha256 else {
        throw .hashMismatch(file: file.path, expected: pin.sha256, found: file.tag)
      }
    }
  }

  private func blob(_ file: HubFile) -> URL { blobs.appendingPathComponent(file.tag) }
  private func unfinished(_ file: HubFile) -> URL { blobs.appendingPathComponent("\(file.tag).incomplete") }

  /// Followed, because a cache may share blobs by links of its own.
  private func isHere(_ file: HubFile) -> Bool {
    var status = stat()
    return stat(blob(file).path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == file.bytes
  }

  /// Brings one blob, taking up an unfinished one where it ended.
  private func fetch(_ file: HubFile, done: Int) throws {
    let lock = try job.lock(cache.lock(name, tag: file.tag), .hub, done, of: total)
    defer { withExtendedLifetime(lock) {} }
    if isHere(file) { return }
    let place = unfinished(file)
    let isContinued = FileTree.bytes(place) > 0
    do {
      try fetchOnce(file, to: place, done: done)
    } catch PullFailure.hashMismatch where isContinued {
      // The beginning was another's; it is gone now.
      try fetchOnce(file, to: place, done: done)
    }
    guard rename(place.path, blob(file).path) == 0 else {
      throw FileError.cannotWrite(path: blob(file).path, code: errno)
    }
    Staging.flush(blobs)
  }

  private func fetchOnce(_ file: HubFile, to place: URL, done: Int) throws {
    try client.download(
      client.address(file.path, name, commit), of: name, file: file.path, to: place, bytes: file.bytes
    ) { job.report(.hub, .downloading, done + $0, of: total) }
    try verify(file, place)
  }

  /// Holds a finished blob against its own name and against what is pinned; a wrong one is taken away.
  private func verify(_ file: HubFile, _ place: URL) throws {
    func refuse(_ expected: String, _ found: String) throws(PullFailure) {
      guard expected != found else { return }
      unlink(place.path)
      throw .hashMismatch(file: file.path, expected: expected, found: found)
    }
    if !file.isLarge { try refuse(file.tag, GitBlob.hex(of: try FileContents.read(place))) }
    guard let expected = pinned[file.path]?.sha256 ?? (file.isLarge ? file.tag : nil) else { return }
    var done = 0
    let found = try SHA256.hex(of: place) { count in
      try job.stopIfCancelled()
      done += count
      job.report(.hub, .verifying, done, of: file.bytes)
    }
    try refuse(expected, found)
  }

  /// Names the blobs in a snapshot, and only then the snapshot in `refs`.
  private func link() throws {
    let snapshot = repository.appendingPathComponent("snapshots/\(commit)")
    for file in files {
      let place = snapshot.appendingPathComponent(file.path)
      try AtomicFolder.makeFolder(place.deletingLastPathComponent())
      let up = String(repeating: "../", count: file.path.split(separator: "/").count + 1)
      let target = "\(up)blobs/\(file.tag)"
      if (try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) == target { continue }
      let fresh = Staging.place(beside: place)
      guard symlink(target, fresh.path) == 0, rename(fresh.path, place.path) == 0 else {
        let code = errno
        unlink(fresh.path)
        throw FileError.cannotWrite(path: place.path, code: code)
      }
      Staging.sweep(beside: place)
    }
    guard name.branch != commit else { return }
    let reference = repository.appendingPathComponent("refs/\(name.branch)")
    try AtomicFolder.makeFolder(reference.deletingLastPathComponent())
    try AtomicFile.write(Data(commit.utf8), to: reference)
  }

  /// Tells programs that make backups that this folder can be made again (bford.info/cachedir).
  private func mark() throws(FileError) {
    let tag = cache.folder.appendingPathComponent("CACHEDIR.TAG")
    guard !FileManager.default.fileExists(atPath: tag.path) else { return }
    try AtomicFile.write(
      Data("Signature: 8a477f597d28d172789f06886806bc55\n# A cache of models from the Hugging Face hub.\n".utf8),
      to: tag)
  }
}
