extension Lesson {
  /// Sections: where a heading of level 1 or 2 stands.
  var sections: [(item: Int, title: String)] {
    items.enumerated().compactMap { index, item in
      if case .heading(let level, let text, _) = item, level <= 2 { (index, text) } else { nil }
    }
  }

  /// The section that an item stands in.
  func section(of item: Int) -> (item: Int, title: String)? { sections.last { $0.item <= item } }

  /// The part of what a learner sees that stands before an item, 0 to 1.
  func fraction(before item: Int) -> Double {
    func isSeen(_ item: Item) -> Bool {
      switch item {
      case .prose, .quiz, .exercise: true
      case .cell(let cell): !cell.isHidden
      case .heading, .pause, .note, .time: false
      }
    }
    return Double(items.prefix(item).count(where: isSeen)) / Double(max(1, items.count(where: isSeen)))
  }

  /// A name for the place of an item that outlives edits elsewhere: its id, else its section and how far into it.
  func anchor(of item: Int) -> String {
    guard items.indices.contains(item) else { return "end" }
    if let id = items[item].id { return "#" + id }
    guard let section = section(of: item) else { return "/\(item)" }
    return "\(section.title)/\(item - section.item)"
  }

  /// Where to go on. An edit may have taken the place away: then behind the last question that was done, else as far in as
  /// the learner was.
  /// - Returns: the item, and whether the place itself is gone
  func item(after progress: LessonProgress) -> (item: Int, isGone: Bool) {
    guard let anchor = progress.place else { return (0, false) }
    if let item = found(anchor) { return (item, false) }
    let settled = items.lastIndex { item in item.id.map { progress.items[$0]?.isSettled == true } ?? false }
    if let settled { return (settled + 1, true) }
    return (items.indices.first { fraction(before: $0) >= progress.fraction } ?? items.count, true)
  }

  /// The item of an anchor, or the start of its section when only that is still there.
  private func found(_ anchor: String) -> Int? {
    if anchor == "end" { return items.count }
    if anchor.hasPrefix("#") {
      let id = String(anchor.dropFirst())
      return items.firstIndex { $0.id == id }
    }
    guard let slash = anchor.lastIndex(of: "/") else { return nil }
    let title = anchor[..<slash]
    let offset = Int(anchor[anchor.index(after: slash)...]) ?? 0
    guard let start = title.isEmpty ? 0 : sections.first(where: { $0.title == title })?.item else { return nil }
    let end = sections.first { $0.item > start }?.item ?? items.count
    let place = start + max(0, min(offset, items.count))
    return place < end ? place : start
  }
}
