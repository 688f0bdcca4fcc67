import Synchronization

/// The wish to stop, from Ctrl-C or from a cell's timeout. Commands ask between steps; nothing is torn down in between.
package enum Interrupt {
  private static let requested = Atomic<Bool>(false)
  /// Nanoseconds of the continuous clock after which the running cell has had its time; 0: no limit.
  private static let deadline = Atomic<UInt64>(0)
  private static let start = ContinuousClock.now

  /// Safe inside a signal handler: one atomic store.
  package static func request() { requested.store(true, ordering: .relaxed) }

  package static var isRequested: Bool { requested.load(ordering: .relaxed) }

  package static var isTimedOut: Bool {
    let limit = deadline.load(ordering: .relaxed)
    return limit != 0 && nanoseconds() > limit
  }

  /// Whether a loop should end at its next safe place.
  package static var shouldStop: Bool { isRequested || isTimedOut }

  /// Throws `Failure` with status 130 or 124 once a stop is wanted.
  package static func check() throws {
    if isRequested { throw Failure("Interrupted.", .interrupted) }
    if isTimedOut { throw Failure("The time limit of this cell is over; give it more with timeout=SECONDS.", .timeout) }
  }

  /// Forgets a request, once whoever asked has been heard: at a prompt, before a new turn of a conversation.
  package static func forget() { requested.store(false, ordering: .relaxed) }

  /// Starts the clock of one command; `seconds` nil: no limit. A request that came since the last command stays: it is
  /// meant for whatever runs next.
  package static func begin(timeout seconds: Double? = nil) {
    let limit = seconds.map { nanoseconds() + UInt64(max(0, min($0, 1e9)) * 1e9) } ?? 0
    deadline.store(limit, ordering: .relaxed)
  }

  private static func nanoseconds() -> UInt64 {
    // The lazy start is read first: time must not run backwards.
    let origin = start
    return UInt64(max(0, (ContinuousClock.now - origin).seconds) * 1e9) + 1
  }
}
