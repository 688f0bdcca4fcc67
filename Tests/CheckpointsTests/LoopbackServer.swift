import Foundation
import Synchronization

/// A web server on this machine's own address that answers each request as the test says, one after another.
final class LoopbackServer: Sendable {
  struct Request: Sendable, Equatable {
    let method: String
    let path: String
    /// The first byte asked for.
    let rangeStart: Int?
    let port: UInt16
  }

  struct Reply: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body = Data()
    /// The connection is cut after so many bytes of the body.
    var cut: Int?
  }

  let port: UInt16
  private let listener: Int32
  private let seen = Mutex<[Request]>([])

  /// The requests so far.
  var requests: [Request] { seen.withLock { $0 } }
  var address: String { "http://127.0.0.1:\(port)" }

  init(knowsRanges: Bool = true, answer: @escaping @Sendable (Request) -> Reply) throws {
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
        bind(listener, address, size) == 0 && listen(listener, 8) == 0
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
        if let request = Self.read(connection, port) {
          self?.seen.withLock { $0.append(request) }
          Self.send(answer(request), to: request, connection, knowsRanges)
        }
        close(connection)
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
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let start = range.flatMap { Int($0.dropFirst("range: bytes=".count).prefix { $0.isNumber }) }
    return Request(method: words[0], path: words[1], rangeStart: start, port: port)
  }

  private static func send(_ reply: Reply, to request: Request, _ connection: Int32, _ knowsRanges: Bool) {
    var reply = reply
    if knowsRanges, reply.status == 200, let start = request.rangeStart, start < reply.body.count {
      reply.headers["Content-Range"] = "bytes \(start)-\(reply.body.count - 1)/\(reply.body.count)"
      reply.body = reply.body.dropFirst(start)
      reply.status = 206
    }
    var head = "HTTP/1.1 \(reply.status) Said\r\nConnection: close\r\nContent-Length: \(reply.body.count)\r\n"
    for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
    var data = Data((head + "\r\n").utf8)
    if request.method != "HEAD" { data.append(reply.body.prefix(reply.cut ?? .max)) }
    data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
        let count = Foundation.send(connection, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        guard count > 0 else { return }
        sent += count
      }
    }
  }
}
