import Checkpoints

/// What the values of a served column are, as far as it changes how they are written.
package indirect enum ColumnType: Equatable, Sendable {
  /// Written as it comes.
  case plain
  /// A number that stands for a name.
  case names([String])
  case list(ColumnType)
  case members([String: ColumnType])
  /// A picture or a sound, which comes as an address that soon leads nowhere.
  case media

  /// Of Hugging Face's datasets: an object with a `_type`, an object of members, or a list around the type of its elements.
  package init(_ served: ServedValue) {
    switch served {
    case .list(let inside): self = .list(inside.first.map(ColumnType.init) ?? .plain)
    case .object(let members):
      switch served["_type"]?.text {
      case "ClassLabel": self = .names(served["names"]?.texts ?? [])
      case "Sequence", "List", "LargeList": self = .list(served["feature"].map(ColumnType.init) ?? .plain)
      case "Image", "Audio", "Video", "Pdf": self = .media
      case nil: self = .members(members.mapValues(ColumnType.init))
      default: self = .plain
      }
    default: self = .plain
    }
  }

  /// The value with names for the numbers that stand for them; a number that stands for none is null.
  package func named(_ value: ServedValue) -> ServedValue {
    switch (self, value) {
    case (.names(let names), .integer(let number)): names.indices.contains(number) ? .text(names[number]) : .null
    case (.list(let type), .list(let values)): .list(values.map(type.named))
    // Lists of objects come as an object of lists.
    case (.list(.members(let types)), .object(let members)):
      .object(members.mapKeyed { key, value in ColumnType.list(types[key] ?? .plain).named(value) })
    case (.members(let types), .object(let members)):
      .object(members.mapKeyed { key, value in (types[key] ?? .plain).named(value) })
    default: value
    }
  }
}

extension Dictionary {
  fileprivate func mapKeyed<Result>(_ body: (Key, Value) -> Result) -> [Key: Result] {
    Dictionary<Key, Result>(uniqueKeysWithValues: map { ($0, body($0, $1)) })
  }
}
