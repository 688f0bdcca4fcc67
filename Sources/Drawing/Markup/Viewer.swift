extension Drawing {
  /// The numbers of a picture beside it, for the page's script: who looks at whom, map by map. Without scripts nothing
  /// of it is seen.
  struct Viewer: Sendable {
    /// Numbers that a page carries for one picture at most.
    static let mostValues = 300_000

    var label: String
    var rows: [String]
    var columns: [String]
    /// What a row does to a column: `looks at`.
    var relation: String
    /// By map, what it is called; one without a name is the only one.
    var captions: [String]
    /// By map, row and column.
    var maps: [[[Float]]]
    var scale: FixedScale

    /// A data block and the place that the script fills; empty when there is nothing to look at token by token.
    var html: String {
      let count = maps.count * rows.count * columns.count
      guard !rows.isEmpty, !columns.isEmpty, count > 0, count <= Self.mostValues else { return "" }
      let fields = [
        ("label", Self.text(label)), ("rows", Self.texts(rows)), ("columns", Self.texts(columns)),
        ("relation", Self.text(relation)), ("captions", Self.texts(captions)),
        ("colors", Self.texts(scale.colors.stops.map(\.hex))),
        ("maps", Self.list(maps.map { Self.list($0.map { Self.list(rows($0)) }) })),
      ]
      let body = fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
      return "<script type=\"application/json\" class=\"values\">{\(body)}</script>"
    }

    /// A value as it is written and its place on the scale, in thousandths: `["0.343",343]`.
    private func rows(_ values: [Float]) -> [String] {
      columns.indices.map { column in
        let value = values.indices.contains(column) ? values[column] : .nan
        guard let part = scale.part(value) else { return "null" }
        return "[\(Self.text(scale.long(Double(value)))),\(number(part * 1000, digits: 0))]"
      }
    }

    private static func list(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

    private static func texts(_ texts: [String]) -> String { list(texts.map(text)) }

    /// A JSON string that cannot end the element it stands in, whatever it holds.
    private static func text(_ text: String) -> String {
      var result = "\""
      for scalar in sanitized(text).unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "<": result += "\\u003C"
        case ">": result += "\\u003E"
        case "&": result += "\\u0026"
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result + "\""
    }
  }
}

extension Drawing.Heatmap {
  var viewer: Drawing.Viewer {
    .init(
      label: title, rows: rows.map { visiblePiece($0, unicode: true) },
      columns: columns.map { visiblePiece($0, unicode: true) }, relation: relation, captions: [""], maps: [values],
      scale: fixedScale)
  }
}

extension Drawing.HeatmapGrid {
  var viewer: Drawing.Viewer {
    .init(
      label: title, rows: rows.map { visiblePiece($0, unicode: true) },
      columns: (columns.isEmpty ? rows : columns).map { visiblePiece($0, unicode: true) }, relation: "looks at",
      captions: maps.map(\.caption), maps: maps.map(\.values), scale: fixedScale)
  }
}
