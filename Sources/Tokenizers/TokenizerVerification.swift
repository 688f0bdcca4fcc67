import Foundation

/// A tokenizer compared with recorded results: what a golden file says, and what this tokenizer does.
package struct TokenizerVerification: Equatable, Sendable {
  /// The first case that differs, in full.
  package struct Difference: Equatable, Sendable {
    package let line: Int
    package let text: String
    package let field: String
    package let expected: String
    package let found: String

    package init(line: Int, text: String, field: String, expected: String, found: String) {
      self.line = line
      self.text = text
      self.field = field
      self.expected = expected
      self.found = found
    }
  }

  package private(set) var cases = 0
  package private(set) var mismatches = 0
  package private(set) var firstDifference: Difference?

  /// Runs every line of a golden.jsonl through a tokenizer.json and compares every field that a line has.
  ///
  /// Throws where either file is malformed; a line that cannot be encoded counts as a mismatch.
  package init(
    tokenizer: Data, golden: Data, tokenizerName: String = "tokenizer.json",
    goldenName: String = "golden.jsonl"
  ) throws(TokenizerError) {
    let tokenizer = try Tokenizer(json: tokenizer, name: tokenizerName)
    try self.init(tokenizer, golden: golden, name: goldenName)
  }

  /// The same for a tokenizer that is already there.
  package init(_ tokenizer: Tokenizer, golden: Data, name: String) throws(TokenizerError) {
    let bytes = [UInt8](golden)
    var start = 0
    var line = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      line += 1
      defer { start = end + 1 }
      guard bytes[start..<end].contains(where: { $0 > 32 }) else { continue }
      let json = try JSONSlice(bytes: bytes, range: start..<end, file: name).object()
      let golden = try GoldenCase(json, line: line)
      cases += 1
      guard let difference = golden.difference(with: tokenizer) else { continue }
      mismatches += 1
      firstDifference = firstDifference ?? difference
    }
  }
}

/// One line of a golden file.
private struct GoldenCase {
  let line: Int
  let text: String
  let pair: String?
  let truncation: Truncation?
  /// What is expected, by field, in the spelling that results are put in.
  var expected: [(field: String, value: String)] = []

  init(_ json: JSONObject, line: Int) throws(TokenizerError) {
    self.line = line
    text = try json.required("text").string()
    pair = try json.optional("pair")?.string()
    if let maximum = try json.optional("max_length")?.integer() {
      let given = try json.string("strategy", default: Truncation.Strategy.longestFirst.rawValue)
      guard let strategy = Truncation.Strategy(rawValue: given) else { throw json.wrong(.strategy) }
      truncation = Truncation(
        maximumLength: maximum, strategy: strategy, stride: try json.integer("stride", default: 0))
    } else {
      truncation = nil
    }
    let request: Set = ["text", "pair", "max_length", "strategy", "stride"]
    for (key, value) in json.members where !request.contains(key) {
      guard GoldenField(rawValue: key) != nil else {
        throw .unknownGoldenField(file: json.file, line: line, field: key)
      }
      if key == GoldenField.overflowing.rawValue {
        try addOverflowing(value)
      } else {
        expected.append((key, try Self.spelled(value)))
      }
    }
  }

  private mutating func addOverflowing(_ json: JSONSlice) throws(TokenizerError) {
    let parts = try json.elements()
    expected.append(("overflowing", String(parts.count)))
    for (index, part) in parts.enumerated() {
      for (key, value) in try part.members() {
        guard GoldenField(rawValue: key) != nil else {
          throw .unknownGoldenField(file: json.file, line: line, field: key)
        }
        expected.append(("overflowing.\(index).\(key)", try Self.spelled(value)))
      }
    }
  }

  /// A value in one spelling, whatever white space and escapes the file has.
  private static func spelled(_ json: JSONSlice) throws(TokenizerError) -> String {
    switch json.kind {
    case .array:
      var parts: [String] = []
      for element in try json.elements() { parts.append(try spelled(element)) }
      return "[" + parts.joined(separator: ", ") + "]"
    case .string: return GoldenField.quoted(try json.string())
    default: return String(decoding: json.bytes[json.range], as: UTF8.self)
    }
  }

  func difference(with tokenizer: Tokenizer) -> TokenizerVerification.Difference? {
    let encoding: Encoding
    let plain: Encoding
    do {
      encoding = try tokenizer.encode(text, pair: pair, truncation: truncation)
      plain = try tokenizer.encode(text, specialTokens: false)
    } catch {
      return difference("error", "", String(describing: error))
    }
    for (field, value) in expected {
      let path = field.split(separator: ".").map(String.init)
      var source = encoding
      if path.count == 3 {
        guard let index = Int(path[1]), index < encoding.overflowing.count else {
          return difference(field, value, "")
        }
        source = encoding.overflowing[index]
      }
      guard let name = path.last, let kind = GoldenField(rawValue: name) else { continue }
      let found = kind.value(of: source, plain: plain, tokenizer)
      if !found.utf8.elementsEqual(value.utf8) { return difference(field, value, found) }
    }
    return nil
  }

  private func difference(
    _ field: String, _ expected: String, _ found: String
  ) -> TokenizerVerification.Difference {
    .init(line: line, text: text, field: field, expected: expected, found: found)
  }
}

/// The fields of a golden file that hold results.
private enum GoldenField: String {
  case ids, tokens, offsets, decoded, overflowing
  case typeIDs = "type_ids"
  case specialMask = "special_tokens_mask"
  case wordIDs = "word_ids"
  case plainIDs = "ids_without_special"
  case decodedPlain = "decoded_skip_special"

  static func quoted(_ text: String) -> String { "\"" + text + "\"" }

  /// The result for this field, spelt as expectations are.
  func value(of encoding: Encoding, plain: Encoding, _ tokenizer: Tokenizer) -> String {
    let list = { (parts: [String]) in "[" + parts.joined(separator: ", ") + "]" }
    return switch self {
    case .ids: list(encoding.ids.map { String($0) })
    case .tokens: list(encoding.tokens.map(Self.quoted))
    case .offsets: list(encoding.offsets.map { "[\($0.lowerBound), \($0.upperBound)]" })
    case .typeIDs: list(encoding.typeIDs.map { String($0) })
    case .specialMask: list(encoding.specialMask.map { $0 ? "1" : "0" })
    case .wordIDs: list(encoding.wordIDs.map { $0.map { String($0) } ?? "null" })
    case .plainIDs: list(plain.ids.map { String($0) })
    case .decoded: Self.quoted(tokenizer.decode(encoding.ids.map { Int($0) }, skippingSpecialTokens: false))
    case .decodedPlain:
      Self.quoted(tokenizer.decode(encoding.ids.map { Int($0) }, skippingSpecialTokens: true))
    case .overflowing: String(encoding.overflowing.count)
    }
  }
}
