/// Puts pieces together into text again.
package protocol PieceDecoder: Sendable {
  func decode(_ pieces: [String]) -> String
}

/// Joins the pieces with spaces, for a file whose decoder is `null`.
struct SpacedDecoder: PieceDecoder {
  func decode(_ pieces: [String]) -> String { pieces.joined(separator: " ") }
}
