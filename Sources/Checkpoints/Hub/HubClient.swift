import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Asks the hub, follows where it points, tries again what may pass, and turns what it refuses into facts.
struct HubClient {
  static let attempts = 4
  static let mostHops = 8
  /// Seconds that a server may make us wait before another try; longer is told to the user instead.
  static let longestWait = 60
  /// Of an answer that is kept in memory.
  static let longestAnswer = 64 << 20

  let settings: HubSettings
  let watch: TransferWatch
  /// Seconds before another try; longer each time.
  let pause: Double

  /// The body and headers of an answer.
  /// - Parameters:
  ///   - subject: what errors are about
  ///   - file: of the subject, where one is asked for
  func get(
    _ url: URL?, of subject: HubName, file: String? = nil, limit: Int = longestAnswer
  ) throws -> HTTPTransfer.Answer {
    let url = try known(url)
    return try trying {
      try follow(url, of: subject, file: file, [:], .memory(limit: limit)) { _ in }
    }
  }

  /// Appends what is missing of `bytes` to the file at `place`; the server may also send the whole anew.
  /// - Throws: `PullFailure`, `FileError`, `PullError.cancelled`; what has come stays for next time
  func download(
    _ url: URL?, of subject: HubName, file: String, to place: URL, bytes: Int, progress: (Int) -> Void
  ) throws {
    let url = try known(url)
    var reached = FileTree.bytes(place)
    var attempt = 0
    while true {
      do {
        return try once(url, of: subject, file: file, to: place, bytes: bytes, progress: progress)
      } catch let failure as PullFailure {
        let now = FileTree.bytes(place)
        // A connection that brings something may break as often as it likes.
        attempt = now > reached + 1 << 20 ? 1 : attempt + 1
        reached = now
        guard attempt < Self.attempts, let pause = pause(after: failure, attempt) else { throw failure }
        try sleep(pause)
      }
    }
  }

  private func once(
    _ url: URL, of subject: HubName, file: String, to place: URL, bytes: Int, progress: (Int) -> Void
  ) throws {
    let path = place.path
    let (descriptor, code) = systemCall { open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666) }
    guard descriptor >= 0 else { throw FileError.cannotWrite(path: path, code: code) }
    defer { close(descriptor) }
    var offset = Int(lseek(descriptor, 0, SEEK_END))
    if offset > bytes { offset = 0 }
    guard ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw FileError.cannotWrite(path: path, code: errno)
    }
    if offset < bytes {
      let growing = HTTPTransfer.Growing(descriptor: descriptor, path: path, offset: offset, limit: bytes)
      let fields = offset > 0 ? ["Range": "bytes=\(offset)-"] : [:]
      _ = try follow(url, of: subject, file: file, fields, .file(growing), progress: progress)
      let found = Int(lseek(descriptor, 0, SEEK_CUR))
      guard found == bytes else { throw PullFailure.cutShort(file: file, received: found, expected: bytes) }
    }
    guard fsync(descriptor) == 0 else { throw FileError.cannotWrite(path: path, code: errno) }
    progress(bytes)
  }

  /// Goes from one address to the next. The token stays with the hub's own servers.
  private func follow(
    _ url: URL, of subject: HubName, file: String?, _ fields: [String: String], _ sink: HTTPTransfer.Sink,
    progress: (Int) -> Void
  ) throws -> HTTPTransfer.Answer {
    var place = url
    for _ in 0...Self.mostHops {
      var request = URLRequest(url: place)
      for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
      if let token = settings.token, settings.trusts(place) {
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
      }
      let answer = try HTTPTransfer.run(request, sink, watch, progress: progress)
      let host = place.host ?? ""
      guard [301, 302, 303, 307, 308].contains(answer.status) else {
        if answer.isSuccess { return answer }
        throw settings.trusts(place)
          ? refusal(answer, host: host, of: subject, file: file)
          : PullFailure.storeRefused(host: host, status: answer.status)
      }
      guard let text = answer.headers["location"], let next = URL(string: text, relativeTo: place)?.absoluteURL,
        let scheme = next.scheme?.lowercased(), ["http", "https"].contains(scheme), let target = next.host
      else { throw PullFailure.badAnswer(host: host, field: "location") }
      guard scheme == "https" || place.scheme?.lowercased() == "http" else {
        throw PullFailure.unsafeRedirect(host: host, target: target)
      }
      place = next
    }
    throw PullFailure.tooManyRedirects(host: url.host ?? "")
  }

  /// What the hub means by a status, by the code it puts beside it.
  private func refusal(
    _ answer: HTTPTransfer.Answer, host: String, of subject: HubName, file: String?
  ) -> PullFailure {
    let hasToken = settings.token != nil
    switch (answer.status, answer.headers["x-error-code"]) {
    case (_, "GatedRepo"): return .gated(subject, host: host, hasToken: hasToken)
    case (_, "RevisionNotFound"): return .noRevision(subject)
    case (_, "EntryNotFound"): return .noFile(subject, file: file ?? "")
    case (_, "RepoNotFound"): return .missing(subject, hasToken: hasToken)
    case (404, _): return file.map { .noFile(subject, file: $0) } ?? .missing(subject, hasToken: hasToken)
    case (401, _): return hasToken ? .tokenRefused(host: host) : .missing(subject, hasToken: false)
    case (403, _): return .forbidden(subject, host: host)
    case (429, _):
      return .rateLimited(host: host, seconds: Self.rest(answer.headers))
    case (500..., _): return .broken(host: host, status: answer.status)
    default: return .refused(host: host, status: answer.status)
    }
  }

  /// Seconds that a server wants to be left alone: `Retry-After`, or the `t` of `RateLimit` (an IETF draft that the hub
  /// follows).
  private static func rest(_ headers: [String: String]) -> Int? {
    if let seconds = headers["retry-after"].flatMap({ Int($0) }) { return max(0, seconds) }
    let parts = (headers["ratelimit"] ?? "").split { ";, ".contains($0) }
    return parts.first { $0.hasPrefix("t=") }.flatMap { Int($0.dropFirst(2)) }.map { max(0, $0) }
  }

  private func known(_ url: URL?) throws(PullFailure) -> URL {
    guard let url else { throw .badEndpoint(variable: "HF_ENDPOINT") }
    return url
  }

  private func trying<Result>(_ body: () throws -> Result) throws -> Result {
    var attempt = 0
    while true {
      do {
        return try body()
      } catch let failure as PullFailure {
        attempt += 1
        guard attempt < Self.attempts, let pause = pause(after: failure, attempt) else { throw failure }
        try sleep(pause)
      }
    }
  }

  /// Seconds until the same may well succeed; nil where it will not.
  private func pause(after failure: PullFailure, _ attempt: Int) -> Double? {
    switch failure {
    case .rateLimited(_, let seconds?): seconds <= Self.longestWait ? Double(seconds) : nil
    case .rateLimited, .cutShort, .unreachable, .silent, .broken, .storeRefused: pause * Double(attempt)
    case .refused(_, let status): status == 416 || status == 408 ? pause * Double(attempt) : nil
    default: nil
    }
  }

  private func sleep(_ seconds: Double) throws(PullError) {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if watch.isCancelled() { throw .cancelled }
      Thread.sleep(forTimeInterval: min(0.1, seconds))
    }
  }
}
