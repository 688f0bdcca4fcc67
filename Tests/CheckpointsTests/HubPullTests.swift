import Checkpoints
import Foundation
import Synchronization
import Testing

/// Pulling from a hub, played by a server on this machine.
@Suite struct HubPullTests {
  let tiny: TinyModel
  let weights: CatalogueFile
  let blobs = "hub/models--org--tiny/blobs"

  init() throws {
    tiny = try TinyModel(wheel: false)
    weights = try #require(tiny.entry.files.first { $0.name == "model.safetensors" })
  }

  /// What the hub says of a file: small ones are tagged by their git name, large ones by their SHA-256.
  static func honest(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    let parts = request.path.split(separator: "/").map(String.init)
    guard parts.count == 5, parts[0...2] == ["org", "tiny", "resolve"],
      let data = TinyModel.contents[parts[4]]
    else { return .init(status: 404) }
    let tag = parts[4] == "model.safetensors" ? SHA256.hex(of: data) : "git-" + parts[4]
    return .init(headers: ["ETag": "\"\(tag)\"", "X-Repo-Commit": TinyModel.commit], body: data)
  }

  func store(_ server: LoopbackServer) -> ModelStore {
    tiny.store(["HF_ENDPOINT": server.address, "HF_HUB_OFFLINE": "0"])
  }

  func failure(_ failure: PullFailure) -> PullError {
    .unavailable(name: "tiny", attempts: [.init(source: .hub, failure: failure)])
  }

