import Foundation
import Notebook
import Synchronization

/// Signals as the shell hears them: Ctrl-C stops the running command, or wakes whoever waits for a key.
///
/// Handlers run at any moment, so they only store atomics, write bytes and restore the terminal.
enum Signals {
  enum Event: UInt8 {
    case interrupt, resize, resume
  }

  /// What ended a wait for input.
  enum Wake {
    case readable
    case event(Event)
    case failed
  }

  private static let wakeReader = Atomic<Int32>(-1)
  private static let wakeWriter = Atomic<Int32>(-1)
  private static let isReading = Atomic<Bool>(false)
  private static let hearsFaults = Atomic<Bool>(false)
  /// What each signal did before: its default, or the report of a crash. Written before the first handler is installed.
  nonisolated(unsafe) private static let earlier = UnsafeMutablePointer<sigaction>.allocate(capacity: mostSignals)
  private static let mostSignals = 65
  private static let firstInterrupt = Atomic<Int>(0)
  private static let owesWay = Atomic<Bool>(false)
  private static let way: StaticString = "\nStill finishing a step. Ctrl-\\ quits attune at once.\n"

  /// From here on Ctrl-C is a wish, a closed pipe an error code; a deadly signal leaves a usable terminal.
  static func install() {
    Interrupt.forget()
    commandBegins()
    openPipe()
    TerminalModes.remember()
    signal(SIGPIPE, SIG_IGN)
    hearFaults()
    handle(SIGINT) { _ in Signals.interrupted() }
    handle(SIGWINCH) { _ in Signals.post(.resize) }
    handle(SIGCONT) { _ in Signals.post(.resume) }
    for number in [SIGTERM, SIGHUP, SIGQUIT] { handle(number) { Signals.end($0) } }
  }

  /// Ctrl-Z: the terminal goes back to the OS shell as it was. Only an editor, which changes it, asks.
  static func installSuspend() {
    handle(SIGTSTP) { _ in Signals.suspend() }
  }

  /// A new command runs: its first Ctrl-C asks for a stop, a later one says how to leave.
  static func commandBegins() {
    firstInterrupt.store(0, ordering: .relaxed)
    owesWay.store(false, ordering: .relaxed)
  }

  /// What a second Ctrl-C wants said and could not, since a picture was being redrawn. Said once.
  static func takeOwedWay() -> String? {
    owesWay.exchange(false, ordering: .relaxed) ? String(describing: way) : nil
  }

  /// Waits until `descriptor` has bytes or a signal came. Meanwhile Ctrl-C is an event and stops no command; one that
  /// came just before, since the last `drain`, is an event too.
  static func wait(for descriptor: Int32) -> Wake {
    isReading.store(true, ordering: .relaxed)
    defer { isReading.store(false, ordering: .relaxed) }
    if Interrupt.isRequested { return .event(.interrupt) }
    let reader = wakeReader.load(ordering: .relaxed)
    while true {
      var waits = [
        pollfd(fd: reader, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&waits, nfds_t(waits.count), -1)
      if ready < 0 && errno != EINTR { return .failed }
      guard ready > 0 else { continue }
      if waits[0].revents & Int16(POLLIN) != 0 {
        var byte: UInt8 = 0
        if read(reader, &byte, 1) == 1, let event = Event(rawValue: byte) { return .event(event) }
      }
      if waits[1].revents != 0 { return .readable }
    }
  }

  /// While `body` runs, Ctrl-C is an event for whoever waits with `wait(for:milliseconds:)`, and a command that runs on
  /// another thread is stopped by asking `Interrupt`.
  static func hearing<Result>(_ body: () throws -> Result) rethrows -> Result {
    drain()
    isReading.store(true, ordering: .relaxed)
    defer {
      isReading.store(false, ordering: .relaxed)
      drain()
    }
    return try body()
  }

  /// Waits, at most so long, until one of the descriptors has bytes or a signal came.
  static func wait(for descriptors: [Int32], milliseconds: Int32) -> (ready: Set<Int32>, event: Event?) {
    let reader = wakeReader.load(ordering: .relaxed)
    var waits = ([reader] + descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&waits, nfds_t(waits.count), milliseconds) > 0 else { return ([], nil) }
    var event: Event?
    var byte: UInt8 = 0
    if waits[0].revents & Int16(POLLIN) != 0, read(reader, &byte, 1) == 1 { event = Event(rawValue: byte) }
    return (Set(waits.dropFirst().filter { $0.revents != 0 }.map(\.fd)), event)
  }

  /// Forgets what came while nobody waited, a Ctrl-C that ended the last command included.
  static func drain() {
    Interrupt.forget()
    var byte: UInt8 = 0
    while read(wakeReader.load(ordering: .relaxed), &byte, 1) == 1 {}
  }

  private static func openPipe() {
    guard wakeReader.load(ordering: .relaxed) < 0 else { return }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    wakeReader.store(ends[0], ordering: .relaxed)
    wakeWriter.store(ends[1], ordering: .relaxed)
  }

  private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    install(&action, for: number)
  }

