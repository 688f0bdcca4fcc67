/// A `check:` as a tree. No code runs: it compares values that commands gave.
package indirect enum Check: Sendable, Equatable {
  case literal(CheckLiteral)
  /// `tok.tokens[0].piece`: the id of a cell or `last`, then members, elements and `.count`.
  case path(root: String, steps: [Step])
  /// `$layer`: a parameter of the lesson.
  case variable(String)
  case list([Check])
  case count(Check)
  case not(Check)
  case and(Check, Check)
  case or(Check, Check)
  case compare(Comparison, Check, Check)

  package enum Step: Sendable, Equatable {
    case member(String)
    /// Negative: from the end, -1 is the last.
    case element(Int)
  }

  package enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case below = "<"
    case above = ">"
    case contains = "contains"
  }

  /// Why a text is no check.
  package enum Problem: Equatable, Sendable {
    case empty
    case wantsValue(found: String)
    case wantsEnd(found: String)
    case wantsClosing(String, found: String)
    case openText
    case singleEquals
    case badNumber(String)
    case unknownCharacter(String)
    case tooDeep
  }
}

package enum CheckLiteral: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
}

extension Check {
  /// Words that cannot name a cell.
  package static let reserved: Set<String> = ["last", "and", "or", "not", "contains", "count", "true", "false", "null"]

  /// The ids of cells it speaks about, `last` not among them.
  package var references: Set<String> {
    names { if case .path(let root, _) = $0, root != "last" { root } else { nil } }
  }

  package var variables: Set<String> { names { if case .variable(let name) = $0 { name } else { nil } } }

  private func names(_ name: (Check) -> String?) -> Set<String> {
    let own: Set<String> = name(self).map { [$0] } ?? []
    return children.reduce(own) { $0.union($1.names(name)) }
  }

  private var children: [Check] {
    switch self {
    case .literal, .path, .variable: []
    case .list(let elements): elements
    case .count(let inner), .not(let inner): [inner]
    case .and(let a, let b), .or(let a, let b), .compare(_, let a, let b): [a, b]
    }
  }
}
