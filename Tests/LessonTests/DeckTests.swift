import Drawing
import Foundation
import Lessons
import Notebook
import Testing

@Suite struct DeckTests {
  private func deck(_ body: String, minutes: Int? = nil) throws -> Deck {
    let header = minutes.map { "minutes: \($0)" } ?? ""
    return Deck(try Lesson(text: Sitting.text(body, parameters: header), file: "own.md"))
  }

  /// What each step of each slide is made of.
  private func outline(_ deck: Deck) -> [String] {
    deck.slides.map { slide in
      let steps = slide.steps.map { step in
        step.parts.map { part in
          switch part {
          case .prose: "prose"
          case .source(let cell): "source \(cell)"
          case .output(let cell): "output \(cell)"
          case .question: "question"
          case .answer: "answer"
          case .task: "task"
          }
        }.joined(separator: "+")
      }
      return "\(slide.title): " + steps.joined(separator: " | ")
    }
  }

  private let lesson = """
    # One
    <!-- time: 30s -->
    Hello.

    <!-- note: Smile. -->
    ## Two
    <!-- time: 1m -->
    <!-- time: 30s -->
    Before.

    ```attune {#a}
    split "a b"
    ```
    ```expect
    a | b
    words: 2
    ```
    After.

    ### Small
    <!-- pause -->
    Then.

    ```attune {hide}
    split c
    ```
    ```attune {auto}
    split d
    ```

    ## Three
    <!-- quiz: q -->
    **Quiz.** Which?

    - a) this
    - b) that

    <!-- key: b -->
    <!-- wrong a: Look again. -->
    <!-- note: Raise hands. -->
    <details><summary>Hint 1</summary>Not this.</details>

    <!-- exercise: e -->
    **Exercise.** Split.
    <!-- check: last.command == "split" and last.text == "z" -->
    <details><summary>Solution</summary>

    Like so:

    ```attune
    split z
    ```
    </details>
    """