  @Test func fillsTheCacheAsItsOwnLibraryDoes() throws {
    let server = try LoopbackServer(answer: Self.honest)
    var last: PullProgress?
    let pulled = try store(server).pull("tiny", progress: { last = $0 })
    #expect(pulled.model.origin == .cache)
    #expect(last?.source == .hub && last?.done == last?.total)
    #expect(
      try String(contentsOf: tiny.folder("hub/models--org--tiny/refs/main"), encoding: .utf8)
        == TinyModel.commit)
    #expect(
      try tiny.folder.names(blobs) == [weights.sha256, "git-config.json", "git-tokenizer.json"].sorted())
    for (name, data) in TinyModel.contents {
      let link = pulled.model.folder.appendingPathComponent(name)
      #expect(try Data(contentsOf: link) == data)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path).hasPrefix("../../blobs/"))
    }
    let asked = server.requests.count
    #expect(try store(server).pull("tiny").wasPresent)
    #expect(server.requests.count == asked)
    #expect(
      server.requests.filter { $0.path.contains("/main/") }.count == 2,
      "the first file's HEAD and GET name the branch, all others the commit")
  }

  @Test func largeFilesComeFromTheStoreBehindTheHub() throws {
    let server = try LoopbackServer { request in
      var reply = Self.honest(request)
      guard request.path.hasSuffix("model.safetensors"), !request.path.hasPrefix("/store") else {
        return request.path.hasPrefix("/store")
          ? .init(body: TinyModel.contents["model.safetensors"] ?? Data()) : reply
      }
      reply.headers["X-Linked-Etag"] = reply.headers["ETag"]
      reply.headers["X-Linked-Size"] = "\(reply.body.count)"
      reply.headers["ETag"] = "\"other\""
      reply.headers["Location"] = "http://localhost:\(request.port)/store/model.safetensors"
      reply.body = Data()
      reply.status = 302
      return reply
    }
    #expect(try !store(server).pull("tiny").wasPresent)
    let heads = server.requests.filter { $0.method == "HEAD" && $0.path.hasPrefix("/store") }
    #expect(heads.isEmpty, "what the file is, the hub itself says")
    #expect(server.requests.contains { $0.method == "GET" && $0.path.hasPrefix("/store") })
  }

  @Test func aCutConnectionIsTakenUpWhereItEnded() throws {
    let server = try LoopbackServer { request in
      var reply = Self.honest(request)
      if request.path.hasSuffix("model.safetensors"), request.rangeStart == nil { reply.cut = 70_000 }
      return reply
    }
    #expect(try !store(server).pull("tiny").wasPresent)
    let gets = server.requests.filter { $0.method == "GET" && $0.path.hasSuffix("model.safetensors") }
    #expect(gets.map(\.rangeStart) == [nil, 70_000])
  }

  @Test func aConnectionThatKeepsBreakingLeavesTheBeginningForNextTime() throws {
    let broken = try LoopbackServer { request in
      var reply = Self.honest(request)
      if request.path.hasSuffix("model.safetensors") { reply.cut = request.rangeStart == nil ? 70_000 : 0 }
      return reply
    }
    #expect(throws: failure(.cutShort(file: "model.safetensors", received: 70_000, expected: 200_000))) {
      try store(broken).pull("tiny")
    }
    #expect(store(broken).locate("tiny") == nil)
    #expect(try tiny.folder.names(blobs).contains(weights.sha256 + ".incomplete"))
    let whole = try LoopbackServer(answer: Self.honest)
    #expect(try !store(whole).pull("tiny").wasPresent)
    let gets = whole.requests.filter { $0.method == "GET" }
    #expect(
      gets.map(\.rangeStart) == [70_000, nil],
      "the weights are gone on with; the configuration is there already")
  }

  @Test func aServerThatKnowsNoRangesSendsAllAnew() throws {
    try tiny.folder.write("\(blobs)/\(weights.sha256).incomplete", Data(count: 1000))
    let server = try LoopbackServer(knowsRanges: false, answer: Self.honest)
    #expect(try !store(server).pull("tiny").wasPresent)
    #expect(server.requests.contains { $0.rangeStart == 1000 })
  }

  @Test func aCorruptedBodyIsThrownAway() throws {
    let server = try LoopbackServer { request in
      var reply = Self.honest(request)
      if request.path.hasSuffix("model.safetensors") { reply.body[5] ^= 1 }
      return reply
    }
    var wrong = try #require(TinyModel.contents["model.safetensors"])
    wrong[5] ^= 1
    #expect(
      throws: failure(
        .hashMismatch(file: "model.safetensors", expected: weights.sha256, found: SHA256.hex(of: wrong)))
    ) { try store(server).pull("tiny") }
    #expect(store(server).locate("tiny") == nil)
    #expect(try !tiny.folder.names(blobs).contains { $0.hasPrefix(weights.sha256) })
  }

  @Test func aWrongBeginningIsFoundOutAndFetchedAnewNextTime() throws {
    try tiny.folder.write("\(blobs)/\(weights.sha256).incomplete", Data(count: 1000))
    let server = try LoopbackServer(answer: Self.honest)
    #expect(throws: PullError.self) { try store(server).pull("tiny") }
    #expect(try !store(server).pull("tiny").wasPresent)
  }

  @Test func anotherSizeThanThePinnedIsRefused() throws {
    let server = try LoopbackServer { request in
      var reply = Self.honest(request)
      reply.body.append(0)
      return reply
    }
    #expect(throws: failure(.sizeMismatch(file: "model.safetensors", expected: 200_000, found: 200_001))) {
      try store(server).pull("tiny")
    }
    #expect(server.requests.allSatisfy { $0.method == "HEAD" })
  }

  @Test(arguments: [401, 404, 500]) func aRefusalIsNamed(status: Int) throws {
    let server = try LoopbackServer { _ in .init(status: status) }
    let url = "\(server.address)/org/tiny/resolve/main/config.json"
    #expect(throws: failure(.refused(url: url, status: status))) { try store(server).pull("tiny") }
    #expect(try tiny.folder.names() == ["attune-wheels"])
  }

  @Test(arguments: [("ETag", "etag", "\"../../x\""), ("X-Repo-Commit", "x-repo-commit", "../..")])
  func aHeaderThatLeavesTheCacheIsRefused(name: String, said: String, value: String) throws {
    let server = try LoopbackServer { request in
      var reply = Self.honest(request)
      reply.headers[name] = value
      return reply
    }
    let url = "\(server.address)/org/tiny/resolve/main/config.json"
    #expect(throws: failure(.badAnswer(url: url, header: said))) { try store(server).pull("tiny") }
  }

  @Test func anAnswerThatIsNotTheHubsIsRefused() throws {
    let server = try LoopbackServer { _ in .init(body: Data("<html>".utf8)) }
    let url = "\(server.address)/org/tiny/resolve/main/config.json"
    #expect(throws: failure(.badAnswer(url: url, header: "x-linked-etag"))) { try store(server).pull("tiny") }
  }

  @Test func nobodyThereIsNamedByHost() throws {
    let port = try LoopbackServer(answer: Self.honest).port
    let store = tiny.store(["HF_ENDPOINT": "http://127.0.0.1:\(port)", "HF_HUB_OFFLINE": ""])
    #expect {
      try store.pull("tiny")
    } throws: { error in
      guard case PullError.unavailable(_, let attempts)? = error as? PullError,
        case .unreachable(let host, _)? = attempts.first?.failure
      else { return false }
      return host == "127.0.0.1" && attempts.count == 1
    }
  }

  @Test(arguments: ["ftp://x", "hub", "https://"]) func anEndpointThatIsNoAddressIsNamed(text: String) throws {
    let store = tiny.store(["HF_ENDPOINT": text, "HF_HUB_OFFLINE": "0"])
    #expect(throws: failure(.badEndpoint(text))) { try store.pull("tiny") }
  }

  @Test func offlineIsRespected() throws {
    let server = try LoopbackServer(answer: Self.honest)
    let store = tiny.store(["HF_ENDPOINT": server.address, "HF_HUB_OFFLINE": "1"])
    #expect(throws: failure(.offline(variable: "HF_HUB_OFFLINE"))) { try store.pull("tiny") }
    #expect(server.requests.isEmpty)
  }

  @Test func stoppingLeavesNothingInstalled() throws {
    let server = try LoopbackServer(answer: Self.honest)
    #expect(throws: PullError.cancelled) {
      try store(server).pull("tiny", isCancelled: { server.requests.contains { $0.method == "GET" } })
    }
    #expect(store(server).locate("tiny") == nil)
  }
}
