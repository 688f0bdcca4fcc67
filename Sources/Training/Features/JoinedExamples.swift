/// The examples of several sources, one source after the other; rows are counted on from one to the next.
package struct JoinedExamples: ExampleSource {
  private let sources: [any ExampleSource]
  /// The example that each source begins at, and the end.
  private let starts: [Int]
  /// The rows before each source.
  private let rows: [Int]

  /// - Parameter sources: each with how many rows it was made of
  package init(_ sources: [(examples: any ExampleSource, rows: Int)]) {
    self.sources = sources.map(\.examples)
    var (starts, rows) = ([0], [0])
    for source in sources {
      starts.append(starts[starts.count - 1] + source.examples.count)
      rows.append(rows[rows.count - 1] + source.rows)
    }
    self.starts = starts
    self.rows = rows
  }

  package var count: Int { starts[starts.count - 1] }
  package func length(_ index: Int) -> Int {
    let part = part(index)
    return sources[part].length(index - starts[part])
  }

  package func row(_ index: Int) -> Int {
    let part = part(index)
    return rows[part] + sources[part].row(index - starts[part])
  }

  package func example(_ index: Int) -> Example {
    let part = part(index)
    let example = sources[part].example(index - starts[part])
    return Example(ids: example.ids, typeIDs: example.typeIDs, target: example.target, row: rows[part] + example.row)
  }

  /// The source that an example lies in.
  private func part(_ index: Int) -> Int {
    var (low, high) = (0, sources.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= index { low = middle } else { high = middle }
    }
    return low
  }
}

/// Some neighbouring examples of a source.
package struct ExampleSlice: ExampleSource {
  private let source: any ExampleSource
  private let range: Range<Int>

  package init(_ source: any ExampleSource, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  package var count: Int { range.count }
  package func length(_ index: Int) -> Int { source.length(range.lowerBound + index) }
  package func row(_ index: Int) -> Int { source.row(range.lowerBound + index) }
  package func example(_ index: Int) -> Example { source.example(range.lowerBound + index) }
}

/// Examples at even distances, when a source has more than are wanted.
package struct SpacedExamples: ExampleSource {
  private let source: any ExampleSource
  package let count: Int

  package init(_ source: any ExampleSource, atMost count: Int) {
    self.source = source
    self.count = min(count, source.count)
  }

  private func place(_ index: Int) -> Int { index * source.count / count }
  package func length(_ index: Int) -> Int { source.length(place(index)) }
  package func row(_ index: Int) -> Int { source.row(place(index)) }
  package func example(_ index: Int) -> Example { source.example(place(index)) }
}
