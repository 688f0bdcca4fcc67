import Foundation

/// Finding a place in a deck.
extension Deck {
  package func slide(at place: Place) -> Slide? { slides.indices.contains(place.slide) ? slides[place.slide] : nil }

  package func step(at place: Place) -> Step? {
    slide(at: place).flatMap { $0.steps.indices.contains(place.step) ? $0.steps[place.step] : nil }
  }

  /// The place itself, or the nearest that exists.
  package func clamped(_ place: Place) -> Place {
    let slide = min(max(0, place.slide), slides.count - 1)
    guard slides.indices.contains(slide) else { return Place(0) }
    return Place(slide, min(max(0, place.step), slides[slide].steps.count - 1))
  }

  /// nil at the end.
  package func place(after place: Place) -> Place? {
    guard let slide = slide(at: place) else { return nil }
    if place.step + 1 < slide.steps.count { return Place(place.slide, place.step + 1) }
    return place.slide + 1 < slides.count ? Place(place.slide + 1) : nil
  }

  /// nil at the beginning.
  package func place(before place: Place) -> Place? {
    if place.step > 0 { return Place(place.slide, place.step - 1) }
    guard place.slide > 0, slides.indices.contains(place.slide - 1) else { return nil }
    return Place(place.slide - 1, slides[place.slide - 1].steps.count - 1)
  }

  /// What a slide's number, the start or a part of its title, or an id in the lesson means.
  package func place(named name: String) -> Place? {
    let wanted = name.trimmingCharacters(in: .whitespaces).lowercased()
    guard !wanted.isEmpty else { return nil }
    if let number = Int(wanted) { return slides.indices.contains(number - 1) ? Place(number - 1) : nil }
    if let place = places.first(where: { ids(at: $0).contains(wanted) }) { return place }
    let titles = slides.map { $0.title.lowercased() }
    let slide =
      titles.firstIndex { $0 == wanted } ?? titles.firstIndex { $0.hasPrefix(wanted) }
      ?? titles.firstIndex { $0.contains(wanted) }
    return slide.map { Place($0) }
  }

  /// The next place after this one that has a text in it, from the beginning again after the end. Case does not matter.
  package func place(of text: String, after place: Place) -> Place? {
    let wanted = text.trimmingCharacters(in: .whitespaces).lowercased()
    guard !wanted.isEmpty else { return nil }
    let all = places
    let start = (all.firstIndex(of: place) ?? -1) + 1
    return (all[start...] + all[..<start]).first { words(at: $0).lowercased().contains(wanted) }
  }

  /// The place that this one of an earlier reading of the file has become: the same step of the slide of that title,
  /// else of that number.
  package func place(like place: Place, of old: Deck) -> Place {
    guard let title = old.slide(at: place)?.title else { return clamped(place) }
    let same = slides.indices.filter { slides[$0].title == title }
    let nearest = same.min { abs($0 - place.slide) < abs($1 - place.slide) }
    return clamped(Place(nearest ?? place.slide, place.step))
  }

  /// Cells whose output this place or an earlier step of its slide shows, in their order.
  package func shownCells(at place: Place) -> [Int] {
    guard let slide = slide(at: place) else { return [] }
    return slide.steps.prefix(place.step + 1).flatMap(\.parts).compactMap { part in
      if case .output(let cell) = part { cell } else { nil }
    }
  }

  /// The first cell whose output stands behind this place.
  package func nextCell(after place: Place) -> Int? {
    var place = place
    while let next = self.place(after: place) {
      for part in step(at: next)?.parts ?? [] { if case .output(let cell) = part { return cell } }
      place = next
    }
    return nil
  }

  /// The cell that a key such as `r` means: the last one whose lines are on the slide.
  package func currentCell(at place: Place) -> Int? {
    slide(at: place)?.steps.prefix(place.step + 1).flatMap(\.parts).compactMap { part in
      if case .source(let cell) = part { cell } else { nil }
    }.last
  }

  private var places: [Place] {
    slides.indices.flatMap { slide in slides[slide].steps.indices.map { Place(slide, $0) } }
  }

  private func ids(at place: Place) -> [String] {
    (step(at: place)?.parts ?? []).compactMap { part in
      switch part {
      case .source(let cell): cells[cell].id?.lowercased()
      case .question(let quiz): quiz.id.lowercased()
      case .task(let exercise): exercise.id.lowercased()
      case .prose, .output, .answer: nil
      }
    }
  }

  private func words(at place: Place) -> String {
    let parts = (step(at: place)?.parts ?? []).map { part in
      switch part {
      case .prose(let lines): lines.map(\.text).joined(separator: " ")
      case .source(let cell): cells[cell].text
      case .question(let quiz): (quiz.prose.map(\.text) + quiz.choices.map(\.text)).joined(separator: " ")
      case .task(let exercise): exercise.prose.map(\.text).joined(separator: " ")
      case .output, .answer: ""
      }
    }
    return ((place.step == 0 ? [slide(at: place)?.title ?? ""] : []) + parts).joined(separator: "\n")
  }
}
