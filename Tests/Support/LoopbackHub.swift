import Checkpoints
import Foundation
import Synchronization

/// The Hugging Face hub on this machine: the routes that it has, with its headers, its codes of error, and its large files
/// on another server that it leads to.
package final class LoopbackHub: Sendable {
  package struct Repository: Sendable {
    package var files: [String: Data]
    /// Those that lie in the store of large files.
    package var large: Set<String> = []
    package var commit = LoopbackHub.commit
    package var gated = false
    /// Whoever shows it may read what is private or gated.
    package var token: String?
    /// What the hub tells besides, as JSON.
    package var facts: String = "{}"

    package init(_ files: [String: Data]) { self.files = files }
  }

  /// A split, with what the columns are, as JSON.
  package struct Split: Sendable {
    package var features: String
    /// JSON objects.
    package var rows: [String]

    package init(features: String, rows: [String]) { (self.features, self.rows) = (features, rows) }
  }

  package static let commit = "0123456789abcdef0123456789abcdef01234567"
  package typealias Request = LoopbackServer.Request
  package typealias Reply = LoopbackServer.Reply

  private let server: LoopbackServer
  private let store: LoopbackServer

  package var address: String { server.address }
  package var requests: [Request] { server.requests }
  /// Of the server with the large files.
  package var storeRequests: [Request] { store.requests }

  /// - Parameters:
  ///   - models: by `ORG/NAME`
  ///   - splits: by `ORG/NAME`, configuration and split, with a space between
  ///   - filesPerPage: of a listing
  ///   - change: what is said instead of the hub's own answer, or of its store's
  package init(
    models: [String: Repository] = [:], datasets: [String: Repository] = [:], splits: [String: Split] = [:],
    filesPerPage: Int = 1000, change: @escaping @Sendable (Request, Reply) -> Reply = { $1 }
  ) throws {
    let contents = Dictionary(
      (models.values.map { $0 } + datasets.values).flatMap { repository in
        repository.large.compactMap { repository.files[$0] }.map { (SHA256.hex(of: $0), $0) }
      }
    ) { first, _ in first }
    let store = try LoopbackServer { request in
      let body = contents[request.parts.last ?? ""]
      return change(request, body.map { Reply(headers: ["ETag": "\"of-the-store\""], body: $0) } ?? Reply(status: 404))
    }
    self.store = store
    // Another host, as far as a client can tell.
    let place = "http://localhost:\(store.port)/store"
    server = try LoopbackServer { request in
      let routes = Routes(
        request: request, models: models, datasets: datasets, splits: splits, filesPerPage: filesPerPage, store: place)
      return change(request, routes.reply)
    }
  }

  private struct Routes {
    let request: Request
    let models: [String: Repository]
    let datasets: [String: Repository]
    let splits: [String: Split]
    let filesPerPage: Int
    let store: String

    var reply: Reply {
      let parts = request.parts
      switch parts.first {
      case "api" where parts.count == 2: return found(parts[1])
      case "api":
        let repositories = parts[1] == "models" ? models : datasets
        let length = repositories[parts[2...].prefix(2).joined(separator: "/")] == nil ? 1 : 2
        return api(
          parts[2...].prefix(length).joined(separator: "/"), repositories, Array(parts.dropFirst(2 + length)))
      case "splits": return splitsOf(request.query["dataset"] ?? "")
      case "rows": return rows()
      default:
        guard parts.count >= 5, parts[2] == "resolve" else { return Reply(status: 404) }
        return resolve(parts[0...1].joined(separator: "/"), parts[3], parts[4...].joined(separator: "/"))
      }
    }

    private func refusal(_ repository: Repository?, _ revision: String) -> Reply? {
      let shown = request.headers["authorization"]
      guard let repository else {
        return Reply(status: shown == nil ? 401 : 404, headers: ["X-Error-Code": "RepoNotFound"])
      }
      if let token = repository.token, shown != "Bearer \(token)" {
        if repository.gated { return Reply(status: shown == nil ? 401 : 403, headers: ["X-Error-Code": "GatedRepo"]) }
        return Reply(status: shown == nil ? 401 : 404, headers: ["X-Error-Code": "RepoNotFound"])
      }
      if revision != "main", revision != repository.commit {
        return Reply(status: 404, headers: ["X-Error-Code": "RevisionNotFound"])
      }
      return nil
    }

    private func api(_ name: String, _ repositories: [String: Repository], _ rest: [String]) -> Reply {
      guard rest.count == 2 else { return Reply(status: 404) }
      let repository = repositories[name]
      // What a gated one is, everybody may know.
      var told = repository
      if repository?.gated ?? false { told?.token = nil }
      if let refusal = refusal(told, rest[1]) { return refusal }
      guard let repository else { return Reply(status: 404) }
      if rest[0] == "revision" { return Reply(json: facts(name, repository)) }
      guard rest[0] == "tree" else { return Reply(status: 404) }
      let start = Int(request.query["cursor"] ?? "0") ?? 0
      let names = repository.files.keys.sorted()
      let page = names.dropFirst(start).prefix(filesPerPage)
      var headers: [String: String] = [:]
      if start + page.count < names.count {
        headers["Link"] =
          "<http://127.0.0.1:\(request.port)\(request.path)?recursive=true&cursor=\(start + page.count)>; rel=\"next\""
      }
      return Reply(json: page.map { LoopbackHub.entry($0, repository) }, headers: headers)
    }

    private func facts(_ name: String, _ repository: Repository) -> [String: Any] {
      var facts = (try? JSONSerialization.jsonObject(with: Data(repository.facts.utf8))) as? [String: Any] ?? [:]
      facts["id"] = name
      facts["sha"] = repository.commit
      facts["gated"] = repository.gated ? "auto" : false
      facts["private"] = repository.token != nil && !repository.gated
      return facts
    }

    private func found(_ kind: String) -> Reply {
      let repositories = kind == "models" ? models : datasets
      let wanted = (request.query["search"] ?? "").lowercased()
      let names = repositories.keys.filter { $0.lowercased().contains(wanted) }.sorted()
      return Reply(
        json: names.prefix(Int(request.query["limit"] ?? "") ?? 100).compactMap { name in
          repositories[name].map { facts(name, $0) }
        })
    }

    private func resolve(_ name: String, _ revision: String, _ path: String) -> Reply {
      let repository = models[name]
      if let refusal = refusal(repository, revision) { return refusal }
      guard let repository, let data = repository.files[path] else {
        return Reply(status: 404, headers: ["X-Error-Code": "EntryNotFound", "X-Repo-Commit": LoopbackHub.commit])
      }
      let tag = repository.large.contains(path) ? SHA256.hex(of: data) : GitBlob.hex(of: data)
      guard repository.large.contains(path) else {
        return Reply(headers: ["ETag": "\"\(tag)\"", "X-Repo-Commit": repository.commit], body: data)
      }
      return Reply(
        status: 302,
        headers: [
          "X-Linked-Etag": "\"\(tag)\"", "X-Linked-Size": "\(data.count)", "X-Repo-Commit": repository.commit,
          "Location": "\(store)/\(tag)",
        ])
    }

    private func splitsOf(_ dataset: String) -> Reply {
      let keys = splits.keys.map { $0.split(separator: " ").map(String.init) }.filter { $0[0] == dataset }
      guard !keys.isEmpty else { return Reply(status: 404) }
      let entries = keys.sorted { $0.joined() < $1.joined() }.map {
        ["dataset": $0[0], "config": $0[1], "split": $0[2]]
      }
      return Reply(json: ["splits": entries, "pending": [], "failed": []] as [String: Any])
    }

    private func rows() -> Reply {
      let query = request.query
      let key = ["dataset", "config", "split"].map { query[$0] ?? "" }.joined(separator: " ")
      guard let split = splits[key], let offset = Int(query["offset"] ?? ""), let length = Int(query["length"] ?? ""),
        length <= 100
      else { return Reply(status: 404) }
      let rows = split.rows.enumerated().dropFirst(offset).prefix(length).map {
        "{\"row_idx\": \($0.offset), \"row\": \($0.element), \"truncated_cells\": []}"
      }
      let text = """
        {"features": \(split.features), "rows": [\(rows.joined(separator: ","))], \
        "num_rows_total": \(split.rows.count), "num_rows_per_page": 100, "partial": false}
        """
      return Reply(body: Data(text.utf8))
    }
  }

  /// A file as the listing has it.
  package static func entry(_ path: String, _ repository: Repository) -> [String: Any] {
    let data = repository.files[path] ?? Data()
    var entry: [String: Any] = ["type": "file", "path": path, "size": data.count, "oid": GitBlob.hex(of: data)]
    if repository.large.contains(path) {
      entry["oid"] = GitBlob.hex(of: Data("version https://git-lfs.github.com/spec/v1\n".utf8))
      entry["lfs"] = ["oid": SHA256.hex(of: data), "size": data.count, "pointerSize": 134] as [String: Any]
    }
    return entry
  }
}
