import Foundation
import Training

extension Value {
  /// RFC 8259 text on one line, keys in declared order; not-a-number and infinities become null.
  package var json: String {
    var out = ""
    write(to: &out)
    return out
  }

  private func write(to out: inout String) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .integer(let value): out += String(value)
    case .number(let value): out += value.isFinite ? "\(value)" : "null"
    case .string(let value): out += quotedJSON(value)
    case .array(let values):
      out += "["
      for (index, value) in values.enumerated() {
        if index > 0 { out += ", " }
        value.write(to: &out)
      }
      out += "]"
    case .object(let members):
      out += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { out += ", " }
        out += quotedJSON(member.key)
        out += ": "
        member.value.write(to: &out)
      }
      out += "}"
    }
  }

  /// Reads JSON text; nil when it is not JSON. Objects come sorted by key, since the reader does not keep their order.
  package init?(json: Data) {
    guard let any = try? JSONSerialization.jsonObject(with: json, options: [.fragmentsAllowed]) else { return nil }
    self.init(foundation: any)
  }

  private init(foundation any: Any) {
    switch any {
    case let number as NSNumber:
      if Value.isBoolean(number) {
        self = .bool(number.boolValue)
      } else if let whole = Int(exactly: number.doubleValue) {
        self = .integer(whole)
      } else {
        self = .number(number.doubleValue)
      }
    case let text as String: self = .string(text)
    case let list as [Any]: self = .array(list.map(Value.init(foundation:)))
    case let map as [String: Any]:
      self = .object(map.sorted { $0.key < $1.key }.map { ($0.key, Value(foundation: $0.value)) })
    default: self = .null
    }
  }

  /// JSON's `true` and `1` both arrive as `NSNumber`; only the type it was made from tells them apart.
  private static func isBoolean(_ number: NSNumber) -> Bool { ["c", "B"].contains(String(cString: number.objCType)) }
}

extension Value {
  /// As a person reads it: a text as it is, an object member by member, anything else as JSON.
  package var shown: String {
    switch self {
    case .string(let text): text
    case .object(let members): members.map { "\($0.key): \($0.value.json)" }.joined(separator: "\n")
    default: json
    }
  }
}
