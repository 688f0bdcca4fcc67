import Drawing
import Training

extension DataStatsCommand.Answer {
  package var drawing: Drawing? {
    var parts: [Drawing] = [.words(.init(headline, .strong))]
    if !labels.isEmpty { parts.append(labelBars) }
    if let majority_share {
      parts.append(
        .words(
          .init("Always saying the most frequent label is right for \(percent(majority_share)) of the rows.", .faint)))
    }
    if let numbers { parts.append(.words(.init(sentence(of: numbers)))) }
    parts += [.blank, lengthBars, .words(.init(lengthWords)), .blank]
    parts += drawings(of: duplicates, whole: "in this file", title: "Alike in this file")
    if let leakage, let against {
      let name = against.split(separator: "/").last.map(String.init) ?? against
      parts += drawings(of: leakage, whole: "in \(name)", title: "Alike here and in \(name)")
    }
    return .stack(parts)
  }

  private var headline: String {
    let more = [
      paragraphs.map { "\(grouped($0)) paragraphs" }, words.map { "\(grouped($0)) words" },
      scheme.map { "tags in \($0)" },
      sizeText(bytes),
    ].compactMap { $0 }
    return "\(grouped(rows)) rows for \(task), \(more.joined(separator: ", "))"
  }

  private var labelBars: Drawing {
    // The most frequent first where there are too many for a screen.
    let shown = labels.count <= 12 ? labels : Array(labels.sorted { $0.count > $1.count }.prefix(12))
    let bars = shown.map {
      Drawing.Bars.Bar(
        $0.label, Double($0.count),
        text: task == "entities" ? grouped($0.count) : "\(grouped($0.count))  \(percent($0.share))")
    }
    let title = labels.count > shown.count ? "Labels, the \(shown.count) most frequent of \(labels.count)" : "Labels"
    return .bars(.init(title: title, bars: bars))
  }

  private func sentence(of numbers: DataStatsCommand.Numbers) -> String {
    "Labels from \(number(numbers.minimum)) to \(number(numbers.maximum)), mean \(number(numbers.mean)), standard deviation \(number(numbers.deviation))"
  }

  private var lengthBars: Drawing {
    .bars(
      .init(
        title: "Length in tokens of \(tokens.model)",
        bars: tokens.histogram.map { bin in
          .init(
            bin.from == bin.to ? "\(bin.from)" : "\(bin.from)-\(bin.to)", Double(bin.count), text: grouped(bin.count))
        }))
  }

  private var lengthWords: String {
    let lengths =
      "Half have at most \(tokens.p50), 90% \(tokens.p90), 95% \(tokens.p95), 99% \(tokens.p99), the longest \(grouped(tokens.max))"
    if tokens.longer == 0 { return "\(lengths); all fit into \(grouped(tokens.limit))." }
    let what = task == "answer" ? "are read in several windows of" : "are cut at"
    return "\(lengths); \(grouped(tokens.longer)) (\(percent(tokens.longer_share))) \(what) \(grouped(tokens.limit))."
  }

  private func drawings(of overlap: Overlap, whole: String, title: String) -> [Drawing] {
    let unit = task == "answer" ? "paragraphs" : "rows"
    let limit = overlap.rows == Overlap.mostRows ? " (of the first \(grouped(overlap.rows)))" : ""
    guard overlap.same + overlap.near > 0 else {
      return [
        .words(
          .init("No \(unit)\(limit) \(whole == "in this file" ? "say the same twice" : "are \(whole) too").", .good))
      ]
    }
    let before = whole == "in this file" ? "as one before" : "as one \(whole)"
    let labels = overlap.relabelled > 0 ? ", \(grouped(overlap.relabelled)) of them under other labels" : ""
    return [
      .words(
        .init(
          "\(grouped(overlap.same)) \(unit)\(limit) are the same \(before)\(labels); \(grouped(overlap.near)) are nearly the same.",
          .bad)),
      .table(
        .init(
          title: title, columns: [.number("line"), .number("like"), .number("alike"), "text", "label", "its label"],
          rows: overlap.pairs.map { pair in
            [
              .init("\(pair.line)"), .init("\(pair.otherLine)"), .init(percent(pair.similarity)), .init(pair.text),
              .init(pair.labels.joined(separator: ", ")), .init(pair.otherLabels.joined(separator: ", ")),
            ]
          })),
    ]
  }

  private func percent(_ share: Double) -> String {
    "\(number(100 * share, digits: share < 0.1 && share > 0 ? 1 : 0))%"
  }
}
