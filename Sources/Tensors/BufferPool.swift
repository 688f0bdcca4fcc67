import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Free buffers kept by size, so that a training step's thousandth tensor does not fault in new pages.
///
/// Sizes are rounded up to eighths of a power of two: ragged batches of similar length share buffers.
package enum BufferPool {
  /// Bytes of free buffers that are kept; beyond it they go back to the system.
  package static let keptBytes = 1 << 28

  private struct Shelf {
    var free: [Int: [UInt]] = [:]
    var bytes = 0
  }

  private static let shelf = Mutex(Shelf())

  /// Floats that a request for `count` really gets.
  static func rounded(_ count: Int) -> Int {
    guard count > 1024 else { return (max(count, 1) + 15) / 16 * 16 }
    let step = 1 << (Int.bitWidth - count.leadingZeroBitCount - 4)
    return (count + step - 1) / step * step
  }

  static func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let size = rounded(count)
    let kept = shelf.withLock { shelf -> UInt? in
      guard let address = shelf.free[size]?.popLast() else { return nil }
      shelf.bytes -= size * 4
      return address
    }
    if let kept, let pointer = UnsafeMutablePointer<Float>(bitPattern: kept) { return pointer }
    return UnsafeMutableRawPointer.allocate(byteCount: size * 4, alignment: 64).assumingMemoryBound(to: Float.self)
  }

  static func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let size = rounded(count)
    let keep = shelf.withLock { shelf -> Bool in
      guard shelf.bytes + size * 4 <= keptBytes else { return false }
      shelf.free[size, default: []].append(UInt(bitPattern: pointer))
      shelf.bytes += size * 4
      return true
    }
    if !keep { UnsafeMutableRawPointer(pointer).deallocate() }
  }

  /// Hands every free buffer back to the system.
  package static func drain() {
    let all = shelf.withLock { shelf in
      defer { shelf = Shelf() }
      return shelf.free.values.flatMap { $0 }
    }
    for address in all { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }
}
