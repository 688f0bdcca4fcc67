import Foundation
import Testing

/// Speaker notes in a second terminal, and strangers at their port.
@Suite(.serialized) final class SpeakerNotesTests {
  private let home: URL
  init() throws { home = try Driver.folder("notes") }
  deinit { try? FileManager.default.removeItem(at: home) }

  private static let lesson = """
    ---
    lesson: 1
    id: deck
    title: A deck
    ---
    # First
    <!-- time: 1m -->
    Welcome.
    <!-- note: Smile at them. -->

    ## Second
    <!-- note: Now the hard part. -->
    Work.

    """

  private func start(_ words: String...) throws -> PseudoTerminal {
    try Data(Self.lesson.utf8).write(to: home.appendingPathComponent("deck.md"))
    return try Driver.start(home: home, environment: [Driver.words: (["present"] + words).joined(separator: "\n")])
  }

  private var address: (file: URL, port: UInt16, token: String)? {
    struct Address: Decodable {
      let port: UInt16
      let token: String
    }
    let folder = home.appendingPathComponent("attune/presenting")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard let name = names.first(where: { $0.hasSuffix(".json") }) else { return nil }
    let file = folder.appendingPathComponent(name)
    guard let data = try? Data(contentsOf: file), let own = try? JSONDecoder().decode(Address.self, from: data) else {
      return nil
    }
    return (file, own.port, own.token)
  }

  @Test func theSecondTerminalFollowsTheFirst() throws {
    let notes = try start("deck.md", "--notes")
    try notes.screen(shows: "Waiting for `attune present")
    let deck = try start("deck.md")
    try deck.screen(shows: "Welcome.")
    try notes.screen(shows: "First", "slide 1 of 2", "Smile at them.", "Next: Second", "The clock starts")
    deck.type(" ")
    try notes.screen(shows: "Second", "slide 2 of 2", "Now the hard part.", "This is the last slide.", " ahead")
    let file = try #require(address?.file)
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    deck.type("q")
    #expect(try deck.wait() == 0)
    try notes.screen(shows: "Waiting for `attune present")
    #expect(address == nil)
    // Without a name it finds whichever deck is shown.
    let other = try start("--notes")
    let again = try start("deck.md", "--from", "second")
    try other.screen(shows: "Now the hard part.")
    try notes.screen(shows: "Now the hard part.")
    again.type("q")
    other.type("q")
    notes.type("q")
    #expect(try notes.wait() == 0)
  }

  @Test func strangersLearnNothingAndHarmNothing() throws {
    let deck = try start("deck.md")
    try deck.screen(shows: "Welcome.")
    let (_, port, token) = try #require(address)
    let strangers: [[UInt8]] = [
      [], Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), Array("\(token)x\n".utf8), [0, 255, 10, 13, 27],
      Array(repeating: 65, count: 100_000),
    ]
    for bytes in strangers { #expect(answer(port, bytes) == "") }
    // Many who say nothing do not keep a friend out.
    let silent = (0..<12).compactMap { _ in connect(port) }
    defer { silent.forEach { close($0) } }
    #expect(answer(port, Array("\(token)\n".utf8)).contains("\"heading\":\"First\""))
    deck.type(" ")
    try deck.screen(shows: "Work.")
    deck.type("q")
    #expect(try deck.wait() == 0)
  }

  private func connect(_ port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return status == 0 ? descriptor : nil
  }

  /// What the port says to these bytes within a moment, or until it hangs up.
  private func answer(_ port: UInt16, _ bytes: [UInt8]) -> String {
    guard let descriptor = connect(port) else { return "refused" }
    defer { close(descriptor) }
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    if bytes.isEmpty { shutdown(descriptor, Int32(SHUT_WR)) }
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, 2000) > 0 else { return "silence" }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
  }
}
