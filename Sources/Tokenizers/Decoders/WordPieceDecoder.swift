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

  package func decode(_ pieces: [String]) -> String {
    var text: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
      var part = Array(piece.utf8)
      if index > 0 {
        if part.starts(with: prefix) { part.removeFirst(prefix.count) } else { part.insert(32, at: 0) }
      }
      if cleansUp { Self.cleanUp(&part) }
      text += part
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// What is replaced within a piece, in this order.
  private static let replacements: [(from: [UInt8], to: [UInt8])] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ].map { (Array($0.utf8), Array($1.utf8)) }

  private static func cleanUp(_ part: inout [UInt8]) {
    guard part.contains(32) else { return }
    for (from, to) in replacements where part.count >= from.count {
      var changed: [UInt8] = []
      var index = 0
      while index < part.count {
        if part[index] == from[0], part[index...].starts(with: from) {
          changed += to
          index += from.count
        } else {
          changed.append(part[index])
          index += 1
        }
      }
      part = changed
    }
  }
}
