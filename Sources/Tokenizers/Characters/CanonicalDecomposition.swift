/// Canonical decomposition and ordering (Unicode Standard Annex 15, form D) of aligned text.
enum CanonicalDecomposition {
  /// Decomposes the text, keeping the scalars whose flags pass.
  ///
  /// Alignment is by position, as in the reference: once combining marks are ordered, the n-th first part of a
  /// scalar takes the n-th place, and a further part the place before it.
  static func apply(to text: inout AlignedText, keeping passes: (CharacterFlags) -> Bool) {
    let table = CharacterTable.shared
    var run: [Part] = []
    var taken = 0
    for index in 0..<text.count {
      let scalar = text.scalars[index]
      if scalar < 0xC0 {
        flush(&run, &taken, &text, table, passes)
        emit(Part(scalar: scalar, rank: 0, isFirst: true), &taken, &text, table, passes)
        continue
      }
      forEachPart(of: scalar, table) { part in
        if part.rank == 0 {
          flush(&run, &taken, &text, table, passes)
          emit(part, &taken, &text, table, passes)
        } else {
          run.append(part)
        }
      }
    }
    flush(&run, &taken, &text, table, passes)
    text.commit()
  }

  private struct Part {
    var scalar: UInt32
    var rank: UInt16
    var isFirst: Bool
  }

  @inline(__always)
  private static func forEachPart(
    of scalar: UInt32, _ table: CharacterTable, _ visit: (Part) -> Void
  ) {
    let flags = table.flags(of: scalar)
    guard flags.contains(.decomposes) else {
      return visit(Part(scalar: scalar, rank: flags.combiningRank, isFirst: true))
    }
    if Hangul.contains(scalar) {
      let (leading, vowel, trailing) = Hangul.parts(of: scalar)
      visit(Part(scalar: leading, rank: 0, isFirst: true))
      visit(Part(scalar: vowel, rank: 0, isFirst: false))
      if trailing != 0 { visit(Part(scalar: trailing, rank: 0, isFirst: false)) }
      return
    }
    var isFirst = true
    for part in table.decomposition(of: scalar) {
      visit(Part(scalar: part, rank: table.flags(of: part).combiningRank, isFirst: isFirst))
      isFirst = false
    }
  }

  /// Emits a run of combining marks in the order of their classes, equal ones as they came.
  private static func flush(
    _ run: inout [Part], _ taken: inout Int, _ text: inout AlignedText, _ table: CharacterTable,
    _ passes: (CharacterFlags) -> Bool
  ) {
    guard !run.isEmpty else { return }
    if run.count > 1 {
      let keys = run.indices.map { UInt64(run[$0].rank) << 48 | UInt64($0) }.sorted()
      run = keys.map { run[Int($0 & 0xFFFF_FFFF_FFFF)] }
    }
    for part in run { emit(part, &taken, &text, table, passes) }
    run.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  private static func emit(
    _ part: Part, _ taken: inout Int, _ text: inout AlignedText, _ table: CharacterTable,
    _ passes: (CharacterFlags) -> Bool
  ) {
    if part.isFirst { taken += 1 }
    guard passes(table.flags(of: part.scalar)) else { return }
    text.emit(part.scalar, text.places[max(taken, 1) - 1])
  }
}
