/// Examples that know the words of their document: of the examples of the same row, those that are near.
package struct DocumentExamples: ExampleSource {
  private let source: any ExampleSource
  /// Neighbours that are looked at on either side.
  private static let reach = 16

  package init(_ source: any ExampleSource) { self.source = source }

  package var count: Int { source.count }
  package func length(_ index: Int) -> Int { source.length(index) }
  package func row(_ index: Int) -> Int { source.row(index) }

  package func example(_ index: Int) -> Example {
    let own = source.example(index)
    var words = Set(own.ids)
    for step in [-1, 1] {
      for distance in 1...Self.reach {
        let place = index + step * distance
        guard (0..<count).contains(place), source.row(place) == own.row else { break }
        words.formUnion(source.example(place).ids)
      }
    }
    return Example(ids: own.ids, typeIDs: own.typeIDs, target: .document(words.sorted()), row: own.row)
  }
}
