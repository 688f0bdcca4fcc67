/// A repository on the hub, by what a user calls it: `ORG/NAME`, with a revision `@main` and a file of it if they say so.
package struct HubName: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case models
    case datasets

    /// One of them, as a sentence has it.
    package var word: String { self == .models ? "model" : "data set" }
  }

  package let kind: Kind
  /// `ORG/NAME`, or `NAME` alone: the oldest have no organisation.
  package let identifier: String
  /// A branch, a tag or a commit; nil for the branch `main`.
  package let revision: String?
  /// A file that is meant alone, such as one of several GGUF files.
  package let file: String?

  /// Nil for a text that is no name: every part must be safe as one component of a path.
  package init?(_ text: String, _ kind: Kind = .models) {
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false)
    let most = kind == .models ? 3 : 2
    guard (1...most).contains(parts.count), parts.allSatisfy(HubCache.isSafeName) else { return nil }
    if parts.count == 3, !parts[2].lowercased().hasSuffix(".gguf") { return nil }
    if halves.count == 2 {
      let places = halves[1].split(separator: "/", omittingEmptySubsequences: false)
      guard places.allSatisfy(HubCache.isSafeName) else { return nil }
    }
    self.kind = kind
    identifier = parts.prefix(2).joined(separator: "/")
    revision = halves.count == 2 ? String(halves[1]) : nil
    file = parts.count == 3 ? String(parts[2]) : nil
  }

  package var branch: String { revision ?? "main" }

  /// As it was typed.
  package var text: String { identifier + (file.map { "/\($0)" } ?? "") + (revision.map { "@\($0)" } ?? "") }

  /// Of the repository in the cache.
  var folderName: String {
    ([String(kind.rawValue)] + identifier.split(separator: "/").map(String.init)).joined(separator: "--")
  }
}
