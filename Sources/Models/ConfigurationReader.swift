import Foundation

/// Why a `config.json` cannot be used. `file` is the name the caller gave.
package enum ConfigurationError: Error, Sendable, Equatable {
  case notJSON(file: String)
  case missing(file: String, key: String)
  case wrongType(file: String, key: String, expected: String)
  case outOfRange(file: String, key: String, value: String, allowed: String)
  case unsupported(file: String, key: String, value: String, supported: [String])
}

/// Typed access to the keys of a `config.json`.
package struct ConfigurationReader {
  package let file: String
  package let object: [String: Any]
  /// What else a key may be called.
  var aliases: [String: String] = [:]
  /// Of the keys in errors: the place of an object inside the file's.
  private let place: String

  package init(_ json: Data, file: String) throws(ConfigurationError) {
    guard let any = try? JSONSerialization.jsonObject(with: json), let object = any as? [String: Any] else {
      throw .notJSON(file: file)
    }
    self.init(object, file: file, place: "")
  }

  private init(_ object: [String: Any], file: String, place: String) {
    self.object = object
    self.file = file
    self.place = place
  }

  /// The object under a key; nil where it is absent or null.
  func inner(_ key: String) throws(ConfigurationError) -> ConfigurationReader? {
    let found: [String: Any]? = try value(key, "an object")
    return found.map { ConfigurationReader($0, file: file, place: "\(place)\(key).") }
  }

  /// Whether the key is there with something other than null.
  func holds(_ key: String) -> Bool { object[key].map { !($0 is NSNull) } ?? false }

  /// A list of that many numbers.
  func numbers(_ key: String, count: Int) throws(ConfigurationError) -> [Double] {
    guard let list: [NSNumber] = try value(key, "a list of numbers") else {
      throw .missing(file: file, key: place + key)
    }
    guard list.count == count else {
      throw .outOfRange(file: file, key: place + key, value: "\(list.count) numbers", allowed: "\(count) numbers")
    }
    return list.map(\.doubleValue)
  }

  /// A whole number in `allowed`; `fallback` where the key is absent or null, an error where there is none.
  package func integer(
    _ key: String, default fallback: Int? = nil, in allowed: ClosedRange<Int> = 1...(1 << 24)
  ) throws(ConfigurationError) -> Int {
    guard let number = try numeric(key, "a whole number") else {
      guard let fallback else { throw .missing(file: file, key: place + key) }
      return fallback
    }
    guard number.doubleValue.rounded() == number.doubleValue else {
      throw .wrongType(file: file, key: place + key, expected: "a whole number")
    }
    guard let whole = Int(exactly: number.doubleValue), allowed.contains(whole) else {
      throw .outOfRange(
        file: file, key: place + key, value: "\(number)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return whole
  }

  package func number(
    _ key: String, default fallback: Float, in allowed: ClosedRange<Float>
  ) throws(ConfigurationError)
    -> Float
  {
    guard let number = try numeric(key, "a number") else { return fallback }
    guard allowed.contains(number.floatValue) else {
      throw .outOfRange(
        file: file, key: place + key, value: "\(number)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return number.floatValue
  }

  package func bool(_ key: String, default fallback: Bool) throws(ConfigurationError) -> Bool {
    guard let number: NSNumber = try value(key, "true or false") else { return fallback }
    guard number.isTruth else { throw .wrongType(file: file, key: place + key, expected: "true or false") }
    return number.boolValue
  }

  package func text(_ key: String) throws(ConfigurationError) -> String? { try value(key, "text") }

  /// The entry of `table` that the key's text names.
  /// - Parameter known: the names that an error lists; nil: all
  package func choice<Choice>(
    _ key: String, default fallback: String, _ table: [String: Choice], naming known: [String]? = nil
  )
    throws(ConfigurationError) -> Choice
  {
    let name = try text(key) ?? fallback
    guard let choice = table[name] else {
      throw .unsupported(file: file, key: place + key, value: name, supported: known?.sorted() ?? table.keys.sorted())
    }
    return choice
  }

  /// `id2label`, in the order of its ids; `num_labels` generic names where it is absent or empty.
  package func labels() throws(ConfigurationError) -> [String] {
    guard let map: [String: Any] = try value("id2label", "an object of label names"), !map.isEmpty else {
      let count = try integer("num_labels", default: 2, in: 1...100_000)
      return (0..<count).map { "LABEL_\($0)" }
    }
    var labels: [String] = []
    for id in 0..<map.count {
      guard let label = map[String(id)] as? String else {
        throw .wrongType(file: file, key: "id2label", expected: "one name for each id from 0 to \(map.count - 1)")
      }
      labels.append(label)
    }
    return labels
  }

  /// One whole number or a list of them; empty where the key is absent or null.
  func integers(_ key: String, in allowed: ClosedRange<Int>) throws(ConfigurationError) -> [Int] {
    if let list = object[key] as? [Any] { return try integers(list, key, in: allowed) }
    return holds(key) ? [try integer(key, in: allowed)] : []
  }

  /// Lists of whole numbers; none where the key is absent or null.
  func integerLists(_ key: String, in allowed: ClosedRange<Int>) throws(ConfigurationError) -> [[Int]] {
    let lists: [[Any]] = try value(key, "lists of whole numbers") ?? []
    return try lists.map { list throws(ConfigurationError) in try integers(list, key, in: allowed) }
  }

  private func integers(
    _ list: [Any], _ key: String, in allowed: ClosedRange<Int>
  ) throws(ConfigurationError) -> [Int] {
    try list.map { any throws(ConfigurationError) in
      guard let number = any as? NSNumber, !number.isTruth, let whole = Int(exactly: number.doubleValue) else {
        throw .wrongType(file: file, key: place + key, expected: "whole numbers")
      }
      guard allowed.contains(whole) else {
        throw .outOfRange(
          file: file, key: place + key, value: "\(whole)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
      }
      return whole
    }
  }

  private func numeric(_ key: String, _ expected: String) throws(ConfigurationError) -> NSNumber? {
    guard let number: NSNumber = try value(key, expected) else { return nil }
    guard !number.isTruth else { throw .wrongType(file: file, key: place + key, expected: expected) }
    return number
  }

  private func value<Value>(_ key: String, _ expected: String) throws(ConfigurationError) -> Value? {
    let names = [key] + (aliases[key].map { [$0] } ?? [])
    guard let any = names.lazy.compactMap({ object[$0] }).first(where: { !($0 is NSNull) }) else { return nil }
    guard let value = any as? Value else { throw .wrongType(file: file, key: place + key, expected: expected) }
    return value
  }
}

extension NSNumber {
  /// Whether it came from `true` or `false`, which Foundation counts among the numbers.
  fileprivate var isTruth: Bool { ["c", "B"].contains(String(cString: objCType)) }
}
