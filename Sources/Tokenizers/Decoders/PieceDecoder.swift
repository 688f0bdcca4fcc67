/// Puts pieces together into text again.
package protocol PieceDecoder: Sendable {
  /// What becomes of the pieces, in UTF-8; the parts are joined at the end.
  func decode(_ pieces: [[UInt8]]) -> [[UInt8]]
}

/// Joins the pieces with spaces, for a file whose decoder is `null`.
struct SpacedDecoder: PieceDecoder {
  func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    pieces.enumerated().map { index, piece in index == 0 ? piece : [32] + piece }
  }
}

/// Several decoders in a row.
package struct DecoderSequence: PieceDecoder {
  let stages: [any PieceDecoder]

  init(_ stages: [any PieceDecoder]) { self.stages = stages }

  init(_ json: JSONObject) throws(TokenizerError) {
    stages = try json.stages("decoders", StageTable.decoders)
  }

  package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
    stages.reduce(pieces) { pieces, stage in stage.decode(pieces) }
  }
}

extension Array where Element == UInt8 {
  /// The bytes with every occurrence of some replaced; none of them changes nothing.
  func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
    guard let first = old.first, contains(first) else { return self }
    var changed: [UInt8] = []
    var index = 0
    while index < count {
      if self[index] == first, self[index...].starts(with: old) {
        changed += new
        index += old.count
      } else {
        changed.append(self[index])
        index += 1
      }
    }
    return changed
  }

  /// The scalars of UTF-8.
  var scalars: [UInt32] {
    withUnsafeBufferPointer { bytes in
      var scalars: [UInt32] = []
      var position = 0
      while position < bytes.count { scalars.append(bytes.scalar(at: &position)) }
      return scalars
    }
  }

  init(scalars: some Sequence<UInt32>) {
    var view = String.UnicodeScalarView()
    for scalar in scalars { view.append(Unicode.Scalar(scalar) ?? "\u{FFFD}") }
    self = Array(String(view).utf8)
  }
}
