import Checkpoints
import Foundation

/// The bytes of a data file, with a byte-order mark behind them and places named on demand.
struct SourceText: Sendable {
  let file: String
  let bytes: SourceBytes
  /// The first byte after a byte-order mark.
  let start: Int

  init(file: String, bytes: SourceBytes) {
    self.file = file
    self.bytes = bytes
    start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// Maps a file; what cannot be mapped, such as a pipe, is read whole. Throws `file`, `noRows` where nothing but
  /// white space is in it, and `nulByte`.
  static func open(_ url: URL) throws(DataError) -> SourceText {
    let source = SourceText(file: url.path, bytes: try bytes(url))
    guard !source.isBlank else { throw .noRows(file: source.file) }
    try source.refuseNulBytes()
    return source
  }

  private static func bytes(_ url: URL) throws(DataError) -> SourceBytes {
    do throws(FileError) {
      do throws(FileError) {
        return SourceBytes(try MappedFile(url))
      } catch .notAFile {
        return SourceBytes(copying: try FileContents.read(url))
      }
    } catch {
      throw .file(error)
    }
  }

  private var isBlank: Bool {
    bytes[start...].allSatisfy { $0 == 0x20 || (0x09...0x0d).contains($0) }
  }

  private func refuseNulBytes() throws(DataError) {
    let piece = 1 << 24
    for begin in stride(from: 0, to: bytes.count, by: piece) {
      let range = begin..<min(begin + piece, bytes.count)
      if let offset = bytes.first(0, in: range) { throw .nulByte(bytePlace(offset)) }
      if bytes.count > piece { bytes.forget(range) }
    }
  }

  /// The bytes of `range` as a string; throws `badUTF8` with the first byte that does not fit.
  func text(_ range: Range<Int>) throws(DataError) -> String {
    guard let text = bytes.string(range) else {
      throw .badUTF8(bytePlace(range.lowerBound + validPrefix(of: bytes[range])))
    }
    return text
  }

  /// How many bytes stand before the first that is not UTF-8.
  private func validPrefix(of bytes: Slice<SourceBytes>) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var count = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { count += scalar.count }
    return count
  }

  func bytePlace(_ offset: Int) -> DataPlace {
    let (line, begin) = self.line(of: offset)
    return DataPlace(file: file, line: line, column: .byte(offset - begin + 1))
  }

  func characterPlace(_ offset: Int) -> DataPlace {
    let (line, begin) = self.line(of: offset)
    let characters = bytes[begin..<offset].count { $0 & 0xc0 != 0x80 }
    return DataPlace(file: file, line: line, column: .character(characters + 1))
  }

  private func line(of offset: Int) -> (line: Int, begin: Int) {
    let before = bytes[min(start, offset)..<offset]
    let newline = UInt8(ascii: "\n")
    let begin = before.lastIndex(of: newline).map { $0 + 1 } ?? before.startIndex
    return (before.count { $0 == newline } + 1, begin)
  }
}
