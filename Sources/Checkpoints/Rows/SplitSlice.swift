/// Some rows of a split, written as Hugging Face's datasets do: `train`, `train[:2000]`, `train[10%:20%]`,
/// `train[-500:]`; and `train[~2000]`, which is ours: so many rows from all over the split, because many splits are
/// sorted by label.
package struct SplitSlice: Sendable, Equatable {
  package enum Bound: Sendable, Equatable {
    /// Counted from the end where it is negative.
    case row(Int)
    case percent(Int)

    func place(in total: Int) -> Int {
      switch self {
      case .row(let row): row < 0 ? max(0, total + row) : min(row, total)
      case .percent(let share):
        Bound.row(Int((Double(total) * Double(min(max(share, -100), 100)) / 100).rounded())).place(in: total)
      }
    }
  }

  package enum Part: Sendable, Equatable {
    case between(Bound?, Bound?)
    case spread(Int)
  }

  package let split: String
  package let part: Part

  /// Nil for a text that is no slice.
  package init?(_ text: String) {
    guard let open = text.firstIndex(of: "[") else {
      guard SplitSlice.isSplit(text[...]) else { return nil }
      (split, part) = (text, .between(nil, nil))
      return
    }
    guard text.hasSuffix("]"), SplitSlice.isSplit(text[..<open]) else { return nil }
    split = String(text[..<open])
    let inside = text[text.index(after: open)...].dropLast()
    if inside.hasPrefix("~") {
      guard let count = Int(inside.dropFirst()), 1...1_000_000_000 ~= count else { return nil }
      part = .spread(count)
      return
    }
    let farthest = 1_000_000_000_000
    let ends = inside.split(separator: ":", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    var bounds: [Bound?] = []
    for end in ends {
      guard !end.isEmpty else {
        bounds.append(nil)
        continue
      }
      guard let number = Int(end.last == "%" ? end.dropLast() : end), (-farthest...farthest).contains(number)
      else {
        return nil
      }
      bounds.append(end.last == "%" ? .percent(number) : .row(number))
    }
    part = .between(bounds[0], bounds[1])
  }

  /// The rows, ascending.
  package func rows(of total: Int) -> [Range<Int>] {
    switch part {
    case .between(let from, let to):
      let (start, end) = (from?.place(in: total) ?? 0, to?.place(in: total) ?? total)
      return start < end ? [start..<end] : []
    case .spread(let count): return SplitSlice.spread(min(count, total), over: total)
    }
  }

  /// Equal stretches at equal distances, each within a page of the server's.
  private static func spread(_ count: Int, over total: Int) -> [Range<Int>] {
    let pages = total / RowPage.size
    guard count > 0 else { return [] }
    guard count < pages * RowPage.size else { return [0..<count] }
    let stretches = min(pages, count, max(16, (count + RowPage.size - 1) / RowPage.size))
    return (0..<stretches).map { number in
      let start = number * pages / stretches * RowPage.size
      // What does not divide is given to stretches at equal distances, too.
      let extra = (number + 1) * (count % stretches) / stretches - number * (count % stretches) / stretches
      return start..<start + count / stretches + extra
    }
  }

  /// As a part of a file's name: `train-0-2000`, `train-spread-2000`.
  package var slug: String {
    func word(_ bound: Bound?, _ otherwise: String) -> String {
      switch bound {
      case .row(let row): row < 0 ? "last\(-row)" : "\(row)"
      case .percent(let share): "\(share < 0 ? "last" : "")\(abs(share))percent"
      case nil: otherwise
      }
    }
    return switch part {
    case .between(nil, nil): split
    case .between(let from, let to): "\(split)-\(word(from, "0"))-\(word(to, "end"))"
    case .spread(let count): "\(split)-spread-\(count)"
    }
  }

  private static func isSplit(_ text: Substring) -> Bool { HubCache.isSafeName(text) }
}
