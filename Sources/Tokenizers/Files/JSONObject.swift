/// An object inside a JSON file with its members located, for reading fields by name.
package struct JSONObject: Sendable {
  let slice: JSONSlice
  let members: [(key: String, value: JSONSlice)]

  var file: String { slice.file }
  var path: String { slice.path }

  func wrong(_ expected: JSONKind) -> TokenizerError { slice.wrong(expected) }

  /// A member that may be absent; `null` counts as absent. The last of equal keys wins.
  func optional(_ key: String) -> JSONSlice? {
    let found = members.last { $0.key == key }?.value
    return found.flatMap { $0.isNull ? nil : $0 }
  }

  /// A member that must be there. Throws `missingField`.
  func required(_ key: String) throws(TokenizerError) -> JSONSlice {
    guard let value = optional(key) else {
      throw .missingField(file: slice.file, path: slice.path.isEmpty ? key : slice.path + "." + key)
    }
    return value
  }

  func string(_ key: String, default value: String) throws(TokenizerError) -> String {
    guard let member = optional(key) else { return value }
    return try member.string()
  }

  func integer(_ key: String, default value: Int) throws(TokenizerError) -> Int {
    guard let member = optional(key) else { return value }
    return try member.integer()
  }

  func boolean(_ key: String, default value: Bool) throws(TokenizerError) -> Bool {
    guard let member = optional(key) else { return value }
    return try member.boolean()
  }
}
