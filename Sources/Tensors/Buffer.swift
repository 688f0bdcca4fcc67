#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A run of 32-bit floats that somebody owns: the allocator, or a memory-mapped checkpoint.
///
/// Freed (or handed back to its owner) when the last tensor that reads it is gone.
package final class Buffer {
  package let base: UnsafeMutablePointer<Float>
  package let count: Int
  private let release: (() -> Void)?

  /// New memory, not initialised. Comes from the pool of buffers of the same size where one is free.
  package init(count: Int) {
    self.count = count
    base = BufferPool.take(count)
    release = nil
  }

  /// Memory that reads as zeros. Pages that are never written cost nothing.
  package init(zeros count: Int) {
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Float>.stride
    let memory = calloc(1, bytes) ?? UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
    base = memory.assumingMemoryBound(to: Float.self)
    release = { [base] in free(base) }
  }

  /// Memory that `owner` keeps alive, such as a private mapping of a file. Writable: the mapping copies on write.
  package init(borrowing base: UnsafeMutablePointer<Float>, count: Int, from owner: AnyObject) {
    self.base = base
    self.count = count
    release = { withExtendedLifetime(owner) {} }
  }

  /// A copy of these [rows, columns] as [columns, rows].
  package func transposed(rows: Int, columns: Int) -> Buffer {
    precondition(rows * columns == count, "the rows must fill the buffer")
    let turned = Buffer(count: count)
    for row in 0..<rows {
      for column in 0..<columns { turned.base[column * rows + row] = base[row * columns + column] }
    }
    return turned
  }

  /// Whether the memory is not its own: a file's that is mapped, or zeros that were never written.
  package var isBorrowed: Bool { release != nil }

  deinit {
    if let release { release() } else { BufferPool.give(base, count) }
  }
}
