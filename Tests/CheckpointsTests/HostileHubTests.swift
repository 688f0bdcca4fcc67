import Checkpoints
import Foundation
import TestSupport
import Testing

/// A server that means harm gains nothing: no file outside of the cache, no wrong content, no memory, no endless wait.
@Suite struct HostileHubTests {
  typealias Reply = LoopbackServer.Reply
  let tiny: TinyModel
  let name: HubName

  init() throws {
    tiny = try TinyModel(wheel: false)
    name = try #require(HubName("org/tiny"))
  }

  func hub(
    _ change: @escaping @Sendable (LoopbackServer.Request, Reply) -> Reply
  ) throws -> LoopbackHub { try LoopbackHub(models: ["org/tiny": HubPullTests.repository], change: change) }

  func pull(_ hub: LoopbackHub, patience: Double = 5) throws -> InstalledModel {
    let store = tiny.store(["HF_ENDPOINT": hub.address, "HF_HUB_OFFLINE": "0"], patience: patience)
    return try store.pull(try store.describe(name).plan())
  }

  /// Why a pull fails.
  func failure(_ hub: LoopbackHub, patience: Double = 5) -> PullFailure? {
    do {
      _ = try pull(hub, patience: patience)
    } catch PullError.unavailable(_, let attempts) {
      return attempts.first?.failure
    } catch {}
    return nil
  }

