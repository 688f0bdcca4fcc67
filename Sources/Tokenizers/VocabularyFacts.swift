/// What a learner may ask of a tokenizer's pieces.
package struct PieceFacts: Equatable, Sendable {
  package let id: Int
  /// As the vocabulary writes it.
  package let piece: String
  /// The text that it stands for inside a text.
  package let text: String
  /// In characters of that text (Unicode scalars).
  package let length: Int
  /// The script of its first letter; `Common` where it has none, `bytes` where it is only part of a character.
  package let script: String
  package let isSpecial: Bool

  package init(id: Int, piece: String, text: String, length: Int, script: String, isSpecial: Bool) {
    self.id = id
    self.piece = piece
    self.text = text
    self.length = length
    self.script = script
    self.isSpecial = isSpecial
  }
}

extension Tokenizer {
  /// The name of the model's kind: WordPiece, BPE, Unigram or WordLevel.
  package var kind: String { String(describing: type(of: subword)) }

  /// The name of what adds special tokens: TemplateProcessing and the like.
  package var postProcessorKind: String { String(describing: type(of: postProcessor)) }

  /// The facts of one piece; nil for an id that the tokenizer does not have.
  package func facts(of id: Int) -> PieceFacts? {
    guard let piece = token(of: id) else { return nil }
    let text = text(of: piece)
    let names = ScriptTable.names
    let neutral: Set = ["Unknown", "Common", "Inherited"]
    let scripts = text.unicodeScalars.lazy.map { names[ScriptTable.shared.script(of: $0.value)] }
    let isPart = text.unicodeScalars.contains("\u{FFFD}")
    return PieceFacts(
      id: id, piece: piece, text: text, length: text.unicodeScalars.count,
      script: isPart ? "bytes" : scripts.first { !neutral.contains($0) } ?? "Common",
      isSpecial: added.text(of: id).map { added.isSpecial($0) } ?? false)
  }

  /// The text of a piece inside a text: decoded behind another, so that the decoder drops no leading space.
  ///
  /// A space that the decoder puts between words belongs to the piece only where the piece has a mark for it.
  private func text(of piece: String) -> String {
    let before = "a"
    let decoded = text(of: [before, piece])
    guard decoded.hasPrefix(before) else { return decoded }
    let behind = String(decoded.unicodeScalars.dropFirst())
    return behind == " " + piece ? piece : behind
  }

  /// The ids of the pieces that a regular expression matches somewhere.
  ///
  /// Throws `unsupportedPattern` and `patternTooSlow`.
  package func ids(matching expression: String) throws(TokenizerError) -> [Int] {
    let pattern = try Pattern(expression: expression, file: "--matching")
    var ids: [Int] = []
    var slow: String?
    for id in 0..<vocabularySize where slow == nil {
      let scalars = (token(of: id) ?? "").unicodeScalars.map(\.value)
      var isMatch = false
      scalars.withUnsafeBufferPointer { text in slow = pattern.forEachMatch(in: text) { _ in isMatch = true } }
      if isMatch { ids.append(id) }
    }
    if let slow { throw .patternTooSlow(pattern: slow) }
    return ids
  }
}
