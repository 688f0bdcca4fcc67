import Checkpoints
import Foundation
import Notebook

/// Hands the speaker's page to whoever knows the word of this deck. Nothing that a client sends is more than compared
/// with it.
final class NotesServer {
  private struct Client {
    var descriptor: Int32
    var received: [UInt8] = []
    var isKnown = false
    let since = ContinuousClock.now
  }

  private let listener: Int32
  private let address: NotesAddress
  private let file: URL
  private var clients: [Client] = []
  private var sent: (page: NotesPage, since: ContinuousClock.Instant)?

  private static let mostClients = 8
  private static let longestWord = 256
  private static let patience = Duration.seconds(5)

  /// - Throws: `Failure` when this machine gives no port, or the file with its number cannot be written
  init(lesson: String, home: Home) throws(Failure) {
    guard let (listener, port) = Loopback.listen() else {
      throw Failure("Speaker notes have no port on this machine: \(String(cString: strerror(errno))).", .engine)
    }
    self.listener = listener
    address = NotesAddress(port: port)
    file = NotesAddress.file(for: lesson, in: home)
    do {
      try AtomicFolder.makeFolder(file.deletingLastPathComponent())
      unlink(file.path)
      try AtomicFile.write(try JSONEncoder().encode(address), to: file, mode: 0o600)
    } catch {
      close(listener)
      throw Failure(error)
    }
  }

  deinit {
    for client in clients { close(client.descriptor) }
    close(listener)
    // Another deck of this lesson may have begun since.
    if NotesAddress(file)?.token == address.token { unlink(file.path) }
  }

  var descriptors: [Int32] { [listener] + clients.map(\.descriptor) }

  /// Speakers that follow.
  var followers: Int { clients.count { $0.isKnown } }

  func serve(_ ready: Set<Int32>) {
    if ready.contains(listener) { admit() }
    for client in clients where ready.contains(client.descriptor) { hear(client.descriptor) }
    let now = ContinuousClock.now
    for client in clients where !client.isKnown && now - client.since > NotesServer.patience { drop(client.descriptor) }
  }

  /// Tells those who follow, where more than the time has changed.
  func send(_ page: NotesPage) {
    if let sent, page.isSame(as: sent.page) { return }
    sent = (page, ContinuousClock.now)
    for client in clients where client.isKnown { send(to: client.descriptor) }
  }

  private func admit() {
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { return }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // A stranger who says nothing makes room for the next one.
    if clients.count >= NotesServer.mostClients, let silent = clients.first(where: { !$0.isKnown }) {
      drop(silent.descriptor)
    }
    guard clients.count < NotesServer.mostClients else {
      close(descriptor)
      return
    }
    clients.append(Client(descriptor: descriptor))
  }

  private func hear(_ descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &bytes, bytes.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0, let index = clients.firstIndex(where: { $0.descriptor == descriptor }) else {
      return drop(descriptor)
    }
    guard !clients[index].isKnown else { return }
    clients[index].received += bytes[..<count]
    let received = clients[index].received
    guard let end = received.firstIndex(of: 10) else {
      if received.count > NotesServer.longestWord { drop(descriptor) }
      return
    }
    guard received[..<end].elementsEqual(address.token.utf8) else { return drop(descriptor) }
    clients[index].isKnown = true
    send(to: descriptor)
  }

  private func send(to descriptor: Int32) {
    guard var page = sent?.page, let since = sent?.since else { return }
    page.elapsed = page.elapsed.map { $0 + (ContinuousClock.now - since).seconds }
    guard let data = try? JSONEncoder().encode(page) else { return }
    var line = [UInt8](data)
    line.append(10)
    // One who does not read what fits a socket's buffer is gone.
    if write(descriptor, line, line.count) != line.count { drop(descriptor) }
  }

  private func drop(_ descriptor: Int32) {
    guard let index = clients.firstIndex(where: { $0.descriptor == descriptor }) else { return }
    close(descriptor)
    clients.remove(at: index)
  }
}