  private static func install(_ action: inout sigaction, for number: Int32) {
    sigemptyset(&action.sa_mask)
    sigaction(number, &action, nil)
    // Whoever started the program may have blocked it, and a child inherits that.
    var one = sigset_t()
    sigemptyset(&one)
    sigaddset(&one, number)
    pthread_sigmask(SIG_UNBLOCK, &one, nil)
  }

  /// A crash gives the terminal back before the runtime reports it, where it does.
  private static func hearFaults() {
    guard !hearsFaults.exchange(true, ordering: .relaxed) else { return }
    earlier.initialize(repeating: sigaction(), count: mostSignals)
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
      sigaction(number, nil, earlier + Int(number))
      var action = sigaction()
      action.__sigaction_handler.sa_sigaction = { number, facts, _ in Signals.crash(number, facts) }
      action.sa_flags = SA_SIGINFO
      install(&action, for: number)
    }
  }

  // MARK: Inside handlers

  private static func post(_ event: Event) {
    let saved = errno
    var byte = event.rawValue
    _ = write(wakeWriter.load(ordering: .relaxed), &byte, 1)
    errno = saved
  }

  private static func interrupted() {
    if isReading.load(ordering: .relaxed) { return post(.interrupt) }
    Interrupt.request()
    var clock = timespec()
    clock_gettime(CLOCK_MONOTONIC, &clock)
    let first = firstInterrupt.load(ordering: .relaxed)
    if first == 0 {
      TerminalModes.endEchoedLine()
      return firstInterrupt.store(clock.tv_sec, ordering: .relaxed)
    }
    guard clock.tv_sec - first >= 3 else { return }
    if TerminalModes.hasPicture { return owesWay.store(true, ordering: .relaxed) }
    let saved = errno
    _ = write(STDERR_FILENO, way.utf8Start, way.utf8CodeUnitCount)
    errno = saved
  }

  /// The report of a crash returns, and the faulty instruction faults again. Where somebody sent the signal there is no
  /// such instruction: it ends the program at once. `abort`, which sends its own, ends it in any case.
  private static func crash(_ number: Int32, _ facts: UnsafeMutablePointer<siginfo_t>?) {
    if number != SIGABRT, let facts, facts.pointee.si_code <= 0 { earlier[Int(number)] = sigaction() }
    end(number)
  }

  private static func end(_ number: Int32) {
    TerminalModes.restore()
    sigaction(number, earlier + Int(number), nil)
    raise(number)
  }

  private static func suspend() {
    let saved = errno
    TerminalModes.restore()
    signal(SIGTSTP, SIG_DFL)
    var stop = sigset_t()
    sigemptyset(&stop)
    sigaddset(&stop, SIGTSTP)
    raise(SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &stop, nil)
    installSuspend()
    TerminalModes.resume()
    errno = saved
  }
}
