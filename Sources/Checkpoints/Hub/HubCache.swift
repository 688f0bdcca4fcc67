import Foundation

/// The Hugging Face cache layout: `models--ORG--NAME/{blobs,refs,snapshots}` under one folder, locks in `.locks`.
struct HubCache: Sendable {
  let folder: URL

  func repository(_ name: HubName) -> URL { folder.appendingPathComponent(name.folderName) }

  /// The complete snapshot of a name at its revision; nil where there is none, or the text is no name. Where the name is
  /// that of a file, it is the file in it.
  func snapshot(_ text: String) -> URL? {
    guard let name = HubName(text), let snapshot = snapshot(name) else { return nil }
    guard let file = name.file else { return RepositoryFiles(snapshot).isComplete ? snapshot : nil }
    let place = snapshot.appendingPathComponent(file)
    return RepositoryFiles.isGGUF(place.path) ? place : nil
  }

  /// The folder for the commit that the name's revision stands for, whatever is in it.
  func snapshot(_ name: HubName) -> URL? {
    let repository = repository(name)
    var commit = name.branch
    if let text = try? String(contentsOf: repository.appendingPathComponent("refs/\(name.branch)"), encoding: .utf8) {
      commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
    } else if name.revision == nil {
      return nil
    }
    guard HubCache.isSafeName(commit[...]) else { return nil }
    return repository.appendingPathComponent("snapshots/\(commit)")
  }

  /// Where the lock of a blob is: the same file that Hugging Face's library locks.
  func lock(_ name: HubName, tag: String) -> URL {
    folder.appendingPathComponent(".locks/\(name.folderName)/\(tag).lock")
  }

  /// The repositories whose snapshot can be opened, as `ORG/NAME`, sorted. Of several GGUF files each is one.
  var complete: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix("models--") }
      .map { $0.dropFirst("models--".count).replacingOccurrences(of: "--", with: "/") }
      .flatMap { text -> [String] in
        if snapshot(text) != nil { return [text] }
        guard let snapshot = HubName(text).flatMap(snapshot) else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: snapshot.path)) ?? []
        return files.map { "\(text)/\($0)" }.filter { self.snapshot($0) != nil }
      }
      .sorted()
  }

  /// Letters, digits, `.`, `_` and `-`, not beginning with a dot: safe as one component of a path.
  static func isSafeName(_ name: Substring) -> Bool {
    guard !name.isEmpty, name.utf8.count <= 128, name.first != "." else { return false }
    return name.utf8.allSatisfy { byte in
      48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || [0x2d, 0x2e, 0x5f].contains(byte)
    }
  }
}
