extension Drawing {
  /// A text with marked stretches, each with the name of what it is: entities, or an answer in its context.
  package struct Highlights: Sendable, Equatable {
    package struct Mark: Sendable, Equatable {
      /// Unicode scalars of the text.
      package var range: Range<Int>
      /// What it is, such as `PER`; empty where there is only one kind.
      package var label: String
      /// More about it, such as a score: for sentences and where a pointer rests.
      package var note: String

      package init(_ range: Range<Int>, _ label: String = "", note: String = "") {
        self.range = range
        self.label = label
        self.note = note
      }
    }

    package var title: String
    package var text: String
    /// Those that overlap one before them, or lie outside of the text, are not shown.
    package var marks: [Mark]
    /// What each label means, for the legend; a label without meaning stands there by itself.
    package var meanings: [String: String]

    package init(title: String = "", text: String, marks: [Mark], meanings: [String: String] = [:]) {
      self.title = title
      self.text = text
      self.marks = marks
      self.meanings = meanings
    }
  }
}

extension Drawing.Highlights {
  /// A stretch of the text, safe to show; `mark` is nil between marks.
  struct Piece {
    var text: String
    var mark: Mark?
  }

  /// The text from start to end, cut at its marks, and never inside of a grapheme cluster.
  var pieces: [Piece] {
    // Every kind of white space is one blank here, so that places stay what they are.
    let scalars = text.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
    func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
    var bounds = [0]
    for cluster in string(0..<scalars.count) { bounds.append(bounds[bounds.count - 1] + cluster.unicodeScalars.count) }
    var pieces: [Piece] = []
    var end = 0
    for mark in marks.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard mark.range.lowerBound >= 0, mark.range.upperBound <= scalars.count, !mark.range.isEmpty else { continue }
      let start = bounds.last { $0 <= mark.range.lowerBound } ?? 0
      let stop = bounds.first { $0 >= mark.range.upperBound } ?? scalars.count
      guard start >= end else { continue }
      if start > end { pieces.append(Piece(text: sanitized(string(end..<start)))) }
      pieces.append(Piece(text: sanitized(string(start..<stop)), mark: mark))
      end = stop
    }
    if end < scalars.count { pieces.append(Piece(text: sanitized(string(end..<scalars.count)))) }
    return pieces
  }

  /// The labels in the order they first appear, and how often each does.
  var labels: [(label: String, count: Int)] {
    var labels: [(label: String, count: Int)] = []
    for label in pieces.compactMap(\.mark?.label) where !label.isEmpty {
      if let place = labels.firstIndex(where: { $0.label == label }) {
        labels[place].count += 1
      } else {
        labels.append((label, 1))
      }
    }
    return labels
  }

  func color(of mark: Mark) -> Int { labels.firstIndex { $0.label == mark.label } ?? 0 }

  /// A label with its meaning and count, as the legend has it.
  func legend(_ entry: (label: String, count: Int)) -> String {
    let meaning = meanings[entry.label].map { " " + sanitized($0) } ?? ""
    return "\(meaning) (\(entry.count))"
  }

  func sentences() -> [String] {
    let found = pieces.compactMap { piece in piece.mark.map { (piece.text, $0) } }
    let facts = found.map { text, mark -> String in
      let meaning = meanings[mark.label].map { " (\($0))" } ?? ""
      let kind = mark.label.isEmpty ? "marked" : mark.label + meaning
      let place = "characters \(mark.range.lowerBound) to \(mark.range.upperBound)"
      return sanitized(([kind] + [mark.note, place].filter { !$0.isEmpty }).joined(separator: ", "))
    }
    return (title.isEmpty ? [] : [headline(title)]) + [pieces.map(\.text).joined()]
      + zip(found, facts).map { "\($0.0): \($1)" } + (found.isEmpty ? ["nothing is marked"] : [])
  }
}
