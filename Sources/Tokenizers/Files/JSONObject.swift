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

  /// A list of stages of one table.
  func stages<Stage>(
    _ key: String, _ table: [String: StageTable.Factory<Stage>]
  ) throws(TokenizerError) -> [Stage] {
    var stages: [Stage] = []
    for element in try required(key).elements() {
      let part = try element.object()
      stages.append(try StageTable.row(table, for: part)(part))
    }
    return stages
  }

  /// What becomes of matches, in Rust's or in Python's spelling.
  func behavior(default value: SplitBehavior) throws(TokenizerError) -> SplitBehavior {
    let name = try string("behavior", default: value.rawValue)
    let spelled = { (word: String) in word.lowercased().filter { $0 != "_" } }
    guard let behavior = SplitBehavior.allCases.first(where: { spelled($0.rawValue) == spelled(name) }) else {
      throw wrong(.behavior)
    }
    return behavior
  }
}
