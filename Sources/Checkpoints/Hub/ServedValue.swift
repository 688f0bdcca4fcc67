import Foundation

/// Any JSON value that a server sent. Asked for what it is not, it says nil: nobody promised its shape.
package enum ServedValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([ServedValue])
  case object([String: ServedValue])

  /// Nil for what is no JSON (nested deeper than 512 is none either).
  package init?(_ json: Data) {
    guard let any = try? JSONSerialization.jsonObject(with: json, options: [.fragmentsAllowed]) else { return nil }
    self.init(foundation: any)
  }

  private init(foundation any: Any) {
    switch any {
    case let number as NSNumber:
      switch String(cString: number.objCType) {
      case "c", "B": self = .bool(number.boolValue)
      case "d", "f": self = .number(number.doubleValue)
      default: self = .integer(number.intValue)
      }
    case let text as String: self = .text(text)
    case let list as [Any]: self = .list(list.map(ServedValue.init(foundation:)))
    case let map as [String: Any]: self = .object(map.mapValues(ServedValue.init(foundation:)))
    default: self = .null
    }
  }

  package subscript(_ key: String) -> ServedValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var list: [ServedValue]? { if case .list(let list) = self { list } else { nil } }
  package var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

  package var integer: Int? {
    switch self {
    case .integer(let whole): whole
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  /// Texts of a list, or one text alone.
  package var texts: [String] { list?.compactMap(\.text) ?? [text].compactMap(\.self) }
}
