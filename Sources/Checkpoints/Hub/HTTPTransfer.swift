import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One HTTP request, waited for on the calling thread, which may give it up at any time.
final class HTTPTransfer: NSObject, URLSessionDataDelegate {
  struct Answer {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
  }

  private struct State {
    var answer: Answer?
    var received = 0
    var failure: PullFailure?
    var fileError: FileError?
    var isDone = false
    /// The file may be closed already: nothing is written any more.
    var isGivenUp = false
  }

  /// Where the body goes: an open file that already holds its first `offset` bytes and may grow to `limit`.
  private struct Body {
    let descriptor: Int32
    let path: String
    let offset: Int
    let limit: Int
  }

  private let state = Mutex(State())
  private let body: Body?
  private let changed = DispatchSemaphore(value: 0)

  private init(body: Body?) {
    self.body = body
  }

  /// Asks for a file's headers. A redirection to another host is the answer, not followed: the hub says there
  /// what the file is, and the store behind it does not.
  static func head(_ url: URL, isCancelled: () -> Bool) throws -> Answer {
    var request = URLRequest(url: url)
    request.httpMethod = "HEAD"
    return try HTTPTransfer(body: nil).run(request, isCancelled: isCancelled) { _ in }
  }

  /// Appends what is missing of `bytes` to the file at `place`; the server may also send the whole anew.
  ///
  /// Throws `PullFailure` (`cutShort` when some bytes came and then no more), `FileError` or
  /// `PullError.cancelled`.
  static func download(
    _ url: URL, to place: URL, bytes: Int, _ isCancelled: () -> Bool, progress: (Int) -> Void
  ) throws {
    let path = place.path
    let (descriptor, code) = systemCall { open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw FileError.cannotWrite(path: path, code: code) }
    defer { close(descriptor) }
    var offset = Int(lseek(descriptor, 0, SEEK_END))
    if offset > bytes { offset = 0 }
    guard ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw FileError.cannotWrite(path: path, code: errno)
    }
    if offset == bytes { return progress(bytes) }
    var request = URLRequest(url: url)
    if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
    let body = Body(descriptor: descriptor, path: path, offset: offset, limit: bytes)
    _ = try HTTPTransfer(body: body).run(request, isCancelled: isCancelled, progress: progress)
    let found = Int(lseek(descriptor, 0, SEEK_CUR))
    guard found == bytes else {
      throw PullFailure.cutShort(file: url.lastPathComponent, received: found, expected: bytes)
    }
    guard fsync(descriptor) == 0 else { throw FileError.cannotWrite(path: path, code: errno) }
  }

  private func run(
    _ plain: URLRequest, isCancelled: () -> Bool, progress: (Int) -> Void
  ) throws -> Answer {
    var request = plain
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("attune", forHTTPHeaderField: "User-Agent")
    request.cachePolicy = .reloadIgnoringLocalCacheData
    request.timeoutInterval = 30
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    let task = session.dataTask(with: request)
    task.resume()
    defer { session.invalidateAndCancel() }
    while !state.withLock({ $0.isDone }) {
      _ = changed.wait(timeout: .now() + 0.1)
      if isCancelled() {
        state.withLock { $0.isGivenUp = true }
        task.cancel()
        throw PullError.cancelled
      }
      progress(state.withLock { $0.received })
    }
    let end = state.withLock { $0 }
    if let error = end.fileError { throw error }
    if let failure = end.failure { throw failure }
    guard let answer = end.answer else {
      throw PullFailure.unreachable(host: request.url?.host ?? "", reason: "")
    }
    guard (200..<400).contains(answer.status) else {
      throw PullFailure.refused(url: request.url?.absoluteString ?? "", status: answer.status)
    }
    return answer
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let from = response.url ?? task.originalRequest?.url
    let isSameHost = request.url?.host == from?.host && request.url?.port == from?.port
    let isAsSafe = request.url?.scheme == from?.scheme || request.url?.scheme == "https"
    completionHandler(isAsSafe && (isSameHost || body != nil) ? request : nil)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    guard let response = response as? HTTPURLResponse else { return completionHandler(.cancel) }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields {
      headers["\(name)".lowercased()] = "\(value)"
    }
    let answer = Answer(status: response.statusCode, headers: headers)
    let isUsable = state.withLock { state -> Bool in
      state.answer = answer
      state.received = answer.status == 206 ? body?.offset ?? 0 : 0
      return !state.isGivenUp && accepts(answer)
    }
    completionHandler(isUsable ? .allow : .cancel)
  }

  /// Makes the file ready for the body that this answer announces.
  private func accepts(_ answer: Answer) -> Bool {
    guard let body else { return true }
    switch answer.status {
    case 206: return answer.headers["content-range"]?.hasPrefix("bytes \(body.offset)-") ?? false
    case 200, 416:
      ftruncate(body.descriptor, 0)
      lseek(body.descriptor, 0, SEEK_SET)
      return answer.status == 200
    default: return false
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard let body else { return }
    let name = dataTask.originalRequest?.url?.lastPathComponent ?? ""
    let mustStop = state.withLock { state -> Bool in
      guard !state.isGivenUp, state.failure == nil, state.fileError == nil else { return true }
      state.received += data.count
      guard state.received <= body.limit else {
        state.failure = .sizeMismatch(file: name, expected: body.limit, found: state.received)
        return true
      }
      let sink = FileSink(descriptor: body.descriptor, path: body.path)
      do {
        try data.withUnsafeBytes { try sink.write($0) }
        return false
      } catch {
        state.fileError = error as? FileError
        return true
      }
    }
    if mustStop { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    state.withLock { state in
      if let error, state.answer == nil {
        state.failure = .unreachable(
          host: task.originalRequest?.url?.host ?? "", reason: error.localizedDescription)
      }
      state.isDone = true
    }
    changed.signal()
  }
}
