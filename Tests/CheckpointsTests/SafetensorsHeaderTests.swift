import Checkpoints
import Foundation
import Testing

/// Every way a header can lie, and what is said of it.
@Suite struct SafetensorsHeaderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let data: Data
    let problem: SafetensorsProblem
    var testDescription: String { name }

    init(_ name: String, _ data: Data, _ problem: SafetensorsProblem) {
      self.name = name
      self.data = data
      self.problem = problem
    }
  }

  /// One tensor `t` with the fields given.
  static func one(_ fields: String) -> String { "{\"t\":{\(fields)}}" }
  static func f32(_ shape: String, _ offsets: String) -> String {
    "\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":\(offsets)"
  }
  static let whole = one(f32("[2]", "[0,8]"))
  static let deep = String(repeating: "[", count: 66) + String(repeating: "]", count: 66)

  static let cases: [Case] = [
    Case("no bytes", Data(), .tooShort(bytes: 0)),
    Case("seven bytes", Data(count: 7), .tooShort(bytes: 7)),
    Case(
      "2^63 bytes of header", safetensors("{}", length: 1 << 63),
      .headerTooLong(claimed: 1 << 63, limit: 100_000_000)),
    Case("2^64 - 1", safetensors("{}", length: .max), .headerTooLong(claimed: .max, limit: 100_000_000)),
    Case(
      "over the limit", safetensors("{}", length: 100_000_001),
      .headerTooLong(claimed: 100_000_001, limit: 100_000_000)),
    Case("ends in the header", safetensors("{}", length: 3), .headerPastEnd(claimed: 3, available: 2)),
    Case("empty header", safetensors(""), .notJSON(offset: 0, .expected("{"))),
    Case("leading space", safetensors(" {}"), .notJSON(offset: 0, .expected("{"))),
    Case("a list", safetensors("[]"), .notJSON(offset: 0, .expected("{"))),
    Case("never closed", safetensors("{"), .notJSON(offset: 1, .end)),
    Case("trailing comma", safetensors("{\"__metadata__\":{},}"), .notJSON(offset: 19, .expected("\""))),
    Case("text after the end", safetensors("{} {}"), .notJSON(offset: 3, .expected(""))),
    Case("open string", safetensors("{\"t"), .notJSON(offset: 3, .end)),
    Case("bad escape", safetensors("{\"\\x\":1}"), .notJSON(offset: 4, .badEscape)),
    Case("half a surrogate pair", safetensors("{\"\\ud800\":1}"), .notJSON(offset: 8, .badEscape)),
    Case("control character", safetensors("{\"a\nb\":1}"), .notJSON(offset: 3, .controlCharacter)),
    Case("invalid UTF-8", invalidUTF8(), .notJSON(offset: 2, .badUTF8)),
    Case("bad number", safetensors(one("\"x\":01")), .notJSON(offset: 10, .badNumber)),
    Case("too deep", safetensors(one("\"x\":\(deep)")), .notJSON(offset: 75, .tooDeep(limit: 64))),
    Case("a tensor that is a number", safetensors("{\"t\":1}"), .notJSON(offset: 5, .expected("{"))),
    Case(
      "duplicate name",
      safetensors("{\"t\":{\(f32("[1]", "[0,4]"))},\"t\":{\(f32("[1]", "[4,8]"))}}", bytes: 8),
      .duplicateName("t")),
    Case(
      "duplicate escaped name",
      safetensors("{\"t\":{\(f32("[1]", "[0,4]"))},\"\\u0074\":{\(f32("[1]", "[4,8]"))}}", bytes: 8),
      .duplicateName("t")),
    Case(
      "two metadata", safetensors("{\"__metadata__\":{},\"__metadata__\":{}}"), .duplicateName("__metadata__")
    ),
    Case(
      "duplicate metadata key", safetensors("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}"),
      .duplicateName("a")),
    Case(
      "metadata of numbers", safetensors("{\"__metadata__\":{\"a\":1}}"),
      .badField(tensor: "__metadata__", field: "a")),
    Case(
      "duplicate field", safetensors(one("\"dtype\":\"F32\",\"dtype\":\"F16\"")),
      .duplicateField(tensor: "t", field: "dtype")),
    Case(
      "no type", safetensors(one("\"shape\":[],\"data_offsets\":[0,4]"), bytes: 4),
      .missingField(tensor: "t", field: "dtype")),
    Case(
      "no shape", safetensors(one("\"dtype\":\"F32\",\"data_offsets\":[0,4]"), bytes: 4),
      .missingField(tensor: "t", field: "shape")),
    Case(
      "no offsets", safetensors(one("\"dtype\":\"F32\",\"shape\":[]")),
      .missingField(tensor: "t", field: "data_offsets")),
    Case(
      "unknown type", safetensors(one("\"dtype\":\"F33\",\"shape\":[],\"data_offsets\":[0,4]"), bytes: 4),
      .unknownType(tensor: "t", type: "F33")),
    Case(
      "type is no text", safetensors(one("\"dtype\":32,\"shape\":[],\"data_offsets\":[0,4]"), bytes: 4),
      .badField(tensor: "t", field: "dtype")),
    Case(
      "negative size", safetensors(one(f32("[-1]", "[0,4]")), bytes: 4),
      .badField(tensor: "t", field: "shape")),
    Case(
      "fractional size", safetensors(one(f32("[1.0]", "[0,4]")), bytes: 4),
      .badField(tensor: "t", field: "shape")),
    Case(
      "size in words", safetensors(one(f32("[\"1\"]", "[0,4]")), bytes: 4),
      .badField(tensor: "t", field: "shape")),
    Case(
      "size past 64 bits", safetensors(one(f32("[9223372036854775808]", "[0,4]")), bytes: 4),
      .badField(tensor: "t", field: "shape")),
    Case(
      "product overflows", safetensors(one(f32("[4294967296,4294967296]", "[0,4]")), bytes: 4),
      .shapeTooLarge(tensor: "t", shape: [4_294_967_296, 4_294_967_296])),
    Case(
      "bytes overflow", safetensors(one(f32("[4611686018427387904]", "[0,4]")), bytes: 4),
      .shapeTooLarge(tensor: "t", shape: [4_611_686_018_427_387_904])),
    Case(
      "three offsets", safetensors(one(f32("[1]", "[0,4,8]")), bytes: 4),
      .badField(tensor: "t", field: "data_offsets")),
    Case(
      "negative offset", safetensors(one(f32("[1]", "[-4,0]")), bytes: 4),
      .badField(tensor: "t", field: "data_offsets")),
    Case(
      "reversed", safetensors(one(f32("[1]", "[4,0]")), bytes: 4),
      .offsetsReversed(tensor: "t", begin: 4, end: 0)),
    Case("truncated", safetensors(whole, bytes: 7), .outOfBounds(tensor: "t", end: 8, available: 7)),
    Case(
      "end past 63 bits", safetensors(one(f32("[1]", "[0,9223372036854775807]")), bytes: 4),
      .outOfBounds(tensor: "t", end: .max, available: 4)),
    Case(
      "wrong size", safetensors(one(f32("[3]", "[0,8]")), bytes: 8),
      .sizeMismatch(tensor: "t", shape: [3], type: "F32", expected: 12, found: 8)),
    Case(
      "overlap", safetensors("{\"a\":{\(f32("[2]", "[0,8]"))},\"b\":{\(f32("[2]", "[4,12]"))}}", bytes: 12),
      .overlap(tensor: "b", other: "a", offset: 4)),
    Case(
      "the same place twice",
      safetensors("{\"a\":{\(f32("[1]", "[0,4]"))},\"b\":{\(f32("[1]", "[0,4]"))}}", bytes: 4),
      .overlap(tensor: "b", other: "a", offset: 0)),
    Case("hole at the start", safetensors(one(f32("[1]", "[4,8]")), bytes: 8), .hole(offset: 0, bytes: 4)),
    Case(
      "hole between",
      safetensors("{\"a\":{\(f32("[1]", "[0,4]"))},\"b\":{\(f32("[1]", "[8,12]"))}}", bytes: 12),
      .hole(offset: 4, bytes: 4)),
    Case("bytes after the last tensor", safetensors(whole, bytes: 9), .hole(offset: 8, bytes: 1)),
    Case("bytes and no tensor", safetensors("{}", bytes: 2), .hole(offset: 0, bytes: 2)),
  ]

  @Test(arguments: cases) func isRefused(_ sample: Case) throws {
    let folder = try TemporaryFolder()
    let url = try folder.write("bad.safetensors", sample.data)
    #expect(throws: SafetensorsError(file: url.path, problem: sample.problem)) { try SafetensorsFile(url) }
  }

  @Test func everyTruncationOfAGoodFileIsRefused() throws {
    let folder = try TemporaryFolder()
    let good = safetensors(Self.whole, bytes: 8)
    for count in 0..<good.count {
      let url = try folder.write("cut", good.prefix(count))
      #expect(throws: SafetensorsError.self, "\(count) bytes") { try SafetensorsFile(url) }
    }
  }

  @Test func unusualButLawfulHeadersAreRead() throws {
    let folder = try TemporaryFolder()
    let header =
      "{ \"é\\u00e9\\ud83d\\ude00\" :{\"extra\":{\"a\":[1,-2.5e3,null,{}]},"
      + "\(Self.f32("[1, 2]", "[ 0 ,8]"))}, "
      + "\"__metadata__\":{\"k\":\"v\\n\"}, \"none\":{\(Self.f32("[0,7]", "[8,8]"))}}  \n"
    let file = try SafetensorsFile(folder.write("odd", safetensors(header, bytes: 8)))
    #expect(file.entries.keys.sorted() == ["none", "éé😀"])
    #expect(file.entries["éé😀"]?.shape == [1, 2])
    #expect(file.metadata == ["k": "v\n"])
    #expect(try SafetensorsFile(folder.write("bare", safetensors("{}"))).entries.isEmpty)
  }

  @Test func whatIsNoFileIsSaidAsSuch() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.missing(path: folder("none").path)) { try SafetensorsFile(folder("none")) }
    #expect(throws: FileError.notAFile(path: folder.url.path)) { try SafetensorsFile(folder.url) }
  }

  static func invalidUTF8() -> Data {
    var data = safetensors("{\"??\":1}")
    data[10] = 0xc3
    data[11] = 0x28
    return data
  }
}
