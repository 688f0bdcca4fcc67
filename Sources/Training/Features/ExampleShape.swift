/// How the examples of one file are laid out: they are all of one task.
struct ExampleShape: Codable, Equatable {
  enum Kind: String, Codable { case label, labels, value, tags, span, words, asked, text }

  let kind: Kind
  /// Of multi-label targets.
  let classes: Int
  /// Whether an id takes four bytes instead of two.
  let hasWideIDs: Bool

  init(_ target: Target, vocabulary: Int) {
    hasWideIDs = vocabulary > 1 << 16
    classes = if case .labels(let labels) = target { labels.count } else { 0 }
    kind =
      switch target {
      case .label: .label
      case .labels: .labels
      case .value: .value
      case .tags: .tags
      case .span: .span
      // What a document adds is made anew from the sequences around.
      case .words, .document: .words
      case .asked: .asked
      case .text: .text
      }
  }

  /// Appends a target: classes and spans as 4 bytes, tags as 2, texts with their length.
  func append(_ target: Target, to bytes: inout [UInt8]) {
    switch target {
    case .label(let label): bytes.append(number: Int32(truncatingIfNeeded: label))
    case .labels(let labels): for label in labels { bytes.append(number: label.bitPattern) }
    case .value(let value): bytes.append(number: value.bitPattern)
    case .tags(let tags): for tag in tags { bytes.append(number: Int16(truncatingIfNeeded: tag)) }
    case .span(let start, let end):
      bytes.append(number: Int32(truncatingIfNeeded: start))
      bytes.append(number: Int32(truncatingIfNeeded: end))
    case .words, .document: break
    case .asked(let asked): bytes += asked.map { $0 ? 1 : 0 }
    case .text(let ids):
      bytes.append(number: UInt32(truncatingIfNeeded: ids.count))
      for id in ids { bytes.append(number: id) }
    }
  }

  func target(_ reader: inout ByteReader, tokens: Int) -> Target {
    switch kind {
    case .label: .label(Int(reader.next(Int32.self)))
    case .labels: .labels((0..<classes).map { _ in Float(bitPattern: reader.next(UInt32.self)) })
    case .value: .value(Float(bitPattern: reader.next(UInt32.self)))
    case .tags: .tags((0..<tokens).map { _ in Int(reader.next(Int16.self)) })
    case .span: .span(start: Int(reader.next(Int32.self)), end: Int(reader.next(Int32.self)))
    case .words: .words
    case .asked: .asked((0..<tokens).map { _ in reader.next(UInt8.self) != 0 })
    case .text: .text(reader.integers(Int(reader.next(UInt32.self)), Int32.self))
    }
  }
}

extension [UInt8] {
  /// The number's bytes in the machine's order.
  mutating func append(number: some FixedWidthInteger & BitwiseCopyable) {
    Swift.withUnsafeBytes(of: number) { append(contentsOf: $0) }
  }
}
