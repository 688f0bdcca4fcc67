import Drawing
import Foundation

/// What a command has taken: time on the clock, on the processors, and memory.
package struct Spent: Sendable {
  package let seconds: Double
  /// Of all threads together.
  package let processorSeconds: Double

  /// A point in time to measure from.
  struct Start {
    fileprivate let clock = ContinuousClock.now
    fileprivate let processor = Spent.processor()

    var untilNow: Spent {
      Spent(seconds: (ContinuousClock.now - clock).seconds, processorSeconds: Spent.processor() - processor)
    }
  }

  static var now: Start { Start() }

  package var sentence: String {
    "\(duration(seconds: seconds)), \(duration(seconds: processorSeconds)) of processor, "
      + "\(bytes(PeakMemory.bytes)) of memory at most so far."
  }

  private static func processor() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
