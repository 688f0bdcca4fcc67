/// Reads one row after the other from a file. A copy is a bookmark: it goes on from where it was made.
protocol RowParser<Row>: Sendable {
  associatedtype Row: Sendable
  /// The file; nil for rows that are in memory.
  var source: SourceText? { get }
  /// The byte where the next row is looked for.
  var offset: Int { get }
  /// How rows stand in the file.
  var layout: RowLayout { get }
  /// nil at the end; throws what is wrong with the first bad row.
  mutating func next() throws(DataError) -> Row?
}

extension RowParser {
  var layout: RowLayout { .nested }
}

/// How the rows of a file stand in it: whether their bytes make a file again.
enum RowLayout: Sendable {
  /// One after the other, below what all of them share, such as a header.
  case lines(shared: Range<Int>)
  /// The same, each with an empty line behind it.
  case paragraphs(shared: Range<Int>)
  /// The elements of one JSON list.
  case elements
  /// Inside of one another, or not in a file.
  case nested
}

/// The rows of a data file, parsed each time they are asked for: a file of any size takes the same memory.
package struct DataRows<Row: Sendable>: Sendable {
  /// The file's path.
  package let file: String
  package let count: Int
  /// Where every `spacing`-th row begins.
  private let bookmarks: [any RowParser<Row>]
  private let spacing: Int

  /// Reads the file once from end to end, so that a bad row is found before any work begins.
  /// - Parameters:
  ///   - limit: rows after it are not looked at
  ///   - visit: sees every row; throws what is wrong with it
  init(
    _ parser: any RowParser<Row>, file: String, limit: Int? = nil,
    visit: (Row) throws(DataError) -> Void = { (_: Row) throws(DataError) in }
  ) throws(DataError) {
    var cursor = RowCursor(parser)
    var bookmarks: [any RowParser<Row>] = []
    var (spacing, count) = (64, 0)
    while count < limit ?? .max {
      let bookmark = count.isMultiple(of: spacing) ? cursor.parser : nil
      guard let row = try cursor.next() else { break }
      if let bookmark { bookmarks.append(bookmark) }
      try visit(row)
      count += 1
      if bookmarks.count > 4096 {
        spacing *= 2
        bookmarks = stride(from: 0, to: bookmarks.count, by: 2).map { bookmarks[$0] }
      }
    }
    guard count > 0 else { throw .noRows(file: file) }
    self.file = file
    self.count = count
    self.bookmarks = bookmarks
    self.spacing = spacing
  }

  /// Rows that are in memory.
  package init(file: String, _ rows: [Row]) {
    self.file = file
    count = rows.count
    bookmarks = stride(from: 0, to: rows.count, by: 64).map { HeldRows(rows: rows, place: $0) }
    spacing = 64
  }

  /// The size of the file that the rows are mapped from; 0 for rows that are in memory.
  var mappedBytes: Int {
    guard let bytes = bookmarks.first?.source?.bytes, bytes.isMapped else { return 0 }
    return bytes.count
  }

  /// One row, counted from 0. Throws `changed` when the file is not what it was at the first reading.
  package func row(_ index: Int) throws(DataError) -> Row {
    var cursor = try cursor(at: index)
    guard let row = try cursor.next() else { throw .changed(file: file) }
    return row
  }

  /// Goes through the rows of `range` in order, all without one; a throw of `body` ends it.
  package func forEach(in range: Range<Int>? = nil, _ body: (Int, Row) throws -> Void) throws {
    let range = range ?? 0..<count
    guard !range.isEmpty else { return }
    var cursor = try cursor(at: range.lowerBound)
    for index in range {
      guard let row = try cursor.next() else { throw DataError.changed(file: file) }
      try body(index, row)
    }
  }

  /// The first rows, with bookmarks of their own: closer together than those of a large file, for reading single ones.
  func prefix(_ most: Int) throws(DataError) -> DataRows {
    guard most < count, let first = bookmarks.first else { return self }
    return try DataRows(first, file: file, limit: most)
  }

  /// How the rows stand in the file, and its text; nil for rows that are in memory.
  var place: (layout: RowLayout, source: SourceText)? {
    bookmarks.first.flatMap { parser in parser.source.map { (parser.layout, $0) } }
  }

  /// Goes through the rows in order, each with the bytes that it takes in the file.
  func forEachPlace(_ body: (Int, Row, Range<Int>) throws -> Void) throws {
    guard count > 0 else { return }
    var cursor = try cursor(at: 0)
    for index in 0..<count {
      let begin = cursor.parser.offset
      guard let row = try cursor.next() else { throw DataError.changed(file: file) }
      try body(index, row, begin..<cursor.parser.offset)
    }
  }

  /// All rows, some at a time.
  func blocks() throws(DataError) -> RowBlocks<Row> {
    RowBlocks(file: file, count: count, cursor: count > 0 ? try cursor(at: 0) : nil)
  }

  private func cursor(at index: Int) throws(DataError) -> RowCursor<Row> {
    precondition(index >= 0 && index < count)
    var cursor = RowCursor(bookmarks[index / spacing])
    for _ in 0..<index % spacing {
      guard try cursor.next() != nil else { throw .changed(file: file) }
    }
    return cursor
  }
}

/// Hands out neighbouring rows: at most 512, and no more once their text takes four megabytes.
struct RowBlocks<Row: Sendable> {
  fileprivate let file: String
  fileprivate let count: Int
  fileprivate var cursor: RowCursor<Row>?
  private(set) var done = 0

  /// The next rows; nil after the last.
  mutating func next() throws(DataError) -> [Row]? {
    guard done < count, var cursor else { return nil }
    let begin = cursor.parser.offset
    var rows: [Row] = []
    while rows.count < min(512, count - done), cursor.parser.offset - begin < 4 << 20 {
      guard let row = try cursor.next() else { throw .changed(file: file) }
      rows.append(row)
    }
    self.cursor = cursor
    done += rows.count
    return rows
  }
}

/// Goes through rows and lets go of the file's pages behind it.
struct RowCursor<Row: Sendable> {
  var parser: any RowParser<Row>
  private var kept: Int

  init(_ parser: any RowParser<Row>) {
    self.parser = parser
    kept = parser.offset
  }

  mutating func next() throws(DataError) -> Row? {
    let row = try parser.next()
    if parser.offset - kept > 8 << 20 {
      parser.source?.bytes.forget(kept..<parser.offset)
      kept = parser.offset
    }
    return row
  }
}

private struct HeldRows<Row: Sendable>: RowParser {
  let rows: [Row]
  var place: Int
  var source: SourceText? { nil }
  var offset: Int { 0 }

  mutating func next() throws(DataError) -> Row? {
    guard place < rows.count else { return nil }
    defer { place += 1 }
    return rows[place]
  }
}
