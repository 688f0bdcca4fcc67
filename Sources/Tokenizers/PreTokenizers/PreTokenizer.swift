/// Splits normalised text into words, which the subword model then cuts further.
package protocol PreTokenizer: Sendable {
  /// Splits the words of the text further; it may also rewrite them.
  func split(_ text: inout AlignedText)

  /// What each ASCII byte of normalised text does; nil where that depends on what is beside it.
  var asciiRoles: [ASCIIRole]? { get }

  /// What it means to cut the text before a lone space between two visible characters.
  var cutting: Cutting { get }

  /// The stages that this one consists of, for someone who looks at each; itself, unless it is a sequence.
  var steps: [any PreTokenizer] { get }

  /// What a learner knows the stage by.
  var name: String { get }
}

extension PreTokenizer {
  package var asciiRoles: [ASCIIRole]? { nil }
  package var steps: [any PreTokenizer] { [self] }
  package var name: String { String(describing: Self.self) }
}

/// What a stage makes of a text that is cut before a lone space: see `Stretches`.
package enum Cutting: Int, Comparable, Sendable {
  /// The parts may come out differently from the whole.
  case changes
  /// The parts together come out like the whole, but for a word that goes over the cut.
  case keeps
  /// The parts together come out like the whole, and a word always ends there.
  case endsWord

  package static func < (a: Cutting, b: Cutting) -> Bool { a.rawValue < b.rawValue }

  /// The effect of stages in a row.
  static func combined(_ stages: [Cutting]) -> Cutting {
    stages.contains(.changes) ? .changes : stages.max() ?? .keeps
  }
}

/// What a byte does in splitting.
package enum ASCIIRole: UInt8, Sendable {
  /// Goes on with a word.
  case word
  /// Ends a word and is dropped.
  case separator
  /// Is a word by itself.
  case alone
}

/// Takes the whole text as one word, for a file whose pre-tokenizer is `null`.
struct NoPreTokenizer: PreTokenizer {
  func split(_ text: inout AlignedText) {}
  var cutting: Cutting { .keeps }
  var steps: [any PreTokenizer] { [] }
}

/// Several pre-tokenizers, each splitting the words of the one before.
package struct PreTokenizerSequence: PreTokenizer {
  let stages: [any PreTokenizer]

  init(_ stages: [any PreTokenizer]) { self.stages = stages }

  init(_ json: JSONObject) throws(TokenizerError) {
    stages = try json.stages("pretokenizers", StageTable.preTokenizers)
  }

  package func split(_ text: inout AlignedText) { for stage in stages { stage.split(&text) } }
  package var asciiRoles: [ASCIIRole]? { stages.count == 1 ? stages[0].asciiRoles : nil }
  package var cutting: Cutting { .combined(stages.map(\.cutting)) }
  package var steps: [any PreTokenizer] { stages.flatMap(\.steps) }
}
