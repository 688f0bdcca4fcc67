extension Drawing.Curves {
  private static let width = 640.0
  private static let plotHeight = 230.0
  private static let dashes = ["", "7 4", "2 3", "10 3 2 3", "4 2", "1 3"]

  var picture: Picture {
    let axes = axes(xTicks: 7, yTicks: 5)
    let labels = axes.y.ticks.map { axes.y.label($0) }
    let left = (labels.map(Picture.measure).max() ?? 0) + 14
    let right = Self.width - 14
    var top = 6.0
    var body = ""
    if !title.isEmpty {
      body += Picture.text(title, 4, 16, weight: "600")
      top += 24
    }
    for (index, series) in series.enumerated() {
      let y = top + Double(index) * 19 + 9
      body += Picture.line(
        left, y - 4, left + 26, y - 4, opacity: 1, color: color(index), width: 2.4, dash: dash(index))
      body += Picture.text(series.name, left + 34, y, weight: "500")
      body += Picture.text(summary(series), left + 46 + Picture.measure(series.name) * 1.05, y, opacity: 0.7)
    }
    top += Double(series.count) * 19 + 12
    if !yTitle.isEmpty {
      body += Picture.text(yTitle, 4, top + 4, opacity: 0.7)
      top += 14
    }
    let bottom = top + Self.plotHeight
    for (tick, label) in zip(axes.y.ticks, labels) {
      let y = bottom - axes.y.part(tick) * Self.plotHeight
      body += Picture.line(left, y, right, y, opacity: 0.15)
      body += Picture.text(label, left - 6, y + 4.5, anchor: "end", opacity: 0.75)
    }
    for tick in axes.x.ticks {
      let x = left + axes.x.part(tick) * (right - left)
      body += Picture.line(x, bottom, x, bottom + 4, opacity: 0.6)
      body += Picture.text(axes.x.label(tick), x, bottom + 18, anchor: "middle", opacity: 0.75)
    }
    body += Picture.line(left, bottom, right, bottom, opacity: 0.6)
    for (index, series) in series.enumerated() {
      for piece in series.pieces {
        let places = piece.map { point in
          (
            left + clamped(axes.x.part(point.x)) * (right - left),
            bottom - clamped(axes.y.part(point.y)) * Self.plotHeight
          )
        }
        body += path(places, index)
      }
    }
    body += Picture.text(xTitle, right, bottom + 34, anchor: "end", opacity: 0.7)
    return Picture(
      width: Self.width, height: bottom + 42, alternative: sentences().joined(separator: ". "), body: body)
  }

  private func color(_ index: Int) -> String { Palette.series[index % Palette.series.count].hex }

  private func dash(_ index: Int) -> String { Self.dashes[index % Self.dashes.count] }

  private func clamped(_ part: Double) -> Double { min(max(part, 0), 1) }

  private func path(_ places: [(Double, Double)], _ index: Int) -> String {
    if places.count == 1, let place = places.first {
      let center = "cx=\"\(Picture.size(place.0))\" cy=\"\(Picture.size(place.1))\""
      return "<circle \(center) r=\"3.5\" fill=\"\(color(index))\"/>"
    }
    let points = places.map { "\(Picture.size($0.0)),\(Picture.size($0.1))" }.joined(separator: " ")
    let dashes = dash(index).isEmpty ? "" : " stroke-dasharray=\"\(dash(index))\""
    return "<polyline points=\"\(points)\" fill=\"none\" stroke=\"\(color(index))\" stroke-width=\"2.2\" "
      + "stroke-linejoin=\"round\"\(dashes)/>"
  }

  func html() -> String {
    "<figure class=\"curves\">\(picture.inline)</figure>"
  }
}