  @Test func headingsBeginSlidesAndOutputsAndAnswersWait() throws {
    let deck = try deck(lesson)
    #expect(
      outline(deck) == [
        "One: prose",
        "Two: prose+source 0 | output 0 | prose+prose | prose+source 2+output 2",
        "Three: question | answer | task | prose+source 3 | output 3",
      ])
  }

  @Test func notesGoWithWhatTheyStandBeside() throws {
    let deck = try deck(lesson)
    #expect(deck.slides[0].steps[0].notes == ["Smile."])
    #expect(deck.slides[2].steps[0].notes == ["Raise hands."])
    #expect(deck.slides[2].steps[0].advice == ["The answer is b) that.", "If they say a: Look again."])
  }

  @Test func aLessonWithoutHeadingsIsOneSlide() throws {
    #expect(outline(try deck("Just this.")) == ["Own: prose"])
    #expect(outline(try deck("")) == ["Own: "])
    #expect(outline(try deck("Before.\n\n## Then")) == ["Own: prose", "Then: "])
  }

  @Test func placesFollowEachOtherAcrossSlides() throws {
    let deck = try deck(lesson)
    #expect(deck.place(after: .init(0)) == .init(1))
    #expect(deck.place(before: .init(2)) == .init(1, 3))
    #expect(deck.place(before: .init(0)) == nil)
    #expect(deck.place(after: .init(2, 4)) == nil)
    #expect(deck.clamped(.init(9, 9)) == .init(2, 4))
    #expect(deck.nextCell(after: .init(0)) == 0)
    #expect(deck.nextCell(after: .init(1, 1)) == 2)
    #expect(deck.shownCells(at: .init(1, 3)) == [0, 2])
    #expect(deck.currentCell(at: .init(1)) == 0)
    #expect(deck.currentCell(at: .init(0)) == nil)
  }

  @Test(arguments: [
    ("2", Deck.Place(1)), ("two", .init(1)), ("th", .init(2)), ("e", .init(2, 2)), ("q", .init(2)), ("a", .init(1)),
    ("4", nil), ("0", nil), ("xyz", nil), (" ", nil),
  ])
  func aNameIsANumberAnIdOrATitle(_ name: String, _ place: Deck.Place?) throws {
    #expect(try deck(lesson).place(named: name) == place)
  }

  @Test func searchGoesRoundFromWhereOneIs() throws {
    let deck = try deck(lesson)
    #expect(deck.place(of: "SPLIT", after: .init(0)) == .init(1))
    #expect(deck.place(of: "split", after: .init(1)) == .init(1, 3))
    #expect(deck.place(of: "hello", after: .init(2)) == .init(0))
    #expect(deck.place(of: "three", after: .init(0)) == .init(2))
    #expect(deck.place(of: "nowhere", after: .init(0)) == nil)
  }

  @Test func aPlaceIsKeptWhenTheFileChanges() throws {
    let old = try deck(lesson)
    let new = try deck("# New\n\nFirst.\n\n" + lesson)
    #expect(new.place(like: .init(1, 2), of: old) == .init(2, 2))
    #expect(try deck("# Other\n\nText.").place(like: .init(2, 4), of: old) == .init(0))
  }

  @Test func cellsOfTheSameLinesAreToldApart() throws {
    let body = "```attune\nsplit a\n```\n```attune\nsplit a\n```\n"
    let (first, second) = (try deck(body), try deck("```attune\nsplit b\n```\n" + body))
    #expect(first.keys.count == 2)
    #expect(Set(first.keys).count == 2)
    #expect(Array(second.keys.dropFirst()) == first.keys)
  }

  // MARK: Time

  @Test func aBudgetIsAddedUpAndStandsAtAMoment() throws {
    let budget = try deck(lesson).budget
    #expect(budget.total == 120)
    #expect(budget.span(of: 0) == 0...30)
    #expect(budget.span(of: 1) == 30...120)
    #expect(budget.span(of: 2) == 120...120)
    #expect(budget.span(of: 3) == nil)
    #expect(budget.standing(on: 1, after: 20) == .ahead(10))
    #expect(budget.standing(on: 1, after: 60) == .onTime)
    #expect(budget.standing(on: 1, after: 130) == .behind(10))
    #expect(budget.standing(on: 2, after: 100) == .ahead(20))
  }

  @Test func withoutTimesTheMinutesOfTheLessonCount() throws {
    let budget = try deck("# A\n\n# B", minutes: 10).budget
    #expect(budget.standing(on: 0, after: 599) == .onTime)
    #expect(budget.standing(on: 0, after: 601) == .behind(1))
    #expect(try deck("# A").budget.standing(on: 0, after: 9) == nil)
  }

  @Test(arguments: [(0.4, "0:00"), (7.9, "0:07"), (750, "12:30"), (3723, "1:02:03"), (-1, "0:00"), (.infinity, "0:00")])
  func clocksReadLikeStopWatches(_ seconds: Double, _ text: String) { #expect(clock(seconds) == text) }

  // MARK: Pages

  private let style = TerminalStyle(width: 40)

  private func page(_ deck: Deck, _ place: Deck.Place, height: Int, scroll: Int = 0, hints: Int = 0) -> DeckPage {
    DeckPage(
      deck, at: place, height: height, scroll: scroll, hints: hints, style, source: { _ in nil },
      output: { _ in .waiting })
  }

  @Test func aPageShowsTheStepsSoFar() throws {
    let deck = try deck(lesson)
    #expect(page(deck, .init(1), height: 20).visible == ["Before.", "", "> split \"a b\""])
    #expect(
      page(deck, .init(1, 1), height: 20).visible == ["Before.", "", "> split \"a b\"", "", "waiting for its turn"])
  }

  @Test func whatDoesNotFitBeginsANewPageAndAnOutputTakesItsCellAlong() throws {
    let deck = try deck(lesson)
    #expect(page(deck, .init(1, 1), height: 4).visible == ["> split \"a b\"", "", "waiting for its turn"])
  }

  @Test func aLongStepIsScrolled() throws {
    let deck = try deck((1...9).map { "- item \($0)" }.joined(separator: "\n"))
    let top = page(deck, .init(0), height: 4)
    #expect(top.visible.first == "• item 1")
    #expect(top.below == 5)
    let end = page(deck, .init(0), height: 4, scroll: .max)
    #expect(end.visible.last == "• item 9")
    #expect(end.below == 0)
  }

  @Test func anAnswerAndHintsWait() throws {
    let deck = try deck(lesson)
    let question = page(deck, .init(2), height: 20).visible
    #expect(question == ["Quiz. Which?", "", "  a) this", "  b) that"])
    #expect(page(deck, .init(2), height: 20, hints: 1).visible == question + ["", "Hint 1", "Not this."])
    #expect(page(deck, .init(2, 1), height: 20).visible == question + ["", "✓ b) that"])
  }
}

extension Sittings {
  @Suite struct DeckRunnerTests {
    @Test func aCellGivesWhatCanBeDrawnAgain() throws {
      let sitting = try Sitting()
      let lesson = try Lesson(
        text: Sitting.text("```attune\nsplit \"a b\"\nfail no\nsplit c\n```"), file: "own.md")
      let runner = try DeckRunner(lesson, parameters: [:], model: nil, in: sitting.session) { _, _ in }
      let deck = Deck(lesson)
      let style = TerminalStyle(width: 40)
      let show = runner.run(deck.cells[0], style)
      #expect(show.status == .failed)
      let page = DeckPage(
        deck, at: .init(0, 1), height: 20, scroll: 0, hints: 0, style, source: { _ in nil },
        output: { _ in .shown(show) })
      #expect(page.visible.suffix(3) == ["a | b", "words: 2", "no"])
      #expect(sitting.session.cells.isEmpty)
    }

    @Test func anEditedCellIsReadAnew() throws {
      let lesson = try Lesson(text: Sitting.text("```attune {#a timeout=5}\nsplit a\n```"), file: "own.md")
      let cell = try lesson.cells[0].edited("split b\n\nsplit 'c\nd'")
      #expect(cell.statements.map(\.text) == ["split b", "split 'c\nd'"])
      #expect(cell.timeout == 5)
      #expect(throws: LessonError.self) { try cell.edited("split 'open") }
      #expect(throws: LessonError.self) { try cell.edited("  ") }
    }
  }
}
