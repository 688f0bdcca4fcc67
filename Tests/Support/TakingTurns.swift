import Testing

/// Tests that run commands take turns, those of other targets included: the wish to stop a command is one for the
/// process, and so is the engine's count of threads.
package struct TakingTurns: TestTrait, SuiteTrait, TestScoping {
  package var isRecursive: Bool { true }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    await Turn.shared.take()
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await function())
    } catch {
      outcome = .failure(error)
    }
    await Turn.shared.pass()
    try outcome.get()
  }
}

extension Trait where Self == TakingTurns {
  /// See `TakingTurns`.
  package static var takingTurns: Self { TakingTurns() }
}

/// Whose turn it is: one at a time, in the order they came.
private actor Turn {
  static let shared = Turn()
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func pass() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}
