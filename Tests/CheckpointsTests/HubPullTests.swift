import Checkpoints
import Foundation
import Synchronization
import TestSupport
import Testing

/// Pulling from a hub, played by servers on this machine that speak its routes.
@Suite struct HubPullTests {
  typealias Request = LoopbackServer.Request
  typealias Reply = LoopbackServer.Reply

  let tiny: TinyModel
  let weights: CatalogueFile
  let place = "hub/models--org--tiny"

  init() throws {
    tiny = try TinyModel(wheel: false)
    weights = try #require(tiny.entry.files.first { $0.name == "model.safetensors" })
  }

  static var repository: LoopbackHub.Repository {
    var repository = LoopbackHub.Repository(TinyModel.contents)
    repository.large = ["model.safetensors"]
    return repository
  }

  func hub(
    _ repository: LoopbackHub.Repository = repository, filesPerPage: Int = 1000,
    _ change: @escaping @Sendable (Request, Reply) -> Reply = { $1 }
  ) throws -> LoopbackHub {
    try LoopbackHub(models: ["org/tiny": repository], filesPerPage: filesPerPage, change: change)
  }

  func store(_ hub: LoopbackHub, _ environment: [String: String] = [:], patience: Double = 5) -> ModelStore {
    tiny.store(
      ["HF_ENDPOINT": hub.address, "HF_HUB_OFFLINE": "0"].merging(environment) { $1 }, patience: patience)
  }

  func failure(_ failure: PullFailure) -> PullError {
    .unavailable(name: "tiny", attempts: [.init(source: .hub, failure: failure)])
  }

