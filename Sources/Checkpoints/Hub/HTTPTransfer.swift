import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// How long and for whom a transfer goes on.
struct TransferWatch {
  /// Seconds without a byte after which a server is given up.
  var patience = 30.0
  let isCancelled: () -> Bool
}

/// One HTTP request and its one answer, waited for on the calling thread, which may give it up at any time.
///
/// A redirection is an answer like any other: who follows it decides what the next host may know.
final class HTTPTransfer: NSObject, URLSessionDataDelegate {
  struct Answer {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    var body = Data()

    var isSuccess: Bool { (200..<300).contains(status) }
  }

  /// Where the body of a success goes; every other body is left where it is.
  enum Sink {
    /// Kept, and refused when it is longer.
    case memory(limit: Int)
    case file(Growing)
  }

  /// An open file that already holds its first `offset` bytes and may grow to `limit`.
  struct Growing {
    let descriptor: Int32
    let path: String
    let offset: Int
    let limit: Int
  }

  private struct State {
    var answer: Answer?
    var received = 0
    var failure: PullFailure?
    var fileError: FileError?
    var isDone = false
    /// Nobody waits any more.
    var isGivenUp = false
    /// Counts what the server did, so that silence is noticed.
    var signs = 0
  }

  private let state = Mutex(State())
  private let sink: Sink
  private let host: String
  private let changed = DispatchSemaphore(value: 0)

  private init(_ sink: Sink, host: String) {
    self.sink = sink
    self.host = host
  }

  /// - Parameter progress: told ten times a second how many bytes of the whole file are there
  /// - Throws: `PullFailure`, `FileError`, `PullError.cancelled`
  static func run(
    _ request: URLRequest, _ sink: Sink, _ watch: TransferWatch, progress: (Int) -> Void = { _ in }
  ) throws -> Answer {
    try HTTPTransfer(sink, host: request.url?.host ?? "").run(request, watch, progress)
  }

  private func run(_ plain: URLRequest, _ watch: TransferWatch, _ progress: (Int) -> Void) throws -> Answer {
    var request = plain
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("attune", forHTTPHeaderField: "User-Agent")
    request.cachePolicy = .reloadIgnoringLocalCacheData
    request.timeoutInterval = max(60, watch.patience * 2)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    let queue = TransferQueue()
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: queue)
    session.dataTask(with: request).resume()
    defer {
      // The file may be closed behind this: nothing is written any more.
      state.withLock { $0.isGivenUp = true }
      queue.close()
      // It waits for the reader of the connection, which a fast server keeps busy.
      DispatchQueue.global().async { session.invalidateAndCancel() }
    }
    try wait(watch, progress)
    let end = state.withLock { $0 }
    if let error = end.fileError { throw error }
    if let failure = end.failure { throw failure }
    guard let answer = end.answer else { throw PullFailure.unreachable(host: host, reason: "no answer") }
    progress(end.received)
    return answer
  }

  private func wait(_ watch: TransferWatch, _ progress: (Int) -> Void) throws {
    var (signs, lastSign) = (0, ContinuousClock.now)
    while true {
      let now = state.withLock { ($0.isDone, $0.signs, $0.received) }
      if now.0 { return }
      _ = changed.wait(timeout: .now() + 0.1)
      if watch.isCancelled() { throw PullError.cancelled }
      if now.1 != signs { (signs, lastSign) = (now.1, .now) }
      if ContinuousClock.now - lastSign > .seconds(watch.patience) {
        throw PullFailure.silent(host: host, seconds: max(1, Int(watch.patience)))
      }
      progress(now.2)
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) { completionHandler(nil) }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    guard let response = response as? HTTPURLResponse else { return completionHandler(.cancel) }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
    let answer = Answer(status: response.statusCode, headers: headers)
    let isWanted = state.withLock { state -> Bool in
      state.answer = answer
      state.signs += 1
      guard !state.isGivenUp, accepts(answer) else {
        // The headers are all that is wanted; what follows them may be endless.
        state.isDone = true
        return false
      }
      if answer.status == 206, case .file(let file) = sink { state.received = file.offset }
      return true
    }
    completionHandler(isWanted ? .allow : .cancel)
    if !isWanted { changed.signal() }
  }

  /// Makes a file ready for the body that this answer announces.
  private func accepts(_ answer: Answer) -> Bool {
    guard case .file(let file) = sink else { return answer.isSuccess }
    switch answer.status {
    case 206: return answer.headers["content-range"]?.hasPrefix("bytes \(file.offset)-") ?? false
    case 200, 416:
      ftruncate(file.descriptor, 0)
      lseek(file.descriptor, 0, SEEK_SET)
      return answer.status == 200
    default: return false
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    state.withLock { state in
      guard !state.isGivenUp, !state.isDone else { return }
      state.signs += 1
      state.received += data.count
      take(data, &state)
      // Whoever waits ends the transfer.
      if state.failure != nil || state.fileError != nil { state.isDone = true }
    }
  }

  private func take(_ data: Data, _ state: inout State) {
    switch sink {
    case .memory(let limit):
      guard state.received <= limit else { return state.failure = .tooLong(host: host, limit: limit) }
      state.answer?.body.append(data)
    case .file(let file):
      guard state.received <= file.limit else { return state.failure = .tooLong(host: host, limit: file.limit) }
      do {
        try data.withUnsafeBytes { try FileSink(descriptor: file.descriptor, path: file.path).write($0) }
      } catch {
        state.fileError = error as? FileError ?? .cannotWrite(path: file.path, code: EIO)
      }
    }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    state.withLock { state in
      guard !state.isDone else { return }
      if let error {
        if state.answer == nil {
          state.failure = .unreachable(host: host, reason: error.localizedDescription)
        } else if case .memory = sink {
          state.failure = .unreachable(host: host, reason: "it broke off")
        }
      }
      state.isDone = true
    }
    changed.signal()
  }
}
