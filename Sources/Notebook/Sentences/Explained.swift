/// An error that can say what happened, where, and what to do next. Cases hold facts; this is where they become a sentence.
///
/// The engine's errors conform in `Sentences*.swift` here, those of Lessons and Shell in their own room.
package protocol Explained: Error {
  /// One sentence that names the thing, the place and the way out. No trailing newline, no `error:` in front.
  var sentence: String { get }
  var status: ExitStatus { get }
}

/// Why a command did not answer.
package struct Failure: Error, Equatable, Sendable {
  package let sentence: String
  package let status: ExitStatus

  package init(_ sentence: String, _ status: ExitStatus) {
    self.sentence = sentence
    self.status = status
  }

  /// Any error, as its own room explains it; what nobody explains is a defect of ours.
  package init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let explained as any Explained: self.init(explained.sentence, explained.status)
    default: self.init("attune failed in a way it should not: \(error). Please report this line.", .engine)
    }
  }
}

extension Failure: Explained {}
