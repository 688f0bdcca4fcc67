import ArgumentParser

/// The commands that exist. Notebook, Lessons and Shell each bring theirs; `attune` joins the rows.
package struct CommandTable: Sendable {
  package let rows: [any Command.Type]
  private let byName: [String: any Command.Type]

  package init(_ rows: [any Command.Type]) {
    self.rows = rows
    var byName: [String: any Command.Type] = [:]
    for row in rows { for name in row.names { byName[name] = row } }
    self.byName = byName
  }

  package func row(named name: String) -> (any Command.Type)? { byName[name] }

  /// Names that `help` lists, one a command.
  package var names: [String] { rows.filter { $0.configuration.shouldDisplay }.map { $0.name } }

  /// The name that is most likely meant by a mistyped one; nil if nothing is near.
  package func nearest(to name: String) -> String? {
    let shown = rows.filter { $0.configuration.shouldDisplay }.flatMap { $0.names }
    return Nearest.match(name.lowercased(), among: shown.sorted())
  }
}

extension Command {
  package static var name: String { configuration.commandName ?? "\(Self.self)".lowercased() }

  /// The name and what else it answers to, such as `sentiment-analysis` for `classify`.
  package static var names: [String] { [name] + configuration.aliases }
}

/// Spelling suggestions.
package enum Nearest {
  /// The candidate with the smallest edit distance (insert, delete, replace, swap neighbours), if it is within a third
  /// of the name's length, at least 1; ties go to the first. What the name begins is meant before that, if all that it
  /// begins are one word and its longer forms.
  package static func match(_ name: String, among candidates: [String]) -> String? {
    let limit = max(1, name.count / 3)
    let prefixed = name.count >= 2 ? candidates.filter { $0.hasPrefix(name) } : []
    if let shortest = prefixed.min(by: { $0.count < $1.count }), prefixed.allSatisfy({ $0.hasPrefix(shortest) }) {
      return shortest
    }
    return candidates.map { ($0, distance(name, $0)) }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
