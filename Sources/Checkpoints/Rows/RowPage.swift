import Foundation

/// Up to a hundred neighbouring rows, as the hub's rows server answers them.
package struct RowPage: Sendable {
  /// Rows of a full page: the most that the server gives at once.
  package static let size = 100

  package struct Column: Sendable {
    package let name: String
    /// What the values are, in the words of Hugging Face's datasets.
    package let type: ServedValue
  }

  package let columns: [Column]
  /// In the split.
  let first: Int
  /// Objects by the columns' names.
  package let rows: [ServedValue]
  /// Columns of a row that came shortened.
  let cut: [(row: Int, column: String)]
  /// Of the whole split.
  package let total: Int
  /// Whether the split was so large that the server prepared only its beginning.
  package let isPartial: Bool

  /// Nil where the answer is not what such a server says of these rows.
  init?(_ data: Data, first: Int) {
    guard let served = ServedValue(data), let features = served["features"]?.list, let list = served["rows"]?.list,
      let total = served["num_rows_total"]?.integer, 0...(1 << 40) ~= total,
      list.count == max(0, min(Self.size, total - first))
    else { return nil }
    var rows: [ServedValue] = []
    var cut: [(row: Int, column: String)] = []
    for (place, entry) in list.enumerated() {
      guard let row = entry["row"], case .object = row, entry["row_idx"]?.integer == first + place else { return nil }
      rows.append(row)
      cut += (entry["truncated_cells"]?.texts ?? []).map { (first + place, $0) }
    }
    var columns: [Column] = []
    for feature in features {
      guard let name = feature["name"]?.text, let type = feature["type"] else { return nil }
      columns.append(Column(name: name, type: type))
    }
    self.columns = columns
    self.first = first
    self.rows = rows
    self.cut = cut
    self.total = total
    isPartial = served["partial"]?.bool ?? false
  }
}
