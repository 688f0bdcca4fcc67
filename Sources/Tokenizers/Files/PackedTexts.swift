/// Many short texts end to end, as a binary file lists them: two allocations instead of one for each.
///
/// A text need not be valid UTF-8.
package struct PackedTexts: Sendable, Equatable {
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  package init() {}

  package init(_ texts: some Sequence<String>) {
    for text in texts { append(text.utf8) }
  }

  package var count: Int { ends.count }
  package var isEmpty: Bool { ends.isEmpty }

  package mutating func append(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// The bytes of text number `index`, which must be below `count`.
  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

  /// The text, with U+FFFD for what is no UTF-8; nil where there is none of that number.
  package func text(_ index: Int) -> String? {
    ends.indices.contains(index) ? String(decoding: self[index], as: UTF8.self) : nil
  }

  private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }
}

extension PieceList {
  /// Pieces by their place in a list.
  init(_ texts: PackedTexts) {
    bytes = texts.bytes
    entries.reserveCapacity(texts.count)
    for index in 0..<texts.count {
      let text = texts[index]
      entries.append(Entry(start: text.startIndex, length: text.count, id: index, position: index))
    }
  }
}

extension Vocabulary {
  /// Pieces by their place in a binary file. Throws `emptyVocabulary` and, for a piece that stands twice, `damaged`.
  init(_ texts: PackedTexts, file: String) throws(TokenizerError) {
    do throws(TokenizerError) {
      try self.init(PieceList(texts), elsewhere: [], file: file)
    } catch .duplicatePiece(_, let line, let piece) {
      throw .damaged(file: file, problem: .repeatedPiece(piece, id: line))
    }
  }
}
