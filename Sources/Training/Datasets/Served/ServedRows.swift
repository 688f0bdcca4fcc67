import Checkpoints
import Foundation

/// Rows from the hub as JSON lines that the readers here understand: numbers of classes as their names, media left out.
package struct ServedRows {
  private var types: [(name: String, type: ColumnType)] = []
  /// Columns that were left out.
  package private(set) var dropped: [String] = []
  package private(set) var columns: [String] = []

  package init() {}

  /// A line with its end. Columns stand in the data set's order.
  package mutating func line(_ columns: [RowPage.Column], _ row: ServedValue) -> String {
    if self.columns.isEmpty {
      let all = columns.map { (name: $0.name, type: ColumnType($0.type)) }
      types = all.filter { $0.type != .media }
      dropped = all.filter { $0.type == .media }.map(\.name)
      self.columns = types.map(\.name)
    }
    let members = types.map { "\(quotedJSON($0.name)): \(ServedRows.json($0.type.named(row[$0.name] ?? .null)))" }
    return "{\(members.joined(separator: ", "))}\n"
  }

  private static func json(_ value: ServedValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .integer(let whole): "\(whole)"
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .text(let text): quotedJSON(text)
    case .list(let list): "[\(list.map(json).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.sorted { $0.key < $1.key }.map { "\(quotedJSON($0.key)): \(json($0.value))" }.joined(separator: ", "))}"
    }
  }
}
