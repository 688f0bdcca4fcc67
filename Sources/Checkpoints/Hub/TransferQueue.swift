import Foundation
import Synchronization

/// The queue on which a session tells its delegate what came. It holds little: a server that sends faster than its bytes
/// are taken is made to wait, because whoever reads the connection waits here. Without it the bytes pile up in memory.
final class TransferQueue: OperationQueue, @unchecked Sendable {
  private static let mostWaiting = 64
  private let free = DispatchSemaphore(value: 0)
  private let isClosed = Mutex(false)

  override init() {
    super.init()
    maxConcurrentOperationCount = 1
    for _ in 0..<Self.mostWaiting { free.signal() }
  }

  /// From now on nothing is told any more, and nobody waits.
  func close() { isClosed.withLock { $0 = true } }

  override func addOperation(_ block: @escaping @Sendable () -> Void) {
    free.wait()
    if isClosed.withLock({ $0 }) {
      free.signal()
      return
    }
    super.addOperation { [self] in
      block()
      free.signal()
    }
  }
}
