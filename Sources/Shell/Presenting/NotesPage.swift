import Drawing
import Foundation
import Lessons
import Notebook

/// What the speaker sees in a second terminal; sent as one line of JSON for each change.
struct NotesPage: Codable, Equatable {
  struct Note: Codable, Equatable {
    var text: String
    /// It belongs to what the room sees now.
    var isCurrent: Bool
  }

  var lesson: String
  var heading: String
  /// From 1.
  var slide: Int
  var slides: Int
  var step: Int
  var steps: Int
  var notes: [Note]
  /// The heading of the next slide.
  var next: String?
  /// What the engine is doing: `running`, `next cell ready`.
  var cell: String?
  /// Seconds since the deck began to move; nil before that.
  var elapsed: Double?
  var spanStart: Double?
  var spanEnd: Double?
  var total: Double
}

extension NotesPage {
  /// Whether only the time differs.
  func isSame(as other: NotesPage) -> Bool {
    guard (elapsed == nil) == (other.elapsed == nil) else { return false }
    var other = other
    other.elapsed = elapsed
    return self == other
  }

  var span: ClosedRange<Double>? {
    guard let spanStart, let spanEnd, spanStart.isFinite, spanEnd.isFinite, spanStart <= spanEnd else { return nil }
    return spanStart...spanEnd
  }

  /// The page as a window shows it.
  /// - Parameter elapsed: seconds now
  func drawing(elapsed: Double?) -> Drawing {
    var parts: [Drawing] = [
      .text(
        .init([.init(heading, .strong), .init("   slide \(slide) of \(slides), step \(step) of \(steps)", .faint)])),
      .text(.init(times(elapsed))), .blank,
    ]
    if notes.isEmpty { parts.append(.text(.init("No notes for this slide.", .faint))) }
    for note in notes {
      parts.append(.text(.init(lines: [[.init(note.text, note.isCurrent ? .plain : .faint)]])))
      parts.append(.blank)
    }
    if let cell { parts.append(.text(.init(cell, .accent))) }
    parts.append(.text(.init(next.map { "Next: \($0)" } ?? "This is the last slide.", .faint)))
    return .stack(parts)
  }

  func times(_ elapsed: Double?) -> [Drawing.Span] {
    guard let elapsed else { return [.init("The clock starts with the first step.", .faint)] }
    var spans: [Drawing.Span] = [.init(clock(elapsed), .strong)]
    if total > 0 { spans.append(.init(" of \(clock(total))", .faint)) }
    guard let span else { return spans }
    let standing = TimeBudget.standing(in: span, after: elapsed)
    return spans + [
      .init("   "), .init(standing.words, standing.role),
      .init("   this slide until \(clock(span.upperBound))", .faint),
    ]
  }
}

/// Where the notes of a deck can be had: a port of this machine and a word that only its owner can read.
struct NotesAddress: Codable {
  var port: UInt16
  var token: String
  var process: Int32

  private static func folder(in home: Home) -> URL { home.folder.appendingPathComponent("presenting") }

  /// The decks that say they are shown, the last one that began first.
  static func all(in home: Home) -> [NotesAddress] {
    let files =
      (try? FileManager.default.contentsOfDirectory(
        at: folder(in: home), includingPropertiesForKeys: [.contentModificationDateKey])) ?? []
    func time(_ file: URL) -> Date {
      (try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate) ?? .distantPast
    }
    return files.filter { $0.pathExtension == "json" }.sorted { time($0) > time($1) }.compactMap(NotesAddress.init)
  }

  /// The file that says so, one for each lesson file.
  static func file(for lesson: String, in home: Home) -> URL {
    let path = URL(fileURLWithPath: lesson).resolvingSymlinksInPath().standardizedFileURL.path
    // FNV-1a; it only has to tell files apart.
    let mark = path.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return folder(in: home).appendingPathComponent(String(mark, radix: 16) + ".json")
  }

  /// nil when no deck of this lesson says that it is shown.
  init?(_ file: URL) {
    guard let data = FileManager.default.contents(atPath: file.path), data.count < 4096,
      let address = try? JSONDecoder().decode(NotesAddress.self, from: data)
    else { return nil }
    self = address
  }

  init(port: UInt16) {
    self.port = port
    var source = SystemRandomNumberGenerator()
    token = [source.next(), source.next()].map { String($0, radix: 16) }.joined()
    process = getpid()
  }
}

/// Sockets of this machine alone.
enum Loopback {
  /// A socket that listens, and its port; nil when there can be none, `errno` says why.
  static func listen() -> (descriptor: Int32, port: UInt16)? {
    let descriptor = open()
    guard descriptor >= 0 else { return nil }
    var address = place(0)
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
    }
    var size = length
    let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) == 0 }
    }
    guard isBound, isNamed, Foundation.listen(descriptor, 8) == 0 else {
      let number = errno
      close(descriptor)
      errno = number
      return nil
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// A socket that is connected to a port of this machine; nil when nobody listens there.
  static func connect(_ port: UInt16) -> Int32? {
    let descriptor = open()
    guard descriptor >= 0 else { return nil }
    var address = place(port)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(descriptor, $0, length) }
    }
    // On loopback a connection that is not refused at once is made at once.
    guard status == 0 || errno == EINPROGRESS else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static let length = socklen_t(MemoryLayout<sockaddr_in>.size)

  private static func open() -> Int32 {
    #if canImport(Darwin)
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    guard descriptor >= 0 else { return -1 }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  private static func place(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
