/// What `set` changes and a session starts from.
package struct Settings: Sendable, Equatable {
  /// The session's model: a name, ORG/NAME or a folder. nil: `minilm`.
  package var model: String?
  package var color: String?
  package var accessible = false
  package var threads: Int?
  package var seed: UInt64 = 42

  package init() {}
}
