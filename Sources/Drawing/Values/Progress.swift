extension Drawing {
  /// How far a piece of work has come.
  package struct Progress: Sendable, Equatable {
    package enum Unit: Sendable, Equatable {
      /// Things that are counted, by their plural: `steps`, `sentences`.
      case count(String)
      case bytes
    }

    package var label: String
    package var done: Int
    /// Nil when nobody knows how much there is.
    package var total: Int?
    package var unit: Unit
    /// Units a second.
    package var rate: Double?
    package var secondsLeft: Double?

    package init(
      label: String, done: Int, total: Int? = nil, unit: Unit = .count(""), rate: Double? = nil,
      secondsLeft: Double? = nil
    ) {
      self.label = label
      self.done = done
      self.total = total
      self.unit = unit
      self.rate = rate
      self.secondsLeft = secondsLeft
    }

    /// The part that is done, 0 to 1; nil when the total is not known.
    package var fraction: Double? {
      guard let total else { return nil }
      return total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 1
    }
  }
}

extension Drawing.Progress {
  var percent: String? {
    fraction.map { "\(Int(($0 * 100).rounded(.down)))%" }
  }

  var amount: String {
    switch unit {
    case .bytes:
      return total.map { "\(bytes(done)) of \(bytes($0))" } ?? bytes(done)
    case .count(let name):
      let counts = total.map { "\(done)/\($0)" } ?? "\(done)"
      return name.isEmpty ? counts : counts + " " + sanitized(name)
    }
  }

  var speed: String? {
    guard let rate, rate.isFinite, rate >= 0 else { return nil }
    switch unit {
    case .bytes: return bytes(Int(min(rate, 1e18))) + "/s"
    case .count(let name):
      let count = number(rate, digits: rate < 99.95 ? 1 : 0)
      return name.isEmpty ? count + "/s" : "\(count) \(sanitized(name))/s"
    }
  }

  var timeLeft: String? {
    secondsLeft.map { duration(seconds: $0) }.flatMap { $0 == "unknown" ? nil : $0 + " left" }
  }

  var sentence: String {
    let facts = [fraction.map { "\(Int(($0 * 100).rounded(.down))) percent" }, amount, speed, timeLeft]
    return sanitized(label) + ": " + facts.compactMap { $0 }.joined(separator: ", ")
  }

  /// Always one line: facts are left out from the right, then the bar, when there is no room.
  func terminalLine(_ style: TerminalStyle) -> Line {
    let width = style.usableWidth
    let name = style.fitted(label, to: max(width / 3, 2))
    let shown = percent.map { padded($0, to: 4, alignment: .right) }
    var facts = [shown, amount, speed, timeLeft].compactMap { $0 }
    func textWidth() -> Int { displayWidth(name) + facts.reduce(0) { $0 + 2 + displayWidth($1) } }
    let least = fraction == nil ? 0 : 12
    while facts.count > 1, textWidth() + least > width { facts.removeLast() }
    var line = Line(name)
    if let fraction, !name.isEmpty || fraction >= 0 {
      let room = min(width - textWidth() - 2, 30)
      if room >= 4 {
        if line.width > 0 { line.add("  ") }
        line.add(Self.track(fraction, room, style))
      }
    }
    for (index, fact) in facts.enumerated() {
      line.add(line.width == 0 ? "" : "  ")
      line.add(fact, index == 0 ? .strong : .faint)
    }
    return line
  }

  private static func track(_ fraction: Double, _ room: Int, _ style: TerminalStyle) -> Line {
    let ink = Palette.seriesInk(fraction >= 1 ? 2 : 0, style.color)
    let full = style.unicode ? "━" : "#"
    let done = Int(Double(room) * fraction)
    var line = Line(String(repeating: full, count: done), ink)
    line.add(
      String(repeating: style.unicode ? style.color == .none ? "┄" : "━" : ".", count: room - done), .faint)
    return line
  }

  func html() -> String {
    let facts = [percent, amount, speed, timeLeft].compactMap { $0 }.joined(separator: " · ")
    let value = fraction.map { " value=\"\(number($0, digits: 4))\"" } ?? ""
    return """
      <p class="progress"><label>\(escaped(label)) <progress max="1"\(value)></progress></label> \
      <span class="faint">\(escaped(facts))</span></p>
      """
  }
}
