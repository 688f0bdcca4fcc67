import Foundation
import Testing
import Training

@Suite struct DatasetsDocumentsTests {
  @Test func paragraphsOrLines() throws {
    let file = try DataFile("a.txt", "\u{feff}\r\n\r\none\r\ntwo \r\n \t\r\n\r\nthree")
    #expect(
      try file.read { try Documents.read($0) }.rows.all() == [
        Document(text: "one\r\ntwo ", line: 3), Document(text: "three", line: 7),
      ])
    var options = ReadingOptions()
    options.linesAreDocuments = true
    #expect(
      try file.read { try Documents.read($0, options) }.rows.all() == [
        Document(text: "one", line: 3), Document(text: "two ", line: 4), Document(text: "three", line: 7),
      ])
  }

  /// A text without an empty line, or without any line's end, is not held whole.
  @Test(arguments: [" ", "\n", "é"]) func aVeryLongDocumentIsCut(separator: String) throws {
    let text = String(repeating: "word" + separator, count: 500_000)
    let documents = try DataFile("a.txt", text).read { try Documents.read($0) }.rows.all()
    #expect(documents.count >= 2)
    #expect(documents.allSatisfy { $0.text.utf8.count < (1 << 20) + 8 })
    let joined = documents.map(\.text).joined(separator: separator == "\n" ? "\n" : "")
    #expect(joined.utf8.count + (separator == "\n" ? 1 : 0) == text.utf8.count)
  }
}
