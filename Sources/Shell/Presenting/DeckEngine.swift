import Drawing
import Foundation
import Lessons
import Notebook
import Synchronization

/// Runs the cells of a deck on a thread of its own, so that keys are heard while a model computes.
///
/// The runner, with its session and the models in memory, is touched by that thread alone until `finish()`; what passes
/// between the threads is the job, the last picture and the result.
final class DeckEngine: Sendable {
  struct Job: Sendable {
    let key: Deck.CellKey
    let cell: LessonCell
    let style: TerminalStyle
  }

  /// What came since the last look.
  struct News {
    var live: (drawing: Drawing, followsEnd: Bool)?
    var finished: (job: Job, show: CellShow)?
  }

  private struct State {
    var job: Job?
    var live: (drawing: Drawing, followsEnd: Bool)?
    var finished: (job: Job, show: CellShow)?
    var isClosing = false
    var lastTold: ContinuousClock.Instant?
  }

  /// About twelve pictures a second.
  private static let pause = Duration.milliseconds(80)

  private let state = Mutex(State())
  private let work = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  /// Readable when there is news.
  let wake: Int32
  private let waker: Int32
  private static let stack = 64 << 20

  /// - Parameter make: makes the runner, which tells the engine of what it draws
  /// - Throws: what making the runner throws
  init(_ make: (@escaping (Drawing, Bool) -> Void) throws -> DeckRunner) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw Failure("No pipe can be opened: \(String(cString: strerror(errno))). Close other programs.", .engine)
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (wake, waker) = (ends[0], ends[1])
    let box = RunnerBox()
    box.runner = try make { [unowned self] drawing, followsEnd in
      let now = ContinuousClock.now
      let isDue = self.state.withLock { state in
        state.live = (drawing, followsEnd)
        guard state.lastTold.map({ now - $0 >= DeckEngine.pause }) ?? true else { return false }
        state.lastTold = now
        return true
      }
      if isDue { self.tell() }
    }
    let thread = Thread { [self] in
      loop(box)
      box.runner = nil
      ended.signal()
    }
    thread.stackSize = DeckEngine.stack
    thread.start()
  }

  deinit {
    close(wake)
    close(waker)
  }

  /// Hands a job to the thread, which must have none.
  func start(_ job: Job) {
    // A stop that was asked for while the last one ended is none for this one.
    Interrupt.forget()
    state.withLock { $0.job = job }
    work.signal()
  }

  func takeNews() -> News {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(wake, &bytes, bytes.count) > 0 {}
    return state.withLock { state in
      defer { (state.live, state.finished) = (nil, nil) }
      return News(live: state.live, finished: state.finished)
    }
  }

  /// Ends the thread and waits for it, since the models that it used are the session's. A running cell is stopped.
  /// - Parameter isSlow: called once when that takes longer than a moment
  func finish(isSlow: () -> Void) {
    state.withLock { $0.isClosing = true }
    work.signal()
    var waits = 0
    while ended.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      Interrupt.request()
      waits += 1
      if waits == 10 { isSlow() }
    }
  }

  private func loop(_ box: RunnerBox) {
    while true {
      work.wait()
      let (job, isClosing) = state.withLock { state in
        defer { state.job = nil }
        return (state.job, state.isClosing)
      }
      if isClosing { return }
      guard let job, let runner = box.runner else { continue }
      let show = runner.run(job.cell, job.style)
      state.withLock { state in
        state.live = nil
        state.finished = (job, show)
      }
      tell()
    }
  }

  private func tell() {
    var byte: UInt8 = 1
    _ = write(waker, &byte, 1)
  }
}

/// Carries the runner to its thread. Nobody else keeps it.
private final class RunnerBox: @unchecked Sendable {
  var runner: DeckRunner?
}
