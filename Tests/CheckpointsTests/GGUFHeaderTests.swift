import Checkpoints
import Foundation
import Testing

/// Every way a GGUF header can lie, and what is said of it.
@Suite struct GGUFHeaderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let data: Data
    let problem: GGUFProblem

    init(_ name: String, _ data: Data, _ problem: GGUFProblem) {
      testDescription = name
      self.data = data
      self.problem = problem
    }
  }

  static func file(
    version: UInt32 = 3, tensors: [Data] = [], tensorCount: UInt64? = nil, pairs: [Data] = [],
    pairCount: UInt64? = nil, data: Int = 0
  ) -> Data {
    var file = Data("GGUF".utf8) + bytes(version)
    file += bytes(tensorCount ?? UInt64(tensors.count)) + bytes(pairCount ?? UInt64(pairs.count))
    for part in pairs + tensors { file += part }
    while data > 0, file.count % 32 != 0 { file.append(0) }
    return file + Data(count: data)
  }

  static func bytes<Number: FixedWidthInteger>(_ number: Number) -> Data {
    withUnsafeBytes(of: number.littleEndian) { Data($0) }
  }

  static func text(_ text: String, length: UInt64? = nil) -> Data {
    bytes(length ?? UInt64(text.utf8.count)) + Data(text.utf8)
  }

  static func pair(_ key: String, _ type: UInt32, _ value: Data) -> Data { text(key) + bytes(type) + value }

  static func list(_ type: UInt32, _ count: UInt64, _ items: Data = Data()) -> Data {
    bytes(type) + bytes(count) + items
  }

  static func tensor(
    _ name: String, _ sizes: [UInt64], type: UInt32 = 0, offset: UInt64 = 0, dimensions: UInt32? = nil
  ) -> Data {
    sizes.reduce(text(name) + bytes(dimensions ?? UInt32(sizes.count))) { $0 + bytes($1) } + bytes(type) + bytes(offset)
  }

  static let nested = list(9, 1, list(9, 1, list(4, 1, bytes(UInt32(1)))))

  static let cases: [Case] = [
    Case("no bytes", Data(), .notGGUF),
    Case("another format", Data("GGML00000000".utf8), .notGGUF),
    Case("ends after the magic", Data("GGUF".utf8), .cutShort(part: "version", offset: 4)),
    Case("version 1", file(version: 1), .unknownVersion(1)),
    Case("version 4", file(version: 4), .unknownVersion(4)),
    Case("the other order of bytes", file(version: 3 << 24), .bigEndian),
    Case("ends in the counts", file().prefix(20), .cutShort(part: "metadata count", offset: 20)),
    Case("2^60 pairs", file(pairCount: 1 << 60), .tooMany(part: "metadata", claimed: 1 << 60, available: 0)),
    Case("2^64 - 1 pairs", file(pairCount: .max), .tooMany(part: "metadata", claimed: .max, available: 0)),
    Case("2^60 tensors", file(tensorCount: 1 << 60), .tooMany(part: "tensors", claimed: 1 << 60, available: 0)),
    Case(
      "a key of 2^60 bytes", file(pairs: [text("abcdefgh", length: 1 << 60)]),
      .tooMany(part: "metadata key", claimed: 1 << 60, available: 8)),
    Case(
      "a key that is not UTF-8", file(pairs: [bytes(UInt64(1)) + Data([0xff]) + bytes(UInt32(4)) + bytes(UInt32(0))]),
      .badText(part: "metadata key", offset: 24)),
    Case(
      "a text that is not UTF-8", file(pairs: [pair("a", 8, bytes(UInt64(1)) + Data([0xff]))]),
      .badText(part: "a", offset: 37)),
    Case("one key twice", file(pairs: [pair("a", 0, Data([1])), pair("a", 0, Data([1]))]), .duplicateKey("a")),
    Case("a type that is none", file(pairs: [pair("a", 13, Data([1]))]), .unknownValueType(key: "a", type: 13)),
    Case("a truth of 2", file(pairs: [pair("a", 7, Data([2]))]), .badTruth(key: "a", byte: 2)),
    Case("a value cut off", file(pairs: [pair("a", 10, Data([1, 2]))]), .cutShort(part: "a", offset: 39)),
    Case(
      "a list of 2^60 numbers", file(pairs: [pair("a", 9, list(4, 1 << 60))]),
      .tooMany(part: "a", claimed: 1 << 60, available: 0)),
    Case(
      "a list of 2^60 texts", file(pairs: [pair("a", 9, list(8, 1 << 60, Data(count: 64)))]),
      .tooMany(part: "a", claimed: 1 << 60, available: 64)),
    Case("lists in lists in lists", file(pairs: [pair("a", 9, nested)]), .nestedTooDeep(key: "a", limit: 2)),
    Case(
      "a list of a type that is none", file(pairs: [pair("a", 9, list(77, 0))]), .unknownValueType(key: "a", type: 77)),
    Case("alignment 0", file(pairs: [pair("general.alignment", 4, bytes(UInt32(0)))]), .badAlignment(0)),
    Case("alignment 48", file(pairs: [pair("general.alignment", 4, bytes(UInt32(48)))]), .badAlignment(48)),
    Case("alignment 2^31", file(pairs: [pair("general.alignment", 4, bytes(UInt32(1 << 31)))]), .badAlignment(1 << 31)),
    Case(
      "an alignment in words", file(pairs: [pair("general.alignment", 8, text("32"))]),
      .wrongValue(key: "general.alignment", expected: "a whole number")),
    Case(
      "five dimensions", file(tensors: [tensor("t", [1, 1, 1, 1, 1])]),
      .tooManyDimensions(tensor: "t", claimed: 5, limit: 4)),
    Case(
      "2^32 - 1 dimensions", file(tensors: [tensor("t", [1], dimensions: .max)]),
      .tooManyDimensions(tensor: "t", claimed: .max, limit: 4)),
    Case(
      "2^60 by 2^60", file(tensors: [tensor("t", [1 << 60, 1 << 60])]),
      .shapeTooLarge(tensor: "t", dimensions: [1 << 60, 1 << 60])),
    Case(
      "nothing by 2^40 by 2^40", file(tensors: [tensor("t", [0, 1 << 40, 1 << 40])]),
      .shapeTooLarge(tensor: "t", dimensions: [0, 1 << 40, 1 << 40])),
    Case("2^63", file(tensors: [tensor("t", [1 << 63])]), .shapeTooLarge(tensor: "t", dimensions: [1 << 63])),
    Case("2^60", file(tensors: [tensor("t", [1 << 60])]), .shapeTooLarge(tensor: "t", dimensions: [1 << 60])),
    Case(
      "a type that is not read", file(tensors: [tensor("t", [256], type: 16)]), .unsupportedType(tensor: "t", type: 16)),
    Case("type 2^32 - 1", file(tensors: [tensor("t", [1], type: .max)]), .unsupportedType(tensor: "t", type: .max)),
    Case(
      "a row of 40 in blocks of 32", file(tensors: [tensor("t", [40, 2], type: 2)], data: 64),
      .brokenBlock(tensor: "t", width: 40, type: "Q4_0", block: 32)),
    Case(
      "a number in blocks of 32", file(tensors: [tensor("t", [], type: 2)], data: 64),
      .brokenBlock(tensor: "t", width: 1, type: "Q4_0", block: 32)),
    Case(
      "off the alignment", file(tensors: [tensor("t", [4], offset: 8)], data: 64),
      .misaligned(tensor: "t", offset: 8, alignment: 32)),
    Case(
      "past the end", file(tensors: [tensor("t", [17])], data: 64), .outOfBounds(tensor: "t", end: 68, available: 64)),
    Case("no data at all", file(tensors: [tensor("t", [1])]), .outOfBounds(tensor: "t", end: 4, available: 0)),
    Case(
      "an offset of 2^64 - 32", file(tensors: [tensor("t", [16], offset: .max - 31)], data: 64),
      .outOfBounds(tensor: "t", end: .max, available: 64)),
    Case(
      "one name twice", file(tensors: [tensor("t", [8]), tensor("t", [8], offset: 32)], data: 64), .duplicateTensor("t")
    ),
    Case(
      "two tensors in one place", file(tensors: [tensor("a", [8]), tensor("b", [8])], data: 64),
      .overlap(tensor: "b", other: "a")),
    Case(
      "two tensors that overlap", file(tensors: [tensor("a", [9]), tensor("b", [8], offset: 32)], data: 64),
      .overlap(tensor: "b", other: "a")),
  ]

  @Test(arguments: cases) func refusesWhatDoesNotHold(_ example: Case) throws {
    let folder = try TemporaryFolder()
    let url = try folder.write("model.gguf", example.data)
    #expect(throws: GGUFError(file: url.path, problem: example.problem)) { try GGUFFile(url) }
  }

  /// Whatever byte is changed or missing, the file is read or refused.
  @Test func survivesEveryDamage() throws {
    let folder = try TemporaryFolder()
    let whole = Self.file(
      tensors: [Self.tensor("a", [32, 2], type: 3), Self.tensor("b", [3], offset: 64)],
      pairs: [
        Self.pair("x", 9, Self.list(8, 2, Self.text("one") + Self.text("two"))),
        Self.pair("y", 6, Self.bytes(UInt32(1))),
      ], data: 96)
    _ = try GGUFFile(try folder.write("whole.gguf", whole))
    var outcomes: Set<String> = []
    for place in 0..<whole.count {
      var damaged = whole
      damaged[place] ^= 0xff
      for data in place.isMultiple(of: 4) ? [damaged, whole.prefix(place)] : [damaged] {
        do {
          let file = try GGUFFile(try folder.write("damaged.gguf", Data(data)))
          _ = file.metadata.values.map { ($0.texts, $0.number) }
          outcomes.insert("read")
        } catch is GGUFError {
          outcomes.insert("refused")
        }
      }
    }
    #expect(outcomes == ["read", "refused"])
  }
}
