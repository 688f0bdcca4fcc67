/// Joins WordPiece pieces: a space before each that does not go on with a word.
package struct WordPieceDecoder: PieceDecoder {
  let prefix: [UInt8]
  let cleansUp: Bool

  init(prefix: String = "##", cleansUp: Bool = true) {
    self.prefix = Array(prefix.utf8)
    self.cleansUp = cleansUp
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    self.init(
      prefix: try json.string("prefix", default: "##"),
      cleansUp: try json.boolean("cleanup", default: true))
  }

  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    pieces.enumerated().map { index, piece in
      var part = piece
      if index > 0 {
        if part.starts(with: prefix) { part.removeFirst(prefix.count) } else { part.insert(32, at: 0) }
      }
      return cleansUp ? Self.cleanedUp(part) : part
    }
  }

  /// What is replaced within a piece, in this order.
  private static let replacements: [(from: [UInt8], to: [UInt8])] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ].map { (Array($0.utf8), Array($1.utf8)) }

  /// A piece with the spaces taken out that tokenizing put before punctuation.
  static func cleanedUp(_ piece: [UInt8]) -> [UInt8] {
    guard piece.contains(32) else { return piece }
    return replacements.reduce(piece) { piece, rule in piece.replacing(rule.from, with: rule.to) }
  }
}
