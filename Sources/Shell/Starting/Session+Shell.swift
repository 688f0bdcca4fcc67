import Foundation
import Lessons
import Notebook

/// What the shell asks the other rooms.
extension Session {
  /// Names of a kind, for Tab.
  func names(of kind: Completion.Kind) -> [String] {
    switch kind {
    case .model: modelNames()
    case .lesson: markdownNames(in: resources.lessons)
    case .run: folderNames(in: home.runs)
    case .data: data.names
    case .label: []
    }
  }

  /// Opens the lesson that was left, or the first one.
  func resumeLesson() { LessonPlayer.of(self).resume(in: self) }

  /// What the open lesson wants next, in a few words; nil if none is open.
  var lessonHint: String? { LessonPlayer.of(self).promptHint }

  private func markdownNames(in folder: URL?) -> [String] {
    names(in: folder).filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
  }

  private func folderNames(in folder: URL) -> [String] { names(in: folder).filter { !$0.hasPrefix(".") } }

  private func names(in folder: URL?) -> [String] {
    folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
  }
}
