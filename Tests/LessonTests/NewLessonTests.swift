import Foundation
import Lessons
import Notebook
import TestSupport
import Testing

extension Sittings {
  @Suite struct NewLessonTests {
    private let sitting: TestSupport.Sitting
    private var folder: String { sitting.folder.path }

    init() throws { sitting = try TestSupport.Sitting(NotebookCommands.rows + LessonCommands.rows) }

    @Test func whatItWritesHolds() throws {
      let (made, _, notices) = sitting.run("new-lesson '\(folder)/04-My topic'")
      #expect(made?.status == .passed, "\(notices)")
      let file = "\(folder)/04-My topic.md"
      let lesson = try Lesson(file: file)
      #expect(lesson.header.id == "my-topic")
      #expect(lesson.header.title == "My topic")
      let (checked, lines, more) = sitting.run("check '\(file)'")
      #expect(checked?.status == .passed, "\(lines + more)")
      #expect(Deck(lesson).slides.count == 4)
    }

    @Test func whatIsThereIsLeftAlone() throws {
      let file = "\(folder)/mine.md"
      try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
      let (cell, _, notices) = sitting.run("new-lesson \(file)")
      #expect(cell?.status == .usage)
      #expect(notices.first?.hasPrefix("There is a file \(file) already") == true)
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    }

    @Test(arguments: [("new-lesson ---", Notebook.ExitStatus.usage), ("new-lesson /no/such/place", .cannotWrite)])
    func whatCannotBeIsSaid(_ line: String, _ status: Notebook.ExitStatus) {
      let (cell, _, notices) = sitting.run(line)
      #expect(cell?.status == status)
      #expect(notices.count == 1)
    }
  }
}
