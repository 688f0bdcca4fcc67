/// Answers to questions as the SQuAD scripts compare them (Rajpurkar et al. 2016; both versions normalise alike).
enum AnswerText {
  /// Lower case, without ASCII punctuation and articles, words with one blank between them.
  static func normalized(_ text: String) -> String { words(text).joined(separator: " ") }

  /// The words that are left after normalising.
  static func words(_ text: String) -> [String] {
    var kept = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars where !isPunctuation(scalar) { kept.append(scalar) }
    return withoutArticles(kept).split(whereSeparator: isBlank).map { String(String.UnicodeScalarView($0)) }
  }

  /// 1 when both are the same after normalising.
  static func exactMatch(_ answer: String, _ gold: String) -> Double {
    normalized(answer) == normalized(gold) ? 1 : 0
  }

  /// How many words agree, as F1.
  /// - Parameter emptyEqualsEmpty: whether two answers without words agree, as version 2 has it
  static func f1(_ answer: String, _ gold: String, emptyEqualsEmpty: Bool) -> Double {
    let (ours, theirs) = (words(answer), words(gold))
    if emptyEqualsEmpty, ours.isEmpty || theirs.isEmpty { return ours == theirs ? 1 : 0 }
    var left = Dictionary(grouping: theirs) { $0 }.mapValues(\.count)
    var same = 0
    for word in ours where (left[word] ?? 0) > 0 {
      left[word, default: 0] -= 1
      same += 1
    }
    return quotient(2 * same, ours.count + theirs.count)
  }

  /// A blank in place of each `a`, `an` and `the` that stands by itself, between characters that are part of no word.
  private static func withoutArticles(_ scalars: String.UnicodeScalarView) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var word: [Unicode.Scalar] = []
    func close() {
      result += articles.contains(String(String.UnicodeScalarView(word))) ? [" "] : word
      word = []
    }
    for scalar in scalars {
      if isWordPart(scalar) {
        word.append(scalar)
      } else {
        close()
        result.append(scalar)
      }
    }
    close()
    return result
  }

  private static let articles: Set<String> = ["a", "an", "the"]

  /// Python's `string.punctuation`.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    (0x21...0x2F).contains(scalar.value) || (0x3A...0x40).contains(scalar.value)
      || (0x5B...0x60).contains(scalar.value) || (0x7B...0x7E).contains(scalar.value)
  }

  /// Python's `\w`: letters and whatever has a numeric value.
  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: scalar.properties.numericType != nil
    }
  }

  /// Python's `str.isspace`.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }
}
