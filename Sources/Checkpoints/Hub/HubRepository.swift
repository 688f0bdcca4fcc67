import Foundation

/// A file of a repository, as the hub lists it.
package struct HubFile: Sendable, Equatable {
  package let path: String
  package let bytes: Int
  /// Names the content, and the blob in the cache: SHA-256 of a large file, git's name of a small one.
  package let tag: String
  /// Whether the tag is SHA-256.
  let isLarge: Bool
}

/// What the hub says of a model or a data set. It is told, not trusted.
package struct HubRepository: Sendable, Equatable {
  package let name: HubName
  /// The hub's own spelling of the name: old names have moved.
  package let identifier: String
  package let commit: String
  package let licence: String?
  package let task: String?
  package let library: String?
  package let modelType: String?
  package let architectures: [String]
  /// Trained numbers, where the hub has counted them.
  package let parameters: Int?
  /// What it was made from.
  package let bases: [String]
  package let languages: [String]
  package let downloads: Int?
  package let likes: Int?
  package let isGated: Bool
  package let isPrivate: Bool
  /// The day of the last change, such as `2024-03-01`.
  package let changed: String?

  /// Nil where no commit is named that could be one.
  init?(_ served: ServedValue, _ name: HubName) {
    guard let commit = served["sha"]?.text, HubRepository.isCommit(commit) else { return nil }
    self.init(served, name, commit: commit)
  }

  private init(_ served: ServedValue, _ name: HubName, commit: String) {
    self.name = name
    self.commit = commit
    let card = served["cardData"]
    let tags = served["tags"]?.texts ?? []
    func tagged(_ prefix: String) -> String? {
      tags.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
    let told = served["id"]?.text ?? served["modelId"]?.text
    identifier = told.flatMap { HubName($0, name.kind) == nil ? nil : $0 } ?? name.identifier
    // `other` is explained in a name of its own.
    let named = card?["license_name"]?.text
    licence = (card?["license"]?.texts.first).map { $0 == "other" ? named ?? $0 : $0 } ?? tagged("license:")
    task = served["pipeline_tag"]?.text
    library = served["library_name"]?.text
    modelType = served["config"]?["model_type"]?.text
    architectures = served["config"]?["architectures"]?.texts ?? []
    parameters = served["safetensors"]?["total"]?.integer ?? served["gguf"]?["total"]?.integer
    bases = card?["base_model"]?.texts ?? []
    languages = card?["language"]?.texts ?? []
    downloads = served["downloads"]?.integer
    likes = served["likes"]?.integer
    isGated = served["gated"].map { $0 != .bool(false) && $0 != .null } ?? false
    isPrivate = served["private"]?.bool ?? false
    changed = served["lastModified"]?.text.map { String($0.prefix(10)) }
  }

  /// One of the answers of a search, whose commit nobody needs; nil where its name is none.
  static func found(_ served: ServedValue, _ kind: HubName.Kind) -> HubRepository? {
    guard let text = served["id"]?.text ?? served["modelId"]?.text, let name = HubName(text, kind), name.file == nil
    else { return nil }
    return HubRepository(served, name, commit: "")
  }

  static func isCommit(_ text: String) -> Bool {
    (7...64).contains(text.utf8.count) && text.utf8.allSatisfy(\.isHexDigit)
  }
}

extension UInt8 {
  var isHexDigit: Bool { 48...57 ~= self || 97...102 ~= self || 65...70 ~= self }
}

extension HubClient {
  private static let mostFiles = 20_000
  private static let mostPages = 100
  /// No file is larger, whatever a server says.
  private static let largestFile = 1 << 46
  /// Of a file outside of the store of large ones.
  private static let largestSmallFile = 64 << 20

  /// What the hub says of a repository at its revision.
  func repository(_ name: HubName) throws -> HubRepository {
    let url = settings.url(["api", name.kind.rawValue] + name.parts + ["revision", name.branch])
    guard let served = ServedValue(try get(url, of: name).body), let found = HubRepository(served, name) else {
      throw badAnswer("sha")
    }
    return found
  }

  /// All files at a commit, page by page.
  func files(_ name: HubName, commit: String) throws -> [HubFile] {
    var next = settings.url(
      ["api", name.kind.rawValue] + name.parts + ["tree", commit], [("recursive", "true")])
    var files: [HubFile] = []
    for _ in 0..<Self.mostPages {
      guard let page = next else { return files }
      let answer = try get(page, of: name)
      guard let list = ServedValue(answer.body)?.list else { throw badAnswer("list of files") }
      files += try list.compactMap(file)
      guard files.count <= Self.mostFiles else { break }
      next = try answer.headers["link"].flatMap(Self.nextPage).map { text in
        guard let url = URL(string: text, relativeTo: page)?.absoluteURL, settings.trusts(url) else {
          throw badAnswer("link")
        }
        return url
      }
    }
    throw PullFailure.tooLong(host: settings.endpoint.host ?? "", limit: Self.mostFiles)
  }

  private func file(_ entry: ServedValue) throws -> HubFile? {
    guard entry["type"]?.text == "file", let path = entry["path"]?.text else { return nil }
    let store = entry["lfs"]
    let isLarge = store?["oid"]?.text != nil
    let tag = store?["oid"]?.text ?? entry["oid"]?.text ?? ""
    let bytes = (isLarge ? store?["size"]?.integer : nil) ?? entry["size"]?.integer ?? -1
    guard tag.utf8.count == (isLarge ? 64 : 40), tag.utf8.allSatisfy(\.isHexDigit) else { throw badAnswer("oid") }
    guard 0...(isLarge ? Self.largestFile : Self.largestSmallFile) ~= bytes else { throw badAnswer("size") }
    return HubFile(path: path, bytes: bytes, tag: tag.lowercased(), isLarge: isLarge)
  }

  /// A small file's text.
  func text(_ file: String, of repository: HubRepository) throws -> Data {
    try get(address(file, repository.name, repository.commit), of: repository.name, file: file, limit: 4 << 20).body
  }

  func address(_ file: String, _ name: HubName, _ commit: String) -> URL? {
    let front = name.kind == .models ? [] : [name.kind.rawValue]
    return settings.url(front + name.parts + ["resolve", commit] + file.split(separator: "/").map(String.init))
  }

  /// Models or data sets whose names hold the text, those that are fetched most often first.
  func search(_ text: String, _ kind: HubName.Kind, task: String?, limit: Int) throws -> [HubRepository] {
    var query = [("search", text), ("limit", "\(limit)"), ("sort", "downloads"), ("direction", "-1"), ("full", "true")]
    if kind == .models { query.append(("config", "true")) }
    if let task { query.append((kind == .models ? "pipeline_tag" : "filter", task)) }
    guard let nobody = HubName("search", kind) else { return [] }
    let answer = try get(settings.url(["api", kind.rawValue], query), of: nobody)
    guard let list = ServedValue(answer.body)?.list else { throw badAnswer("list of \(kind.rawValue)") }
    return list.prefix(limit).compactMap { HubRepository.found($0, kind) }
  }

  private func badAnswer(_ field: String) -> PullFailure {
    .badAnswer(host: settings.endpoint.host ?? "", field: field)
  }

  /// The address behind `rel="next"` in a `Link` header (RFC 8288).
  private static func nextPage(_ header: String) -> String? {
    for link in header.split(separator: ",") where link.contains("rel=\"next\"") {
      guard let open = link.firstIndex(of: "<"), let close = link[open...].firstIndex(of: ">") else { continue }
      return String(link[link.index(after: open)..<close])
    }
    return nil
  }
}

extension HubName {
  var parts: [String] { identifier.split(separator: "/").map(String.init) }
}
