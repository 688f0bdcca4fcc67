extension Drawing {
  /// Rows under titled columns.
  package struct Table: Sendable, Equatable {
    package struct Column: Sendable, Equatable, ExpressibleByStringLiteral {
      package var title: String
      package var alignment: Alignment
      /// Whether a cell that is too wide goes on below, rather than ending in `…`.
      package var wraps: Bool

      package init(_ title: String, _ alignment: Alignment = .left, wraps: Bool = true) {
        self.title = title
        self.alignment = alignment
        self.wraps = wraps
      }

      package init(stringLiteral title: String) {
        self.init(title)
      }

      /// A column of numbers: right-aligned, never wrapped.
      package static func number(_ title: String) -> Column {
        Column(title, .right, wraps: false)
      }
    }

    package var title: String
    package var columns: [Column]
    /// Cells by row. Missing cells are empty, cells beyond the columns are not shown.
    package var rows: [[Span]]

    package init(title: String = "", columns: [Column], rows: [[Span]]) {
      self.title = title
      self.columns = columns
      self.rows = rows
    }
  }
}

extension Drawing.Table {
  func cell(_ row: [Drawing.Span], _ column: Int) -> Drawing.Span {
    row.indices.contains(column) ? Drawing.Span(sanitized(row[column].text), row[column].role) : ""
  }

  func sentences() -> [String] {
    var result = title.isEmpty ? [] : [headline(title)]
    if rows.isEmpty { result.append("no rows") }
    for row in rows {
      let facts = columns.indices.compactMap { column -> String? in
        let text = cell(row, column).text
        guard !text.isEmpty else { return nil }
        let name = sanitized(columns[column].title)
        if name.isEmpty { return text }
        // A row is called by its first cell; a bare number would not say of what.
        if column == 0 { return columns[column].alignment == .right ? "\(name) \(text)" : text }
        return "\(name): \(text)"
      }
      // Two columns without titles are a key and its value.
      let isPair = columns.count == 2 && columns.allSatisfy { $0.title.isEmpty }
      result.append(facts.joined(separator: isPair ? ": " : "; "))
    }
    return result
  }

  func html() -> String {
    let head = columns.map { "<th scope=\"col\"\(alignmentClass($0))>\(escaped($0.title))</th>" }.joined()
    let body = rows.map { row in
      let cells = columns.indices.map { "<td\(alignmentClass(columns[$0]))>\(cell(row, $0).html)</td>" }
      return "<tr>" + cells.joined() + "</tr>"
    }
    let caption = title.isEmpty ? "" : "<caption>\(escaped(title))</caption>"
    let hasTitles = columns.contains { !$0.title.isEmpty }
    return """
      <div class="scroll"><table>\(caption)\(hasTitles ? "<thead><tr>\(head)</tr></thead>" : "")<tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  private func alignmentClass(_ column: Column) -> String {
    switch column.alignment {
    case .left: ""
    case .right: " class=\"right\""
    case .center: " class=\"center\""
    }
  }
}
