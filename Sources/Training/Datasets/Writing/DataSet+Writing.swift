import Checkpoints
import Foundation

extension DataSet {
  /// Writes all rows to a new file, whole or not at all.
  /// - Parameter advance: told how many rows are done; stops the work by throwing
  /// - Throws: `DataError`, `FileError` and what `advance` throws
  package func write(
    _ format: DataFormat, to url: URL, advance: (Int) throws -> Void = { _ in }
  ) throws {
    guard var writer = writer(format) else { preconditionFailure("not among `formats`") }
    try JoinedFiles.write([url]) { append in
      try append(0, Array(writer.opening.utf8))
      try rows.forEach { index, row in
        try append(0, Array(try writer.text(of: row).utf8))
        if index.isMultiple(of: 1024) { try advance(index) }
      }
      try append(0, Array(writer.closing.utf8))
    }
  }

  /// Writes some rows to one file and all others to another, each as it stands in this one, with all its columns.
  ///
  /// Of SQuAD's nested layout only what `Question` holds is kept.
  /// - Parameter isHeldOut: whether a row, by its place, goes to the second file
  /// - Throws: `DataError`, `FileError` and what `advance` throws
  package func divide(
    _ isHeldOut: (Int) -> Bool, training: URL, heldOut: URL, advance: (Int) throws -> Void = { _ in }
  ) throws {
    try JoinedFiles.write([training, heldOut]) { append in
      switch rows.place {
      case (.lines(let shared), let source)?:
        try divide(isHeldOut, source, shared, end: [0x0A], append, advance)
      case (.paragraphs(let shared), let source)?:
        try divide(isHeldOut, source, shared, end: [0x0A, 0x0A], append, advance)
      case (.elements, let source)?: try divideElements(isHeldOut, source, append, advance)
      case (.nested, _)?, nil: try divideNested(isHeldOut, append, advance)
      }
    }
  }

  private func divide(
    _ isHeldOut: (Int) -> Bool, _ source: SourceText, _ shared: Range<Int>, end: [UInt8],
    _ append: (Int, [UInt8]) throws -> Void, _ advance: (Int) throws -> Void
  ) throws {
    for part in 0...1 { try append(part, Array(source.bytes[shared])) }
    try rows.forEachPlace { index, _, place in
      var bytes = Array(source.bytes[max(place.lowerBound, shared.upperBound)..<place.upperBound])
      while !bytes.suffix(end.count).elementsEqual(end) { bytes.append(0x0A) }
      try append(isHeldOut(index) ? 1 : 0, bytes)
      if index.isMultiple(of: 1024) { try advance(index) }
    }
  }

  private func divideElements(
    _ isHeldOut: (Int) -> Bool, _ source: SourceText, _ append: (Int, [UInt8]) throws -> Void,
    _ advance: (Int) throws -> Void
  ) throws {
    var counts = [0, 0]
    try rows.forEachPlace { index, _, place in
      let part = isHeldOut(index) ? 1 : 0
      try append(part, Array((counts[part] == 0 ? "[\n" : ",\n").utf8))
      try append(part, Array(source.bytes[place].drop { $0 == UInt8(ascii: ",") || $0 <= 0x20 }))
      counts[part] += 1
      if index.isMultiple(of: 1024) { try advance(index) }
    }
    for part in 0...1 { try append(part, Array((counts[part] == 0 ? "[]\n" : "\n]\n").utf8)) }
  }

  private func divideNested(
    _ isHeldOut: (Int) -> Bool, _ append: (Int, [UInt8]) throws -> Void, _ advance: (Int) throws -> Void
  ) throws {
    guard let writer = formats.first.flatMap(writer) else { return }
    var writers = [writer, writer]
    for part in 0...1 { try append(part, Array(writers[part].opening.utf8)) }
    try rows.forEach { index, row in
      let part = isHeldOut(index) ? 1 : 0
      try append(part, Array(try writers[part].text(of: row).utf8))
      if index.isMultiple(of: 1024) { try advance(index) }
    }
    for part in 0...1 { try append(part, Array(writers[part].closing.utf8)) }
  }
}

/// Files that are written together: an error leaves what was there before in all their places.
package enum JoinedFiles {
  /// - Parameter body: appends bytes to the file of that number
  package static func write(_ files: [URL], _ body: ((Int, [UInt8]) throws -> Void) throws -> Void) throws {
    var failure: (any Error)?
    func open(_ rest: ArraySlice<URL>, _ append: (Int, [UInt8]) throws -> Void) throws(FileError) {
      guard let file = rest.first else {
        do {
          return try withoutActuallyEscaping(append) { try body($0) }
        } catch {
          failure = error
          throw error as? FileError ?? .cannotWrite(path: files.first?.path ?? "", code: ECANCELED)
        }
      }
      try AtomicFile.write(to: file) { sink throws(FileError) in
        var waiting: [UInt8] = []
        try open(rest.dropFirst()) { number, bytes in
          guard number == rest.startIndex else { return try append(number, bytes) }
          waiting += bytes
          if waiting.count > 1 << 20 {
            try sink.write(waiting)
            waiting.removeAll(keepingCapacity: true)
          }
        }
        try sink.write(waiting)
      }
    }
    do {
      try open(files[...]) { _, _ in }
    } catch {
      throw failure ?? error
    }
  }
}
