/// What `set` changes and a session starts from.
package struct Settings: Sendable, Equatable {
  /// The session's model: a name, ORG/NAME or a folder. nil: `minilm`.
  package var model: String?
  package var color: String?
  package var accessible = false
  package var threads: Int?
  package var seed: UInt64 = 42
  /// The program that `edit` opens; nil: `VISUAL`, else `EDITOR`, else vi.
  package var editor: String?

  package init() {}
}
