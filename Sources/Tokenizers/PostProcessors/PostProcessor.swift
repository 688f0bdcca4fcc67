/// Says how one or two sequences and the special tokens stand together.
package protocol PostProcessor: Sendable {
  /// The parts of the result in order.
  func layout(isPair: Bool) -> [LayoutPart]
}

/// A part of a finished encoding.
package enum LayoutPart: Equatable, Sendable {
  /// The first or, if there is one, the second sequence.
  case sequence(isSecond: Bool, typeID: Int32)
  /// Special tokens that are not in the text.
  case special(tokens: [SpecialToken], typeID: Int32)

  package struct SpecialToken: Equatable, Sendable {
    var id: Int
    var text: String
  }

  var addedCount: Int {
    if case .special(let tokens, _) = self { tokens.count } else { 0 }
  }
}

/// Sets the sequences side by side, for a file whose post-processor is `null`.
struct NoPostProcessor: PostProcessor {
  func layout(isPair: Bool) -> [LayoutPart] {
    [.sequence(isSecond: false, typeID: 0)] + (isPair ? [.sequence(isSecond: true, typeID: 1)] : [])
  }
}
