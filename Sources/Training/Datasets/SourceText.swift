/// The bytes of a data file, with a byte-order mark behind them and places named on demand.
struct SourceText {
  let file: String
  let bytes: [UInt8]
  /// The first byte after a byte-order mark.
  let start: Int

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  var isBlank: Bool {
    bytes[start...].allSatisfy { $0 == 0x20 || (0x09...0x0d).contains($0) }
  }

  func refuseNulBytes() throws(DataError) {
    if let offset = bytes.firstIndex(of: 0) { throw .nulByte(bytePlace(offset)) }
  }

  /// The bytes of `range` as a string; throws `badUTF8` with the first byte that does not fit.
  func text(_ range: Range<Int>) throws(DataError) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw .badUTF8(bytePlace(range.lowerBound + validPrefix(of: bytes[range])))
    }
    return text
  }

  /// How many bytes stand before the first that is not UTF-8.
  private func validPrefix(of bytes: ArraySlice<UInt8>) -> Int {
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
