import Foundation

/// The Hugging Face cache layout: `models--ORG--NAME/{blobs,refs,snapshots}` under one folder.
struct HubCache: Sendable {
  let folder: URL

  /// The folder of `ORG/NAME`; nil for a text that is no repository name.
  func repository(_ identifier: String) -> URL? {
    let parts = identifier.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ HubCache.isSafeName($0) }) else { return nil }
    return folder.appendingPathComponent((["models"] + parts.map(String.init)).joined(separator: "--"))
  }

  /// The complete snapshot that `refs/main` names.
  func snapshot(_ identifier: String) -> URL? {
    guard let repository = repository(identifier),
      let text = try? String(contentsOf: repository.appendingPathComponent("refs/main"), encoding: .utf8)
    else { return nil }
    let revision = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard HubCache.isSafeName(revision[...]) else { return nil }
    let snapshot = repository.appendingPathComponent("snapshots/\(revision)")
    return RepositoryFiles(snapshot).isComplete ? snapshot : nil
  }

  /// The repositories whose snapshot can be opened, as `ORG/NAME`, sorted.
  var complete: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix("models--") }
      .map { $0.dropFirst("models--".count).replacingOccurrences(of: "--", with: "/") }
      .filter { snapshot($0) != nil }
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
