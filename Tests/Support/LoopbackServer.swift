import Foundation
import Synchronization

/// A web server on this machine's own address that answers each request as the test says, several at a time.
package final class LoopbackServer: Sendable {
  package struct Request: Sendable, Equatable {
    package let method: String
    /// Without what is behind the question mark.
    package let path: String
    /// Unescaped.
    package let query: [String: String]
    /// Names in lower case.
    package let headers: [String: String]
    package let port: UInt16

    /// The first byte asked for.
    package var rangeStart: Int? {
      headers["range"].flatMap { Int($0.dropFirst("bytes=".count).prefix { $0.isNumber }) }
    }

    /// The parts of the path, unescaped.
    package var parts: [String] {
      path.split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
    }
  }

  package struct Reply: Sendable {
    package var status = 200
    package var headers: [String: String] = [:]
    package var body = Data()
    /// The connection is cut after so many bytes of the body.
    package var cut: Int?
    /// Nothing more is sent for a while after so many bytes of the body.
    package var pause: (after: Int, seconds: Double)?
    /// Sends whatever it likes instead, as long as the other side listens.
    package var takeOver: (@Sendable (_ send: (Data) -> Bool) -> Void)?
    package var knowsRanges = true

    package init(status: Int = 200, headers: [String: String] = [:], body: Data = Data()) {
      (self.status, self.headers, self.body) = (status, headers, body)
    }

    package init(json: Any, headers: [String: String] = [:]) {
      self.init(headers: headers, body: (try? JSONSerialization.data(withJSONObject: json)) ?? Data())
    }
  }

  package let port: UInt16
  private let listener: Int32
  private let seen = Mutex<[Request]>([])

  /// The requests so far.
  package var requests: [Request] { seen.withLock { $0 } }
  package var address: String { "http://127.0.0.1:\(port)" }

  package init(answer: @escaping @Sendable (Request) -> Reply) throws {
    struct NoSocket: Error {}
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let listener = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 32) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard listener >= 0, bound else { throw NoSocket() }
    self.listener = listener
    let port = UInt16(bigEndian: address.sin_port)
    self.port = port
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        let server = self
        Thread.detachNewThread {
          if let request = Self.read(connection, port) {
            server?.seen.withLock { $0.append(request) }
            Self.send(answer(request), to: request, connection)
          }
          close(connection)
        }
      }
      close(listener)
    }
  }

  /// The thread closes the socket: its number, used again by another server, must not be one that a thread still asks.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private static func read(_ connection: Int32, _ port: UInt16) -> Request? {
    var text = ""
    var piece = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      text += String(decoding: piece.prefix(count), as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ").map(String.init)
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    let target = words[1].split(separator: "?", maxSplits: 1).map(String.init)
    var query: [String: String] = [:]
    for pair in target.count == 2 ? target[1].split(separator: "&") : [] {
      let sides = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
      query[sides[0]] = sides.count == 2 ? sides[1] : ""
    }
    return Request(method: words[0], path: target.first ?? "/", query: query, headers: headers, port: port)
  }

  private static func send(_ reply: Reply, to request: Request, _ connection: Int32) {
    func send(_ data: Data) -> Bool {
      data.withUnsafeBytes { bytes in
        var sent = 0
        while sent < bytes.count {
          let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
          let count = Foundation.send(connection, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
          guard count > 0 else { return false }
          sent += count
        }
        return true
      }
    }
    if let takeOver = reply.takeOver { return takeOver(send) }
    var reply = reply
    if reply.knowsRanges, reply.status == 200, let start = request.rangeStart, start < reply.body.count {
      reply.headers["Content-Range"] = "bytes \(start)-\(reply.body.count - 1)/\(reply.body.count)"
      reply.body = Data(reply.body.dropFirst(start))
      reply.status = 206
    }
    var head = "HTTP/1.1 \(reply.status) Said\r\nConnection: close\r\n"
    if reply.headers["Content-Length"] == nil { head += "Content-Length: \(reply.body.count)\r\n" }
    for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
    guard send(Data((head + "\r\n").utf8)), request.method != "HEAD" else { return }
    var body = reply.body.prefix(reply.cut ?? .max)
    if let pause = reply.pause {
      guard send(Data(body.prefix(pause.after))) else { return }
      Thread.sleep(forTimeInterval: pause.seconds)
      body = body.dropFirst(pause.after)
    }
    _ = send(Data(body))
  }
}
