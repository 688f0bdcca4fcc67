/// Walks the rows of a TSV or CSV file, cell by cell.
struct CellWalker: Sendable {
  /// What separates the cells, and whether quotes mean anything.
  struct Dialect: Sendable {
    let separator: UInt8
    let hasQuotes: Bool

    static let tabs = Dialect(separator: UInt8(ascii: "\t"), hasQuotes: false)
    /// RFC 4180.
    static let commas = Dialect(separator: UInt8(ascii: ","), hasQuotes: true)
  }

  /// A cell's bytes without its quotes; `isDoubled` when quotes inside are written twice.
  struct Cell {
    let range: Range<Int>
    let isDoubled: Bool
  }

  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")

  let source: SourceText
  private let bytes: SourceBytes
  private let dialect: Dialect
  private(set) var offset: Int
  private var line = 1

  init(_ source: SourceText, _ dialect: Dialect) {
    self.source = source
    self.dialect = dialect
    bytes = source.bytes
    offset = source.start
  }

  /// The next row that is not blank: fills `cells` and returns the line on which it begins; nil at the end.
  mutating func next(_ cells: inout [Cell]) throws(DataError) -> Int? {
    while endOfLine() {}
    guard offset < bytes.count else { return nil }
    let first = line
    cells.removeAll(keepingCapacity: true)
    while true {
      cells.append(try cell())
      guard offset < bytes.count, !endOfLine() else { return first }
      offset += 1
    }
  }

  func text(_ cell: Cell) throws(DataError) -> String {
    let text = try source.text(cell.range)
    guard cell.isDoubled else { return text }
    var isSecond = false
    let kept = text.utf8.filter { byte in
      isSecond = byte == Self.quote && !isSecond
      return byte != Self.quote || isSecond
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// Steps over a line's end, if the place is at one.
  private mutating func endOfLine() -> Bool {
    guard offset < bytes.count else { return false }
    if bytes[offset] == Self.newline {
      offset += 1
    } else if endsWithReturn(offset) {
      offset = min(offset + 2, bytes.count)
    } else {
      return false
    }
    line += 1
    return true
  }

  /// A carriage return that belongs to the line's end, not to the text.
  private func endsWithReturn(_ place: Int) -> Bool {
    bytes[place] == Self.carriageReturn && (place + 1 == bytes.count || bytes[place + 1] == Self.newline)
  }

  private mutating func cell() throws(DataError) -> Cell {
    let start = offset
    if dialect.hasQuotes, offset < bytes.count, bytes[offset] == Self.quote { return try quotedCell() }
    // Where quotes mean nothing, the newline is looked for twice.
    let quote = dialect.hasQuotes ? Self.quote : Self.newline
    while true {
      offset = bytes.first(from: offset, of: dialect.separator, Self.newline, Self.carriageReturn, quote)
      guard offset < bytes.count else { break }
      let byte = bytes[offset]
      if byte == Self.quote, dialect.hasQuotes { throw .strayQuote(source.characterPlace(offset)) }
      // A return inside of a line is text.
      guard byte == Self.carriageReturn, !endsWithReturn(offset) else { break }
      offset += 1
    }
    return Cell(range: start..<offset, isDoubled: false)
  }

  private mutating func quotedCell() throws(DataError) -> Cell {
    let opened = offset
    var isDoubled = false
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == Self.newline { line += 1 }
      guard byte == Self.quote else { continue }
      if offset < bytes.count, bytes[offset] == Self.quote {
        isDoubled = true
        offset += 1
        continue
      }
      guard
        offset == bytes.count || bytes[offset] == dialect.separator || bytes[offset] == Self.newline
          || endsWithReturn(offset)
      else { throw .strayQuote(source.characterPlace(offset - 1)) }
      return Cell(range: opened + 1..<offset - 1, isDoubled: isDoubled)
    }
    throw .unterminatedQuote(source.characterPlace(opened))
  }
}