  @Test(arguments: [
    "../../../evil.json", "/etc/evil.json", "..", "a/../../../../evil.safetensors", "model-..\\..-of-1.safetensors",
    "model-00001-of-../x.safetensors", ".hidden.gguf", "../x.gguf",
  ]) func aNameThatLeavesTheCacheIsNeverWritten(path: String) throws {
    var repository = HubPullTests.repository
    repository.files[path] = Data("evil".utf8)
    let hub = try LoopbackHub(models: ["org/tiny": repository])
    let model = try pull(hub)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: model.folder.path).sorted()
        == TinyModel.contents.keys.sorted())
    #expect(!hub.requests.contains { $0.path.contains("evil") })
  }

  @Test(arguments: [
    ("oid", "../../x"), ("oid", String(repeating: "g", count: 40)), ("oid", ""), ("size", "-1"), ("size", "1e300"),
  ]) func aListingThatMakesNoSenseIsRefused(field: String, value: String) throws {
    let hub = try hub { request, reply in
      guard request.path.contains("/tree/") else { return reply }
      var entry: [String: Any] = [
        "type": "file", "path": "config.json", "size": 2, "oid": GitBlob.hex(of: Data("{}".utf8)),
      ]
      entry[field] = field == "size" ? Double(value) as Any : value
      return Reply(json: [entry])
    }
    #expect(failure(hub) == .badAnswer(host: "127.0.0.1", field: field))
    #expect(try tiny.folder.names() == [])
  }

  @Test(arguments: ["../..", "", "main", "/etc/passwd"]) func aCommitThatIsNoneIsRefused(commit: String) throws {
    let hub = try hub { request, reply in
      request.path.contains("/revision/") ? Reply(json: ["id": "org/tiny", "sha": commit]) : reply
    }
    #expect(failure(hub) == .badAnswer(host: "127.0.0.1", field: "sha"))
  }

  @Test func anAnswerThatIsNotTheHubsIsRefused() throws {
    let html = try hub { _, _ in Reply(body: Data("<html>".utf8)) }
    #expect(failure(html) == .badAnswer(host: "127.0.0.1", field: "sha"))
    let nested = try hub { _, _ in Reply(body: Data(String(repeating: "[", count: 500_000).utf8)) }
    #expect(failure(nested) == .badAnswer(host: "127.0.0.1", field: "sha"))
  }

  @Test(arguments: ["config.json", "model.safetensors"]) func aWrongContentIsThrownAway(file: String) throws {
    let hub = try hub { request, reply in
      guard request.path.hasSuffix(file) || (file == "model.safetensors" && request.path.hasPrefix("/store/")),
        reply.status == 200
      else { return reply }
      var reply = reply
      reply.body[1] ^= 1
      return reply
    }
    guard case .hashMismatch(let wrong, _, _)? = failure(hub) else {
      Issue.record("it was taken")
      return
    }
    #expect(wrong == file)
    let tag = try #require(TinyModel.contents[file]).count > 100 ? 64 : 40
    #expect(try !tiny.folder.names("hub/models--org--tiny/blobs").contains { $0.utf8.count == tag && $0.contains(".") })
    #expect(try !tiny.folder.names("hub/models--org--tiny").contains("refs"))
  }

  @Test func anEndlessBodyEndsAtTheSizeThatWasAnnounced() throws {
    let hub = try hub { request, reply in
      guard request.path.hasPrefix("/store/") else { return reply }
      var reply = reply
      reply.takeOver = { send in
        guard send(Data("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)) else { return }
        let piece = Data(count: 1 << 16)
        for _ in 0..<100_000 where !send(piece) { return }
      }
      return reply
    }
    #expect(failure(hub) == .tooLong(host: "localhost", limit: 200_000))
    let blobs = try tiny.folder.names("hub/models--org--tiny/blobs")
    let unfinished = try #require(blobs.first { $0.hasSuffix(".incomplete") })
    let size =
      try FileManager.default.attributesOfItem(
        atPath: tiny.folder("hub/models--org--tiny/blobs/\(unfinished)").path)[.size] as? Int
    #expect(try #require(size) <= 200_000)
  }

  @Test func redirectionsWithoutEndAreLeft() throws {
    let hub = try hub { request, _ in
      Reply(status: 302, headers: ["Location": "http://127.0.0.1:\(request.port)\(request.path)x"])
    }
    #expect(failure(hub) == .tooManyRedirects(host: "127.0.0.1"))
    #expect(hub.requests.count == 9)
  }

  @Test(arguments: ["", "file:///etc/passwd", "gopher://x/", "http://"]) func aRedirectionToNowhereIsRefused(
    target: String
  ) throws {
    let hub = try hub { _, _ in Reply(status: 302, headers: ["Location": target]) }
    let found = failure(hub)
    guard !target.isEmpty else {
      #expect(found != nil)
      return
    }
    #expect(found == .badAnswer(host: "127.0.0.1", field: "location") || found == .tooManyRedirects(host: "127.0.0.1"))
  }

  @Test func aListingThatGoesOnElsewhereIsRefused() throws {
    let other = try LoopbackServer { _ in Reply(body: Data("[]".utf8)) }
    let address = other.address
    let hub = try hub { request, reply in
      guard request.path.contains("/tree/") else { return reply }
      var reply = reply
      reply.headers["Link"] = "<\(address)/next>; rel=\"next\""
      return reply
    }
    #expect(failure(hub) == .badAnswer(host: "127.0.0.1", field: "link"))
    #expect(other.requests.isEmpty)
  }

  @Test func aListingWithoutEndIsLeft() throws {
    let hub = try hub { request, reply in
      guard request.path.contains("/tree/") else { return reply }
      var reply = reply
      reply.headers["Link"] = "<http://127.0.0.1:\(request.port)\(request.path)>; rel=\"next\""
      return reply
    }
    guard case .tooLong? = failure(hub) else {
      Issue.record("it was read on")
      return
    }
    #expect(hub.requests.count < 150)
  }

  @Test(arguments: [true, false]) func headersWithoutEndAreLeft(isOneLine: Bool) throws {
    let hub = try hub { _, _ in
      var reply = Reply()
      reply.takeOver = { send in
        guard send(Data("HTTP/1.1 200 OK\r\n".utf8)) else { return }
        let line =
          isOneLine ? String(repeating: "x", count: 1 << 16) : "X-Filler: \(String(repeating: "y", count: 8000))\r\n"
        for _ in 0..<100_000 where !send(Data(line.utf8)) { return }
      }
      return reply
    }
    let start = ContinuousClock.now
    guard let failure = failure(hub, patience: 0.5) else {
      Issue.record("they were taken")
      return
    }
    switch failure {
    case .unreachable, .silent: break
    default: Issue.record("\(failure)")
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
