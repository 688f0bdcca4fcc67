/// Lines drawn on a grid of cells, each cell eight braille dots or one mark.
struct PlotCanvas {
  private let columns: Int
  private let rows: Int
  private let across: Int
  private let down: Int
  private var dots: [UInt8]
  private var owners: [Int?]
  private var singles: Set<Int> = []

  init(columns: Int, rows: Int, braille: Bool) {
    self.columns = columns
    self.rows = rows
    across = braille ? 2 : 1
    down = braille ? 4 : 1
    dots = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: nil, count: columns * rows)
  }

  /// The cell row of a height between 0 (bottom) and 1 (top).
  func row(_ part: Double) -> Int { dotRow(part) / down }

  /// A line through places given as parts of the width and height, 0 to 1, from the lower left.
  mutating func draw(_ places: [(x: Double, y: Double)], series: Int) {
    let points = places.map { (x: dotColumn($0.x), y: dotRow($0.y)) }
    guard var last = points.first else { return }
    if points.count == 1 {
      singles.insert(last.y / down * columns + last.x / across)
      set(last.x, last.y, series)
    }
    for point in points.dropFirst() {
      let steps = max(abs(point.x - last.x), abs(point.y - last.y), 1)
      for step in 0...steps {
        let part = Double(step) / Double(steps)
        let x = Double(last.x) + Double(point.x - last.x) * part
        let y = Double(last.y) + Double(point.y - last.y) * part
        set(Int(x.rounded()), Int(y.rounded()), series)
      }
      last = point
    }
  }

  /// Who drew in a cell last, the cell's dots as a braille character, and whether it is a lone point.
  func cell(_ column: Int, _ row: Int) -> (owner: Int?, dots: String, isSingle: Bool) {
    let index = row * columns + column
    let character = Unicode.Scalar(0x2800 + UInt32(dots[index])).map(String.init) ?? " "
    return (owners[index], character, singles.contains(index))
  }

  private func dotColumn(_ part: Double) -> Int { position(part, columns * across) }

  private func dotRow(_ part: Double) -> Int { rows * down - 1 - position(part, rows * down) }

  private func position(_ part: Double, _ count: Int) -> Int {
    Int((min(max(part, 0), 1) * Double(count - 1)).rounded())
  }

  private mutating func set(_ x: Int, _ y: Int, _ series: Int) {
    let index = y / down * columns + x / across
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    dots[index] |= bits[y % down][x % across]
    owners[index] = series
  }
}
