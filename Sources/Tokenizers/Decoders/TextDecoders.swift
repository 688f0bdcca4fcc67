/// Makes SentencePiece's marks spaces again, but for those that lead the first piece.
package struct MetaspaceDecoder: PieceDecoder {
  let replacement: UInt32
  let dropsFirst: Bool

  init(_ json: JSONObject) throws(TokenizerError) {
    replacement = try Metaspace.replacement(json)
    dropsFirst = try Metaspace.prepending(json) != .never
  }

  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    pieces.enumerated().map { index, piece in
      Array(
        scalars: piece.scalars.compactMap { scalar in
          guard scalar == replacement else { return scalar }
          return index == 0 && dropsFirst ? nil : 32
        })
    }
  }
}

/// Makes the mark that ends a word a space, but for the last word.
package struct BPEDecoder: PieceDecoder {
  let suffix: [UInt8]

  init(_ json: JSONObject) throws(TokenizerError) {
    suffix = Array(try json.string("suffix", default: "</w>").utf8)
  }

  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    pieces.enumerated().map { index, piece in
      piece.replacing(suffix, with: index == pieces.count - 1 ? [] : [32])
    }
  }
}

/// Takes a character off the ends of every piece, up to so many times.
package struct StripDecoder: PieceDecoder {
  let content: UInt32
  let start: Int
  let stop: Int

  init(content: UInt32 = 32, start: Int, stop: Int) {
    self.content = content
    self.start = start
    self.stop = stop
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    let text = try json.string("content", default: " ").unicodeScalars
    guard let first = text.first, text.count == 1 else { throw json.wrong(.character) }
    content = first.value
    start = try json.integer("start", default: 0)
    stop = try json.integer("stop", default: 0)
    guard start >= 0, stop >= 0 else { throw json.wrong(.number) }
  }

  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    pieces.map { piece in
      let scalars = piece.scalars
      let leading = scalars.prefix(start).prefix { $0 == content }.count
      let trailing = scalars.suffix(stop).reversed().prefix { $0 == content }.count
      guard leading + trailing < scalars.count else { return [] }
      return Array(scalars: scalars[leading..<(scalars.count - trailing)])
    }
  }
}

/// Replaces what a pattern matches in every piece.
package struct ReplaceDecoder: PieceDecoder {
  let pattern: Pattern
  let content: [UInt32]

  /// The longest that a piece grows; one that would be longer stays.
  private static let longest = 1 << 20

  init(_ literal: String, by content: String) {
    pattern = Pattern(literal: literal)
    self.content = content.unicodeScalars.map(\.value)
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    pattern = try Pattern(try json.required("pattern"))
    content = try json.required("content").string().unicodeScalars.map(\.value)
  }

  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    pieces.map { piece in
      let scalars = piece.scalars
      var matches: [Range<Int>] = []
      scalars.withUnsafeBufferPointer { text in _ = pattern.forEachMatch(in: text) { matches.append($0) } }
      let length = Pattern.length(of: scalars.count, matches, replacedBy: content.count)
      guard length <= max(Self.longest, scalars.count) else { return piece }
      var changed: [UInt32] = []
      var last = 0
      for match in matches {
        changed += scalars[last..<match.lowerBound] + content
        last = match.upperBound
      }
      return Array(scalars: changed + scalars[last...])
    }
  }
}

/// Joins what a speech model spells out frame by frame (Graves et al. 2006): equal neighbours are one, pads nothing.
package struct CTCDecoder: PieceDecoder {
  let padding: [UInt8]
  let delimiter: [UInt8]
  let cleansUp: Bool

  init(_ json: JSONObject) throws(TokenizerError) {
    padding = Array(try json.string("pad_token", default: "<pad>").utf8)
    delimiter = Array(try json.string("word_delimiter_token", default: "|").utf8)
    cleansUp = try json.boolean("cleanup", default: true)
  }

  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    var last: [UInt8]?
    return pieces.compactMap { piece in
      defer { last = piece }
      if piece == last { return nil }
      var part = piece.replacing(padding, with: [])
      if cleansUp { part = WordPieceDecoder.cleanedUp(part).replacing(delimiter, with: [32]) }
      return part.isEmpty ? nil : part
    }
  }
}
