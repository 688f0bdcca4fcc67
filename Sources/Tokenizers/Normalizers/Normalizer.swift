/// Changes text before it is split: cleaning, case, accents.
package protocol Normalizer: Sendable {
  /// Rewrites the text, keeping for every scalar the place that it came from.
  func normalize(_ text: inout AlignedText)

  /// What becomes of each ASCII byte, where that depends on nothing beside it and on both sides of a kept
  /// byte the text is normalised independently; nil where no such table exists.
  var asciiOutcome: ASCIIOutcome? { get }

  /// Whether a text that is cut before a lone space between two visible characters gives the same in parts.
  var allowsCutting: Bool { get }

  /// Whether that also holds for a text that begins like this one.
  func allowsCutting(_ text: UnsafeBufferPointer<UInt8>) -> Bool

  /// Whether every text stays as it is.
  var isIdentity: Bool { get }

  /// The stages that this one consists of, for someone who looks at each; itself, unless it is a sequence.
  var steps: [any Normalizer] { get }

  /// What a learner knows the stage by.
  var name: String { get }
}

extension Normalizer {
  package var asciiOutcome: ASCIIOutcome? { nil }
  package var allowsCutting: Bool { true }
  package func allowsCutting(_ text: UnsafeBufferPointer<UInt8>) -> Bool { allowsCutting }
  package var isIdentity: Bool { false }
  package var steps: [any Normalizer] { [self] }
  package var name: String { String(describing: Self.self) }

  /// A text normalised by itself.
  func normalized(_ text: String) -> String {
    var (text, aligned) = (text, AlignedText())
    _ = text.withUTF8 { aligned.append(utf8: $0, origin: 0) }
    normalize(&aligned)
    return aligned.string(0..<aligned.count)
  }
}

/// What a normalizer makes of the ASCII bytes: the new byte, or 0xFF for one that is dropped.
package struct ASCIIOutcome: Sendable {
  static let dropped: UInt8 = 0xFF
  let bytes: [UInt8]

  /// Asks `normalize` for the outcome of each byte alone.
  init(of normalize: (inout AlignedText) -> Void) {
    bytes = (0..<128).map { (byte: UInt8) in
      var text = AlignedText()
      withUnsafePointer(to: byte) {
        _ = text.append(utf8: UnsafeBufferPointer(start: $0, count: 1), origin: 0)
      }
      normalize(&text)
      return text.scalars.first.map { UInt8(truncatingIfNeeded: $0) } ?? Self.dropped
    }
  }

  init() { bytes = Array(0..<128) }
}

/// Leaves the text as it is, for a file whose normalizer is `null`.
struct NoNormalizer: Normalizer {
  func normalize(_ text: inout AlignedText) {}
  var asciiOutcome: ASCIIOutcome? { ASCIIOutcome() }
  var isIdentity: Bool { true }
  var steps: [any Normalizer] { [] }
}

/// Several normalizers in a row.
package struct NormalizerSequence: Normalizer {
  let stages: [any Normalizer]

  init(_ stages: [any Normalizer]) { self.stages = stages }

  init(_ json: JSONObject) throws(TokenizerError) {
    stages = try json.stages("normalizers", StageTable.normalizers)
  }

  package func normalize(_ text: inout AlignedText) { for stage in stages { stage.normalize(&text) } }
  package var asciiOutcome: ASCIIOutcome? { stages.count == 1 ? stages[0].asciiOutcome : nil }
  package var allowsCutting: Bool { stages.allSatisfy(\.allowsCutting) }
  package func allowsCutting(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    stages.allSatisfy { $0.allowsCutting(text) }
  }
  package var isIdentity: Bool { stages.allSatisfy(\.isIdentity) }
  package var steps: [any Normalizer] { stages.flatMap(\.steps) }
}
