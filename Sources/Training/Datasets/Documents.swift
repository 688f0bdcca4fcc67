import Foundation

/// A text without labels.
package struct Document: Equatable, Sendable {
  package let text: String
  /// The line on which it begins, from 1.
  package let line: Int

  package init(text: String, line: Int) {
    self.text = text
    self.line = line
  }
}

/// The documents of a plain text, in its order; never empty when it was read from a file.
package struct Documents: Sendable {
  /// The file's path.
  package let file: String
  package let rows: DataRows<Document>

  package var count: Int { rows.count }

  /// Reads a text once from end to end. A document is a paragraph between empty lines, or with
  /// `linesAreDocuments` every line that is not blank.
  package static func read(
    _ url: URL, _ options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> Documents {
    let source = try SourceText.open(url)
    let parser = DocumentWalker(source, byLine: options.linesAreDocuments)
    return Documents(file: source.file, rows: try DataRows(parser, file: source.file, limit: options.limit))
  }
}

/// Steps from document to document. One of more than a megabyte is cut, between two lines or at a space, so that no file
/// has to be held whole.
struct DocumentWalker: RowParser {
  private var lines: LineWalker
  private let byLine: Bool
  private static let longest = 1 << 20

  var source: SourceText? { lines.source }
  var offset: Int { lines.offset }
  var layout: RowLayout {
    let shared = lines.source.start..<lines.source.start
    return byLine ? .lines(shared: shared) : .paragraphs(shared: shared)
  }

  init(_ source: SourceText, byLine: Bool) {
    lines = LineWalker(source, longest: Self.longest)
    self.byLine = byLine
  }

  mutating func next() throws(DataError) -> Document? {
    var begin: (offset: Int, line: Int)?
    var end = 0
    while let (range, line) = lines.next() {
      let isEmpty = lines.source.bytes[range].allSatisfy { $0 == 0x20 || $0 == 0x09 }
      if isEmpty, begin == nil { continue }
      if isEmpty { break }
      begin = begin ?? (range.lowerBound, line)
      end = range.upperBound
      if byLine || lines.isCut || end - (begin?.offset ?? end) >= Self.longest { break }
    }
    guard let begin else { return nil }
    return Document(text: try lines.source.text(begin.offset..<end), line: begin.line)
  }
}
