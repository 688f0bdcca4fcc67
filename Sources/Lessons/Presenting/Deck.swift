import Notebook

/// A lesson as slides: one for each heading of level 1 or 2, shown step by step.
package struct Deck: Sendable {
  package let lesson: Lesson
  /// The model that it is shown with, of those that the lesson names.
  package let model: String?
  package let slides: [Slide]
  /// Every cell of the lesson, solutions included, in the order of the file: as a run counts them.
  package let cells: [LessonCell]
  /// What each cell is called as long as its lines stay what they are.
  package let keys: [CellKey]
  package let budget: TimeBudget

  package struct Slide: Sendable {
    package var title: String
    /// Never empty.
    package var steps: [Step] = []
    /// What `time:` says for it; nil where nothing is said.
    package var seconds: Double?
  }

  /// What one `next` brings.
  package struct Step: Sendable {
    package var parts: [Part] = []
    /// For the teacher.
    package var notes: [String] = []
  }

  package enum Part: Sendable {
    case prose([Lesson.SourceLine])
    /// The lines of a cell, by its place in `cells`.
    case source(Int)
    case output(Int)
    case question(Quiz)
    case answer(Quiz)
    case task(Exercise)
  }

  /// A step of a slide; both count from 0.
  package struct Place: Sendable, Equatable {
    package var slide: Int
    package var step: Int

    package init(_ slide: Int, _ step: Int = 0) {
      self.slide = slide
      self.step = step
    }
  }

  /// A cell by its lines, and which it is among cells of the same lines: results outlive edits elsewhere in the file.
  package struct CellKey: Hashable, Sendable {
    let text: String
    let occurrence: Int
  }

  package init(_ lesson: Lesson, model: String? = nil) {
    self.model = model
    let lesson = lesson.adapted(to: model)
    self.lesson = lesson
    cells = lesson.cells
    var seen: [String: Int] = [:]
    keys = cells.map { cell in
      defer { seen[cell.text, default: 0] += 1 }
      return CellKey(text: cell.text, occurrence: seen[cell.text, default: 0])
    }
    var cutter = SlideCutter(title: lesson.header.title)
    for index in lesson.items.indices { cutter.add(lesson.items[index], next: lesson.items.dropFirst(index + 1)) }
    slides = cutter.finish()
    budget = TimeBudget(slides.map(\.seconds), minutes: lesson.header.minutes)
  }

  package func key(_ cell: Int) -> CellKey? { keys.indices.contains(cell) ? keys[cell] : nil }
}

/// Cuts a lesson's items into slides and steps.
private struct SlideCutter {
  private var slides: [Deck.Slide] = []
  private var step = Deck.Step()
  private var cell = 0
  /// Notes that stand inside a question which the parser hands over after them.
  private var heldNotes: [String] = []
  private var secondsBefore: Double?
  private let title: String

  init(title: String) { self.title = title }

  mutating func add(_ item: Lesson.Item, next: ArraySlice<Lesson.Item>) {
    switch item {
    case .heading(let level, let text, let line):
      if level <= 2 { begin(text) } else { show(.prose([line])) }
    case .prose(let lines): show(.prose(lines))
    case .pause: close()
    case .time(let seconds, _): add(seconds)
    case .note(let text, let place): note(text, place, next)
    case .cell(let cell): add(cell)
    case .quiz(let quiz):
      ask(.question(quiz))
      show(.answer(quiz))
      explain(quiz.help)
    case .exercise(let exercise):
      ask(.task(exercise))
      explain(exercise.help)
    }
  }

  mutating func finish() -> [Deck.Slide] {
    if slides.isEmpty { begin(title) }
    end()
    return slides
  }

  private mutating func begin(_ text: String) {
    if !slides.isEmpty || !step.parts.isEmpty { end() }
    slides.append(Deck.Slide(title: text, seconds: slides.isEmpty ? secondsBefore : nil))
  }

  /// Ends the slide that is open.
  private mutating func end() {
    if slides.isEmpty { slides.append(Deck.Slide(title: title, seconds: secondsBefore)) }
    close()
    guard slides[slides.count - 1].steps.isEmpty else { return }
    slides[slides.count - 1].steps = [step]
    step = Deck.Step()
  }

  private mutating func add(_ seconds: Double) {
    guard let last = slides.indices.last else {
      secondsBefore = (secondsBefore ?? 0) + seconds
      return
    }
    slides[last].seconds = (slides[last].seconds ?? 0) + seconds
  }

  private mutating func show(_ part: Deck.Part) {
    if slides.isEmpty { slides.append(Deck.Slide(title: title, seconds: secondsBefore)) }
    step.parts.append(part)
  }

  /// Ends the step that is open. Notes alone are no step.
  private mutating func close() {
    guard let last = slides.indices.last else { return }
    if !step.parts.isEmpty {
      slides[last].steps.append(step)
    } else if !step.notes.isEmpty, let before = slides[last].steps.indices.last {
      slides[last].steps[before].notes += step.notes
    } else {
      return
    }
    step = Deck.Step()
  }

  private mutating func note(_ text: String, _ place: Lesson.Place, _ next: ArraySlice<Lesson.Item>) {
    let following = next.first { if case .note = $0 { false } else { true } }
    let question: Lesson.Place? =
      switch following {
      case .quiz(let quiz): quiz.place
      case .exercise(let exercise): exercise.place
      default: nil
      }
    if let question, question.file == place.file, question.line < place.line {
      heldNotes.append(text)
    } else {
      step.notes.append(text)
    }
  }

  private mutating func add(_ cell: LessonCell) {
    defer { self.cell += 1 }
    guard !cell.isHidden else { return }
    show(.source(self.cell))
    if cell.start != .automatic { close() }
    show(.output(self.cell))
    close()
  }

  /// A question is a step of its own: what answers it comes with the next.
  private mutating func ask(_ part: Deck.Part) {
    close()
    show(part)
    step.notes += heldNotes
    heldNotes = []
    close()
  }

  private mutating func explain(_ help: Help) {
    for part in help.solution ?? [] {
      switch part {
      case .prose(let lines): show(.prose(lines))
      case .cell(let cell): add(cell)
      }
    }
    close()
  }
}
