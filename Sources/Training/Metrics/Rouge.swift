/// How much of the words of one text another has, in order or not (Lin 2004), counted as `rouge_score` counts: lower case,
/// Latin letters and digits alone, no stemming.
package struct Rouge: Sendable, Equatable {
  /// Harmonic means of precision and recall: single words, pairs, the longest common subsequence.
  package let one, two, longest: Double

  package init(_ written: String, reference: String) {
    let (ours, theirs) = (Rouge.words(written), Rouge.words(reference))
    one = Rouge.overlap(ours, theirs, 1)
    two = Rouge.overlap(ours, theirs, 2)
    longest =
      ours.isEmpty || theirs.isEmpty
      ? 0 : Rouge.harmonic(Rouge.common(ours, theirs), ours.count, theirs.count)
  }

  /// The means over rows, by their Hugging Face names.
  package static func means(_ rows: [Rouge]) -> [String: Double] {
    func mean(_ part: (Rouge) -> Double) -> Double { rows.map(part).reduce(0, +) / Double(max(1, rows.count)) }
    return ["rouge1": mean(\.one), "rouge2": mean(\.two), "rougeL": mean(\.longest)]
  }

  private static func words(_ text: String) -> [Substring] {
    text.lowercased().unicodeScalars.split { !($0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))) }
      .map(Substring.init)
  }

  private static func overlap(_ ours: [Substring], _ theirs: [Substring], _ order: Int) -> Double {
    let (a, b) = (runs(of: ours, order), runs(of: theirs, order))
    let shared = a.reduce(0) { $0 + min($1.value, b[$1.key] ?? 0) }
    return harmonic(shared, max(0, ours.count - order + 1), max(0, theirs.count - order + 1))
  }

  private static func harmonic(_ shared: Int, _ ours: Int, _ theirs: Int) -> Double {
    let precision = Double(shared) / Double(max(1, ours))
    let recall = Double(shared) / Double(max(1, theirs))
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  /// The length of the longest common subsequence.
  private static func common(_ ours: [Substring], _ theirs: [Substring]) -> Int {
    var above = [Int](repeating: 0, count: theirs.count + 1)
    for word in ours {
      var row = [0]
      row.reserveCapacity(above.count)
      for (place, other) in theirs.enumerated() {
        row.append(word == other ? above[place] + 1 : max(above[place + 1], row[place]))
      }
      above = row
    }
    return above[theirs.count]
  }
}

/// How often each run of that many neighbours occurs.
func runs<Word: Hashable>(of words: [Word], _ order: Int) -> [ArraySlice<Word>: Int] {
  guard words.count >= order else { return [:] }
  var counts: [ArraySlice<Word>: Int] = [:]
  for start in 0...words.count - order { counts[words[start..<start + order], default: 0] += 1 }
  return counts
}
