import Foundation

/// A whole file in memory, mapped privately: writing to it copies the touched page and never reaches the
/// file.
package final class MappedFile {
  package let path: String
  package let base: UnsafeMutableRawPointer
  package let count: Int

  package init(_ url: URL) throws(FileError) {
    path = url.path
    let file = path
    let (descriptor, code) = systemCall { open(file, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .reading(path, code) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .reading(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    count = Int(status.st_size)
    if count == 0 {
      base = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
      return
    }
    let flags = MAP_PRIVATE | MAP_NORESERVE
    guard let address = mmap(nil, count, PROT_READ | PROT_WRITE, flags, descriptor, 0), address != MAP_FAILED
    else { throw .cannotRead(path: path, code: errno) }
    base = address
  }

  /// The mapping stays for the whole of `body`, whoever else lets it go meanwhile.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeMutableRawBufferPointer(start: base, count: count))
  }

  /// Gives pages back to the system: those that lie wholly in `range`, which count as memory in use until then.
  ///
  /// They are read from the file again when they are next looked at; what was written to them is lost.
  package func forget(_ range: Range<Int>) {
    let page = Int(getpagesize())
    let begin = (max(range.lowerBound, 0) + page - 1) / page * page
    let end = range.upperBound >= count ? count : range.upperBound / page * page
    if begin < end { madvise(base + begin, end - begin, MADV_DONTNEED) }
  }

  deinit {
    if count == 0 { base.deallocate() } else { munmap(base, count) }
  }
}