  func name(_ text: String = "org/tiny") throws -> HubName { try #require(HubName(text)) }

  /// Changes what is said of the weights' content, by the store where the hub leads there.
  static func weights(_ request: Request) -> Bool { request.path.hasPrefix("/store/") }

  // MARK: As Hugging Face's library does it

  @Test func fillsTheCacheAsItsOwnLibraryDoes() throws {
    let hub = try hub()
    var last: PullProgress?
    let pulled = try store(hub).pull("tiny", progress: { last = $0 })
    #expect(pulled.model.origin == .cache)
    #expect(last?.source == .hub && last?.done == last?.total)
    #expect(try String(contentsOf: tiny.folder("\(place)/refs/main"), encoding: .utf8) == TinyModel.commit)
    let small = ["config.json", "tokenizer.json"].compactMap { TinyModel.contents[$0] }.map(GitBlob.hex)
    #expect(try tiny.folder.names("\(place)/blobs") == ([weights.sha256] + small).sorted())
    for (name, data) in TinyModel.contents {
      let link = pulled.model.folder.appendingPathComponent(name)
      #expect(try Data(contentsOf: link) == data)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path).hasPrefix("../../blobs/"))
    }
    #expect(try tiny.folder.names("hub") == [".locks", "CACHEDIR.TAG", "models--org--tiny"])
    #expect(try tiny.folder.names("hub/.locks/models--org--tiny").contains("\(weights.sha256).lock"))
    let asked = hub.requests.count
    #expect(try store(hub).pull("tiny").wasPresent)
    #expect(hub.requests.count == asked)
  }

  @Test func largeFilesComeFromTheStoreBehindTheHub() throws {
    let hub = try hub()
    #expect(try !store(hub).pull("tiny").wasPresent)
    #expect(hub.storeRequests.map(\.parts.last) == [weights.sha256])
  }

  @Test func aFileInAFolderIsLinkedFromThere() throws {
    var repository = Self.repository
    repository.files["1_Pooling/config.json"] = Data("{\"mean\": true}".utf8)
    let hub = try hub(repository, filesPerPage: 2)
    let plan = try store(hub).describe(name()).plan()
    let model = try store(hub).pull(plan)
    let link = model.folder.appendingPathComponent("1_Pooling/config.json")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path).hasPrefix("../../../blobs/"))
    #expect(try String(contentsOf: link, encoding: .utf8) == "{\"mean\": true}")
    #expect(hub.requests.filter { $0.path.contains("/tree/") }.count == 2, "the listing has two pages")
  }

  @Test func aRevisionHasItsOwnReference() throws {
    let hub = try hub()
    let pinned = try name("org/tiny@\(TinyModel.commit)")
    _ = try store(hub).pull(try store(hub).describe(pinned).plan())
    #expect(store(hub).locate("org/tiny@\(TinyModel.commit)") != nil)
    #expect(store(hub).locate("org/tiny") == nil, "a commit is no branch")
    #expect(
      throws: PullError.unavailable(
        name: "org/tiny@v9", attempts: [.init(source: .hub, failure: .noRevision(try name("org/tiny@v9")))])
    ) { try store(hub).describe(try name("org/tiny@v9")) }
  }

  // MARK: Going on

  @Test func aCutConnectionIsTakenUpWhereItEnded() throws {
    let hub = try hub { request, reply in
      var reply = reply
      if Self.weights(request), request.rangeStart == nil { reply.cut = 70_000 }
      return reply
    }
    #expect(try !store(hub).pull("tiny").wasPresent)
    #expect(hub.storeRequests.map(\.rangeStart) == [nil, 70_000])
  }

  @Test func aConnectionThatKeepsBreakingLeavesTheBeginningForNextTime() throws {
    let broken = try hub { request, reply in
      var reply = reply
      if Self.weights(request) { reply.cut = request.rangeStart == nil ? 70_000 : 0 }
      return reply
    }
    #expect(throws: failure(.cutShort(file: "model.safetensors", received: 70_000, expected: 200_000))) {
      try store(broken).pull("tiny")
    }
    #expect(store(broken).locate("tiny") == nil)
    #expect(try tiny.folder.names("\(place)/blobs").contains(weights.sha256 + ".incomplete"))
    let whole = try hub()
    #expect(try !store(whole).pull("tiny").wasPresent)
    #expect(whole.storeRequests.map(\.rangeStart) == [70_000])
    #expect(try !tiny.folder.names("\(place)/blobs").contains { $0.hasSuffix(".incomplete") })
  }

  @Test func aServerThatKnowsNoRangesSendsAllAnew() throws {
    try tiny.folder.write("\(place)/blobs/\(weights.sha256).incomplete", Data(count: 1000))
    let hub = try hub { request, reply in
      var reply = reply
      reply.knowsRanges = false
      return reply
    }
    #expect(try !store(hub).pull("tiny").wasPresent)
    #expect(hub.storeRequests.map(\.rangeStart) == [1000])
  }

  @Test func aWrongBeginningIsFoundOutAndFetchedAnew() throws {
    try tiny.folder.write("\(place)/blobs/\(weights.sha256).incomplete", Data(count: 1000))
    let hub = try hub()
    #expect(try !store(hub).pull("tiny").wasPresent)
    #expect(hub.storeRequests.map(\.rangeStart) == [1000, nil])
  }

  @Test func aServerThatFallsSilentIsGivenUpAndAskedAgain() throws {
    let hub = try hub { request, reply in
      var reply = reply
      if Self.weights(request), request.rangeStart == nil { reply.pause = (50_000, 1) }
      return reply
    }
    #expect(try !store(hub, patience: 0.3).pull("tiny").wasPresent)
    #expect(hub.storeRequests.map(\.rangeStart) == [nil, 50_000])
  }

  @Test func twoPullsFetchEachFileOnce() async throws {
    let hub = try hub { request, reply in
      var reply = reply
      if Self.weights(request) { reply.pause = (10, 0.2) }
      return reply
    }
    let store = store(hub)
    let name = try name()
    async let first = store.pull(store.describe(name).plan()).folder
    async let second = store.pull(store.describe(name).plan()).folder
    let folders = try await [first, second]
    #expect(folders[0] == folders[1])
    #expect(hub.storeRequests.count == 1)
  }

  @Test func stoppingLeavesNothingInstalled() throws {
    let hub = try hub { request, reply in
      var reply = reply
      if Self.weights(request) { reply.pause = (10, 1) }
      return reply
    }
    #expect(throws: PullError.cancelled) {
      try store(hub).pull("tiny", isCancelled: { !hub.storeRequests.isEmpty })
    }
    #expect(store(hub).locate("tiny") == nil)
  }

  // MARK: Refusals

  @Test func whatIsNotThereIsNotToldFromWhatIsPrivate() throws {
    let hub = try hub()
    let other = try name("org/other")
    #expect(
      throws: PullError.unavailable(
        name: "org/other", attempts: [.init(source: .hub, failure: .missing(other, hasToken: false))])
    ) { try store(hub).describe(other) }
    #expect(
      throws: PullError.unavailable(
        name: "org/other", attempts: [.init(source: .hub, failure: .missing(other, hasToken: true))])
    ) { try store(hub, ["HF_TOKEN": "hf_secret"]).describe(other) }
  }

  @Test func aPrivateModelNeedsTheToken() throws {
    var repository = Self.repository
    repository.token = "hf_secret"
    let hub = try hub(repository)
    #expect(throws: failure(.missing(try name(), hasToken: false))) { try store(hub).pull("tiny") }
    #expect(try !store(hub, ["HF_TOKEN": " hf_secret\n"]).pull("tiny").wasPresent)
    #expect(hub.storeRequests.allSatisfy { $0.headers["authorization"] == nil }, "the token stays with the hub")
    #expect(hub.requests.last?.headers["authorization"] == "Bearer hf_secret")
  }

  @Test func theTokenOfALoginIsFound() throws {
    var repository = Self.repository
    repository.token = "hf_login"
    let hub = try hub(repository)
    try tiny.folder.write("token", "hf_login\n")
    #expect(try !store(hub).pull("tiny").wasPresent)
  }

  @Test(arguments: [nil, "hf_stranger"]) func aGatedModelIsNamedSo(token: String?) throws {
    var repository = Self.repository
    repository.gated = true
    repository.token = "hf_guest"
    let hub = try hub(repository)
    let environment = token.map { ["HF_TOKEN": $0] } ?? [:]
    #expect(throws: failure(.gated(try name(), host: "127.0.0.1", hasToken: token != nil))) {
      try store(hub, environment).pull("tiny")
    }
    #expect(try store(hub).describe(name()).repository.isGated)
  }

  @Test(arguments: ["two\nlines", "späť", String(repeating: "x", count: 5000)])
  func whatIsNoTokenIsNotSent(token: String) throws {
    let hub = try hub()
    #expect(throws: failure(.badToken(place: "HF_TOKEN"))) {
      try store(hub, ["HF_TOKEN": token]).pull("tiny")
    }
    #expect(hub.requests.isEmpty)
  }

  @Test func anUnknownTokenIsNamed() throws {
    let hub = try hub { _, _ in Reply(status: 401) }
    #expect(throws: failure(.tokenRefused(host: "127.0.0.1"))) { try store(hub, ["HF_TOKEN": "hf_x"]).pull("tiny") }
  }

  @Test func tooManyRequestsAreWaitedFor() throws {
    let turns = Mutex(0)
    let hub = try LoopbackHub(models: ["org/tiny": Self.repository]) { request, reply in
      let turn = turns.withLock { count in
        count += 1
        return count
      }
      return turn == 1 ? Reply(status: 429, headers: ["Retry-After": "0"]) : reply
    }
    #expect(try !store(hub).pull("tiny").wasPresent)
    let strict = try self.hub { _, _ in Reply(status: 429, headers: ["Retry-After": "3600"]) }
    try FileManager.default.removeItem(at: tiny.folder("hub"))
    #expect(throws: failure(.rateLimited(host: "127.0.0.1", seconds: 3600))) { try store(strict).pull("tiny") }
    #expect(strict.requests.count == 1, "nobody waits for an hour")
  }

  @Test func troubleOfTheServerIsTriedAgainAndThenNamed() throws {
    let hub = try hub { _, _ in Reply(status: 500) }
    #expect(throws: failure(.broken(host: "127.0.0.1", status: 500))) { try store(hub).pull("tiny") }
    #expect(hub.requests.count == 4)
    #expect(try !tiny.folder.names().contains("hub"))
  }

  @Test func aFileThatTheHubHasNotIsNamed() throws {
    var repository = Self.repository
    repository.files["tokenizer.json"] = nil
    let hub = try hub(repository)
    #expect(throws: failure(.noFile(try name(), file: "tokenizer.json"))) { try store(hub).pull("tiny") }
  }

  @Test func nobodyThereIsNamedByHost() throws {
    let port = try LoopbackServer { _ in Reply() }.port
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

  @Test(arguments: ["ftp://x", "hub", "https://", "https://user:secret@hub.example", "https://hub.example/?a=b"])
  func anEndpointThatIsNoAddressIsNamed(text: String) throws {
    let store = tiny.store(["HF_ENDPOINT": text, "HF_HUB_OFFLINE": "0"])
    #expect(throws: failure(.badEndpoint(variable: "HF_ENDPOINT"))) { try store.pull("tiny") }
  }

  @Test(arguments: ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"]) func offlineIsRespected(variable: String) throws {
    let hub = try hub()
    let store = store(hub, [variable: "TRUE"])
    #expect(throws: failure(.offline(variable: variable))) { try store.pull("tiny") }
    #expect(hub.requests.isEmpty)
  }

  @Test func spaceIsLookedForBefore() throws {
    let hub = try hub { request, reply in
      guard request.path.contains("/tree/") else { return reply }
      return Reply(json: [
        ["type": "file", "path": "config.json", "size": 2, "oid": GitBlob.hex(of: Data("{}".utf8))],
        ["type": "file", "path": "tokenizer.json", "size": 2, "oid": GitBlob.hex(of: Data("{}".utf8))],
        [
          "type": "file", "path": "model.safetensors", "size": 1 << 45, "oid": String(repeating: "0", count: 40),
          "lfs": ["oid": String(repeating: "a", count: 64), "size": 1 << 45],
        ],
      ])
    }
    #expect {
      try store(hub).pull(try store(hub).describe(name()).plan())
    } throws: { error in
      guard case PullError.notEnoughSpace(_, let needed, _)? = error as? PullError else { return false }
      return needed > 1 << 45
    }
    #expect(try !tiny.folder.names().contains("hub"))
  }
}
