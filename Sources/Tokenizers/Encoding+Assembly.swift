/// A finished encoding in the making: the layout, the sequences, and what of each goes into a part.
struct Assembly {
  let layout: [LayoutPart]
  let sequences: [SequenceState]
  /// The ranges that each sequence is cut into, the kept one first.
  let windows: [[Range<Int>]]
  let names: TokenNames
  let processor: any PostProcessor

  /// The most parts that are made: two long texts that are both cut have the product of their windows.
  static let maximumParts = 1_000_000

  /// Throws `tooManyParts`.
  func encoding() throws(TokenizerError) -> Encoding {
    let (count, isOver) = layout.reduce((1, false)) { total, part in
      let (product, isOver) = total.0.multipliedReportingOverflow(by: windowCount(part))
      return (product, total.1 || isOver)
    }
    guard !isOver, count <= Self.maximumParts else { throw .tooManyParts(limit: Self.maximumParts) }
    let (kept, others) = choices()
    var encoding = part(kept)
    encoding.overflowing = others.map(part)
    encoding.isTruncated = zip(windows, sequences).contains { $0.first?.count != $1.tokens.count }
    return encoding
  }

  private func windowCount(_ part: LayoutPart) -> Int {
    if case .sequence(let isSecond, _) = part { windows[isSecond ? 1 : 0].count } else { 1 }
  }

  /// Which window stands at each place of the layout: in the kept part, and in each overflowing one.
  ///
  /// Where both sequences were cut, every window of one meets every window of the other, in the order of the
  /// reference.
  private func choices() -> ([Int], [[Int]]) {
    var kept: [Int] = []
    var others: [[Int]] = []
    for part in layout {
      let count = windowCount(part)
      var next: [[Int]] = []
      for other in others {
        for window in 0..<count { next.append(other + [window]) }
      }
      for window in 1..<max(count, 1) { next.append(kept + [window]) }
      kept.append(0)
      others = next
    }
    return (kept, others)
  }

  private func part(_ choice: [Int]) -> Encoding {
    var encoding = Encoding(names: names)
    var total = 0
    for (part, window) in zip(layout, choice) {
      switch part {
      case .special(let tokens, _): total += tokens.count
      case .sequence(let isSecond, _): total += windows[isSecond ? 1 : 0][window].count
      }
    }
    encoding.reserve(total)
    for (part, window) in zip(layout, choice) {
      switch part {
      case .special(let tokens, let typeID): encoding.append(tokens, typeID: typeID)
      case .sequence(let isSecond, let typeID):
        let index = isSecond ? 1 : 0
        let typeID = window == 0 || processor.typesOverflow ? typeID : Int32(index)
        encoding.append(
          sequences[index], windows[index][window], isSecond: isSecond, typeID: typeID, processor.trimming)
      }
    }
    return encoding
  }
}

extension Encoding {
  fileprivate mutating func reserve(_ count: Int) {
    ids.reserveCapacity(count)
    offsets.reserveCapacity(count)
    typeIDs.reserveCapacity(count)
    specialMask.reserveCapacity(count)
    words.reserveCapacity(count)
  }

  fileprivate mutating func append(_ tokens: [LayoutPart.SpecialToken], typeID: Int32) {
    for token in tokens {
      if names.token(of: token.id) != token.text { texts[count] = token.text }
      ids.append(Int32(truncatingIfNeeded: token.id))
      offsets.append(0..<0)
      typeIDs.append(typeID)
      specialMask.append(true)
      words.append(-1)
    }
  }

  fileprivate mutating func append(
    _ state: SequenceState, _ window: Range<Int>, isSecond: Bool, typeID: Int32, _ trimming: OffsetTrimming?
  ) {
    let start = count
    if !state.texts.isEmpty {
      for index in window {
        if let text = state.texts[index] { texts[start + index - window.lowerBound] = text }
      }
    }
    let tokens = state.tokens[window]
    ids.append(contentsOf: tokens.lazy.map(\.id))
    offsets.append(contentsOf: tokens.lazy.map { Int($0.start)..<Int($0.end) })
    words.append(contentsOf: tokens.lazy.map(\.word))
    typeIDs.append(contentsOf: repeatElement(typeID, count: window.count))
    specialMask.append(contentsOf: repeatElement(false, count: window.count))
    sequences.append((isSecond, start..<(start + window.count)))
    guard let trimming else { return }
    for index in start..<count {
      let margins = texts.isEmpty ? names.margins(of: Int(ids[index])) : .init(token(index))
      guard margins.leading + margins.trailing > 0 else { continue }
      offsets[index] = trimming.trimmed(offsets[index], margins, index: index - start)
    }
  }
}
