/// Says how one or two sequences and the special tokens stand together.
package protocol PostProcessor: Sendable {
  /// The parts of the result in order; without special tokens where those are not wanted.
  func layout(isPair: Bool, special: Bool) -> [LayoutPart]

  /// What is cut off the offsets, if anything.
  var trimming: OffsetTrimming? { get }

  /// Whether the types of the layout also hold for what truncation cuts off; else that is 0 or 1 by sequence.
  var typesOverflow: Bool { get }
}

extension PostProcessor {
  package var trimming: OffsetTrimming? { nil }
  package var typesOverflow: Bool { true }
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

    /// Reads a text and an id in a list, as some files have them.
    init(pair json: JSONSlice) throws(TokenizerError) {
      let parts = try json.elements()
      guard parts.count == 2 else { throw json.wrong(.array) }
      self.init(id: try parts[1].integer(), text: try parts[0].string())
    }

    init(id: Int, text: String) {
      self.id = id
      self.text = text
    }
  }

  var addedCount: Int {
    if case .special(let tokens, _) = self { tokens.count } else { 0 }
  }

  static func sequences(isPair: Bool, secondType: Int32 = 1) -> [LayoutPart] {
    [.sequence(isSecond: false, typeID: 0)] + (isPair ? [.sequence(isSecond: true, typeID: secondType)] : [])
  }
}

/// Sets the sequences side by side, for a file whose post-processor is `null`.
struct NoPostProcessor: PostProcessor {
  func layout(isPair: Bool, special: Bool) -> [LayoutPart] { LayoutPart.sequences(isPair: isPair) }
}

/// Takes the white space at the ends of byte-level pieces out of their offsets.
package struct ByteLevelProcessing: PostProcessor {
  package let trimming: OffsetTrimming?

  init(_ json: JSONObject) throws(TokenizerError) {
    trimming = try OffsetTrimming(json)
  }

  package func layout(isPair: Bool, special: Bool) -> [LayoutPart] { LayoutPart.sequences(isPair: isPair) }
}

/// Several post-processors in a row, of which one at most lays the sequences out.
package struct PostProcessorSequence: PostProcessor {
  private let stages: [any PostProcessor]
  package let trimming: OffsetTrimming?
  package var typesOverflow: Bool { stages.first?.typesOverflow ?? true }

  /// Throws `unknownKind` for a second one that adds tokens.
  init(_ json: JSONObject) throws(TokenizerError) {
    let stages = try json.stages("processors", StageTable.postProcessors)
    let adding = stages.filter { !$0.layout(isPair: false, special: true).allSatisfy { $0.addedCount == 0 } }
    guard adding.count < 2 else {
      throw .unknownKind(file: json.file, stage: json.path, kind: "Sequence of two that add tokens")
    }
    trimming = stages.lazy.compactMap(\.trimming).first
    self.stages = adding.isEmpty ? Array(stages.suffix(1)) : adding
  }

  package func layout(isPair: Bool, special: Bool) -> [LayoutPart] {
    stages.first?.layout(isPair: isPair, special: special) ?? LayoutPart.sequences(isPair: isPair)
  }
}
