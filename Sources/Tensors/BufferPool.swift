import CKernels
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
  /// Bytes of free buffers that are kept; beyond it they go back to the system. As much as the activations of an ordinary
  /// step: what is handed back has to be faulted in again at the next.
  package static let keptBytes = 1 << 30

  /// Bytes of free buffers that stay whatever comes. Below this nothing makes room for a buffer of another size: the
  /// layers of a forward trip ask for the same few sizes in turns, and would push each other out for ever.
  package static let slack = 96 << 20

  private struct Shelf {
    var free: [Int: [UInt]] = [:]
    var bytes = 0

    mutating func take(_ size: Int) -> UInt? {
      guard let address = free[size]?.popLast() else { return nil }
      bytes -= size * 4
      return address
    }

    /// Lets go of as much as a new buffer will take, the largest first: ragged batches ask for other sizes all the time,
    /// and what the last step needed must not stand beside what this one needs.
    mutating func makeRoom(for size: Int) -> [(address: UInt, size: Int)] {
      var gone: [(address: UInt, size: Int)] = []
      var missing = size
      for other in free.keys.sorted(by: >) where missing > 0 && BufferPool.isLarge(other) {
        while missing > 0, let address = take(other) {
          gone.append((address, other))
          missing -= other
        }
      }
      return gone
    }
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
    let (kept, gone) = shelf.withLock { shelf -> (UInt?, [(address: UInt, size: Int)]) in
      if let address = shelf.take(size) { return (address, []) }
      return (nil, isLarge(size) && shelf.bytes > slack ? shelf.makeRoom(for: size) : [])
    }
    if let kept, let pointer = UnsafeMutablePointer<Float>(bitPattern: kept) { return pointer }
    for buffer in gone { handBack(buffer.address, buffer.size) }
    return fetch(size)
  }

  static func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let size = rounded(count)
    let keep = shelf.withLock { shelf -> Bool in
      guard shelf.bytes + size * 4 <= keptBytes else { return false }
      shelf.free[size, default: []].append(UInt(bitPattern: pointer))
      shelf.bytes += size * 4
      return true
    }
    if !keep { handBack(UInt(bitPattern: pointer), size) }
  }

  /// Hands every free buffer back to the system, and what the C library keeps of small ones.
  package static func drain() {
    let all = shelf.withLock { shelf in
      defer { shelf = Shelf() }
      return shelf.free
    }
    for (size, addresses) in all { for address in addresses { handBack(address, size) } }
    attune_release_free_memory()
  }

  // MARK: The system's memory

  /// Buffers of a quarter of a megabyte and more are mapped, so that they go back to the system at once: those of a few
  /// short sentences add up, too, one set for each count of tokens.
  private static func isLarge(_ size: Int) -> Bool { size >= 1 << 16 }

  private static func fetch(_ size: Int) -> UnsafeMutablePointer<Float> {
    if isLarge(size) {
      let flags = MAP_PRIVATE | MAP_ANONYMOUS
      if let memory = mmap(nil, size * 4, PROT_READ | PROT_WRITE, flags, -1, 0), memory != MAP_FAILED {
        #if canImport(Glibc)
          // Large pages: a five-hundredth of the faults.
          madvise(memory, size * 4, MADV_HUGEPAGE)
        #endif
        return memory.assumingMemoryBound(to: Float.self)
      }
      preconditionFailure("the system has no \(size * 4) bytes left")
    }
    return UnsafeMutableRawPointer.allocate(byteCount: size * 4, alignment: 64).assumingMemoryBound(to: Float.self)
  }

  private static func handBack(_ address: UInt, _ size: Int) {
    guard let memory = UnsafeMutableRawPointer(bitPattern: address) else { return }
    if isLarge(size) { munmap(memory, size * 4) } else { memory.deallocate() }
  }
}
