/// Labelled texts under the header of a TSV or CSV file.
struct DelimitedTexts: RowParser {
  let columns: LabelledTexts.Columns
  private var walker: CellWalker
  private let check: RowCheck
  private let places: ColumnPlaces
  /// How many columns a row has.
  private let width: Int
  let layout: RowLayout
  private var cells: [CellWalker.Cell] = []

  var source: SourceText? { walker.source }
  var offset: Int { walker.offset }

  /// Reads the header, or takes the names of `options.columns` for one that is not there.
  init(_ source: SourceText, _ dialect: CellWalker.Dialect, _ options: ReadingOptions) throws(DataError) {
    walker = CellWalker(source, dialect)
    let wanted = ColumnNames(text: options.textColumn, label: options.labelColumn)
    var names: [String] = []
    var afterHeader = walker
    let line = try afterHeader.next(&cells)
    for cell in cells { names.append(trimmed(try walker.text(cell))) }
    if let columns = options.columns {
      // Names for a file that carries the very same ones: that row is the header.
      if columns == names { walker = afterHeader }
      names = columns
    } else {
      walker = afterHeader
      try wanted.refuseData(names, file: source.file)
    }
    places = try wanted.places(in: names, file: source.file, line: line ?? 1)
    columns = places.columns
    for place in [places.text, places.label, places.pair].compactMap({ $0 }) {
      if let second = names.lastIndex(of: names[place]), second != place {
        throw .repeatedColumn(DataPlace(file: source.file, line: line ?? 1, column: .number(second + 1)))
      }
    }
    width = names.count
    layout = .lines(shared: source.start..<walker.offset)
    check = RowCheck(file: source.file, columns: columns, labels: options.labels)
  }

  mutating func next() throws(DataError) -> LabelledText? {
    guard let line = try walker.next(&cells) else { return nil }
    guard cells.count == width else {
      let column = DataPlace.Column.number(min(cells.count, width) + 1)
      throw .wrongColumnCount(
        DataPlace(file: walker.source.file, line: line, column: column), expected: width, found: cells.count)
    }
    var pair: String?
    if let place = places.pair { pair = try walker.text(cells[place]) }
    let labels = try check.labels(written: try walker.text(cells[places.label]), line: line)
    return try check.row(text: try walker.text(cells[places.text]), pair: pair, labels: labels, line: line)
  }
}
