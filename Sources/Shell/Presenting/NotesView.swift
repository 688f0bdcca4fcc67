import Drawing
import Foundation
import Lessons
import Notebook

/// The second terminal: follows a deck that is shown in another one, and waits for it where it is not shown yet.
final class NotesView {
  /// Where the deck may be had, the likeliest first.
  private let addresses: () -> [NotesAddress]
  private let name: String
  private let style: TerminalStyle
  private let canvas = Canvas(cast: nil)
  private var keys = KeyParser()
  private var connection: Int32?
  private var connected = ContinuousClock.now
  private var received: [UInt8] = []
  private var page: (page: NotesPage, since: ContinuousClock.Instant)?
  private var scroll = 0
  private static let longestLine = 1 << 20

  /// - Parameter lesson: the file of the deck; nil for whichever began last
  init(lesson: String?, home: Home, style: TerminalStyle) {
    addresses = {
      guard let lesson else { return NotesAddress.all(in: home) }
      return NotesAddress(NotesAddress.file(for: lesson, in: home)).map { [$0] } ?? []
    }
    name = lesson ?? "LESSON"
    self.style = style
  }

  deinit { if let connection { close(connection) } }

  /// Until `q`, Ctrl-C or the end of the terminal.
  func run() {
    Signals.hearing {
      canvas.begin()
      defer { canvas.end() }
      var isOver = false
      while !isOver, !canvas.hasFailed {
        connectIfNeeded()
        draw()
        let wait: Int32 = keys.isOpen ? 50 : 1000
        let (ready, event) = Signals.wait(
          for: [STDIN_FILENO] + (connection.map { [$0] } ?? []), milliseconds: wait)
        switch event {
        case .interrupt: isOver = true
        case .resize: canvas.measure()
        case .resume: canvas.begin()
        case nil: break
        }
        if ready.contains(STDIN_FILENO), !Terminal.read(into: &keys) { isOver = true }
        while let key = keys.next(isOver: ready.isEmpty) { if press(key) { isOver = true } }
        if let connection, ready.contains(connection) { hear(connection) }
      }
    }
  }

  /// Whether the key leaves.
  private func press(_ key: DeckKey) -> Bool {
    switch key {
    case .character("q"): return true
    case .down, .character("j"): scroll += 1
    case .up, .character("k"): scroll = max(0, scroll - 1)
    case .pageDown, .character(" "): scroll += canvas.size.rows - 3
    case .pageUp: scroll = max(0, scroll - canvas.size.rows + 3)
    default: break
    }
    return false
  }

  private func connectIfNeeded() {
    // Whoever has that port now is no deck.
    if connection != nil, page == nil, ContinuousClock.now - connected > .seconds(3) { disconnect() }
    guard connection == nil else { return }
    for address in addresses() {
      guard let descriptor = Loopback.connect(address.port) else { continue }
      let word = Array((address.token + "\n").utf8)
      if write(descriptor, word, word.count) == word.count {
        (connection, connected, received) = (descriptor, ContinuousClock.now, [])
        return
      }
      close(descriptor)
    }
  }

  private func hear(_ descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    if count > 0 { received += bytes[..<count] }
    while let end = received.firstIndex(of: 10) {
      if let new = try? JSONDecoder().decode(NotesPage.self, from: Data(received[..<end])) {
        if new.slide != page?.page.slide { scroll = 0 }
        page = (new, ContinuousClock.now)
      }
      received.removeSubrange(...end)
    }
    guard count <= 0 || received.count > NotesView.longestLine else { return }
    disconnect()
  }

  private func disconnect() {
    if let connection { close(connection) }
    (connection, page) = (nil, nil)
  }

  private func draw() {
    var style = style
    (style.width, style.height) = (canvas.size.columns, canvas.size.rows - 1)
    guard let (page, since) = page, connection != nil else {
      let text = "Waiting for `attune present \(name)` in another terminal; q leaves."
      return canvas.draw(Drawing.text(.init(text, .faint)).lines(style))
    }
    let elapsed = page.elapsed.map { $0 + (ContinuousClock.now - since).seconds }
    let lines = page.drawing(elapsed: elapsed).lines(style)
    let room = canvas.size.rows - 1
    scroll = min(scroll, max(0, lines.count - room))
    let seen = Array(lines.dropFirst(scroll).prefix(room))
    let hint = lines.count > room ? "↑↓ scroll, q leaves" : "q leaves"
    let foot = Drawing.text(.init(style.unicode ? hint : hint.replacing("↑↓", with: "arrows"), .faint)).lines(style)
    canvas.draw(seen + Array(repeating: "", count: max(0, room - seen.count)) + foot.prefix(1))
  }
}

/// Keys of the terminal, as many as are there.
enum Terminal {
  /// False at the end of the terminal.
  static func read(into keys: inout KeyParser) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Foundation.read(STDIN_FILENO, &bytes, bytes.count)
    if count > 0 { keys.feed(bytes[..<count]) }
    return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN))
  }
}
