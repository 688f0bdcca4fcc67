/// Examples laid end to end and cut into sequences of one length, so that no step is spent on short ones. What follows
/// reads what stands before it, as in Hugging Face's `run_clm`; the last sequence may be shorter.
package struct PackedExamples: ExampleSource {
  private let source: any ExampleSource
  private let length: Int
  /// The token that each example begins at, and the end.
  private let starts: [Int]

  package init(_ source: any ExampleSource, length: Int) {
    self.source = source
    self.length = length
    var starts = [0]
    starts.reserveCapacity(source.count + 1)
    for index in 0..<source.count { starts.append(starts[index] + source.length(index)) }
    self.starts = starts
  }

  private var tokens: Int { starts[starts.count - 1] }
  package var count: Int { (tokens + length - 1) / length }
  package func length(_ index: Int) -> Int { min(length, tokens - index * length) }
  package func row(_ index: Int) -> Int { source.row(part(index * length)) }

  package func example(_ index: Int) -> Example {
    let wanted = index * length..<min((index + 1) * length, tokens)
    var (ids, asked) = ([Int32](), [Bool]())
    var part = part(wanted.lowerBound)
    while ids.count < wanted.count {
      let example = source.example(part)
      let inside = wanted.clamped(to: starts[part]..<starts[part + 1])
      let range = inside.lowerBound - starts[part]..<inside.upperBound - starts[part]
      ids += example.ids[range]
      if case .asked(let flags) = example.target { asked += flags[range] }
      part += 1
    }
    return Example(ids: ids, typeIDs: ids.map { _ in 0 }, target: .asked(asked), row: row(index))
  }

  /// The example that a token belongs to.
  private func part(_ token: Int) -> Int {
    var (low, high) = (0, starts.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= token { low = middle } else { high = middle }
    }
    return low
  }
}
