import Drawing
import Pipelines

extension BeamTree {
  /// A line for each branch; tokens that nothing branches off between stand on one. What the search let go of is faint,
  /// what won is strong.
  package func drawing(_ prompt: String) -> Drawing {
    var lines: [[Drawing.Span]] = [[.init(prompt.isEmpty ? "(start)" : prompt, .faint)]]
    draw(nil, indent: "", into: &lines)
    return .text(.init(lines: lines))
  }

  private func draw(_ node: Int?, indent: String, into lines: inout [[Drawing.Span]]) {
    let branches = children(of: node)
    for (place, first) in branches.enumerated() {
      let isLast = place == branches.count - 1
      var chain = [first]
      while case let next = children(of: chain[chain.count - 1]), next.count == 1 { chain.append(next[0]) }
      let end = chain[chain.count - 1]
      let text = chain.map { shown(nodes[$0].tokenText) }.joined()
      let isBest = best.contains(end)
      let isLeaf = children(of: end).isEmpty
      let role: Drawing.Role =
        isBest ? .strong : isLeaf && !nodes[end].isFinished && !isRunning(end) ? .faint : .plain
      let facts = [number(Double(nodes[end].score), digits: 2), isLeaf ? state(end) : nil].compactMap { $0 }
      lines.append([
        .init(indent + (isLast ? "└─" : "├─"), .faint), .init(text, role),
        .init("  " + facts.joined(separator: " "), .faint),
      ])
      draw(end, indent: indent + (isLast ? "  " : "│ "), into: &lines)
    }
  }

  private func shown(_ text: String) -> String { text.replacing("\n", with: "\\n") }

  private func state(_ node: Int) -> String? {
    if best.contains(node) { return "best" }
    if nodes[node].isFinished { return "ended" }
    return isRunning(node) ? nil : "let go"
  }
}
