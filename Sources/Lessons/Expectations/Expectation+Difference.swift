import Drawing
import Foundation

extension Expectation {
  func alignment(with found: [String]) -> Alignment { Alignment(expected: lines.map(\.text), found: found) }

  package func holds(for found: [String]) -> Bool { alignment(with: found).holds }

  /// What differs, to be read: `-` expected, with its line in the file; `+` found, with its line in the output. Equal
  /// lines show two deep around a difference.
  package func difference(from found: [String]) -> [String] {
    let found = Alignment.trimmed(found)
    var rows: [(mark: String, line: Int?, text: String)] = []
    for step in alignment(with: found).steps {
      switch step {
      case .kept(let place, let range):
        rows.append((" ", lines[place].place.line, range.count == 1 ? found[range.lowerBound] : lines[place].text))
      case .changed(let place, let line):
        rows.append(("-", lines[place].place.line, lines[place].text))
        rows.append(("+", nil, found[line]))
      case .absent(let place): rows.append(("-", lines[place].place.line, lines[place].text))
      case .extra(let line): rows.append(("+", nil, found[line]))
      }
    }
    let width = rows.compactMap { $0.line.map { String($0).count } }.max() ?? 1
    var shown: [String] = ["- expected, + found:"]
    var isCut = false
    for (index, row) in rows.enumerated() {
      let near = rows[max(0, index - 2)...min(rows.count - 1, index + 2)].contains { $0.mark != " " }
      if near {
        let number = padded(row.line.map(String.init) ?? "", to: width, alignment: .right)
        shown.append(LinePattern.trimmedEnd("\(row.mark) \(number) | \(sanitized(row.text))"))
      } else if !isCut {
        shown.append("  …")
      }
      isCut = !near
    }
    return shown
  }

  /// The lines that would hold for this output: those that hold already stay, wildcards included.
  package func promoted(to found: [String]) -> [String] {
    let found = Alignment.trimmed(found)
    let old = lines.map(\.text)
    return alignment(with: found).steps.compactMap { step in
      switch step {
      case .kept(let place, _): old[place]
      case .changed(let place, let line): Expectation.rewritten(old[place], as: found[line])
      case .absent: nil
      case .extra(let line): Expectation.literal(found[line])
      }
    }
  }

  /// A tolerance that the author gave stays on the line.
  private static func rewritten(_ old: String, as line: String) -> String {
    guard LinePattern.toleranceSuffix(old) != nil, let suffix = old.range(of: " (~", options: .backwards) else {
      return literal(line)
    }
    let tolerant = LinePattern.trimmedEnd(line) + old[suffix.lowerBound...]
    return LinePattern(tolerant).matches(line) ? tolerant : literal(line)
  }

  /// The line as an expectation of just itself. What is hidden as measured stays a wildcard.
  static func literal(_ line: String) -> String {
    let line = LinePattern.trimmedEnd(line)
    let isSpecial =
      LinePattern(line) == .anyLines || line.hasSuffix(" (re)") || LinePattern.toleranceSuffix(line) != nil
    guard isSpecial else { return line }
    return line.map { "\\^$.|?*+()[]{}".contains($0) ? "\\\($0)" : String($0) }.joined() + " (re)"
  }
}
