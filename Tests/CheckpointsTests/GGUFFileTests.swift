import Checkpoints
import Foundation
import Tensors
import Testing

/// What is written comes back, in metadata as in tensors.
@Suite struct GGUFFileTests {
  static let metadata: [(key: String, value: GGUFValue)] = [
    ("general.architecture", .text("llama")), ("a.uint32", .uint32(7)), ("a.int32", .int32(-7)),
    ("a.uint64", .uint64(.max)), ("a.float", .float32(0.1)), ("a.truth", .bool(true)),
    ("a.texts", .texts(["", "Ġthe", "日本"])), ("a.scores", .float32s([-1, 0.5])), ("a.types", .int32s([1, 3, 6])),
  ]

  @Test func returnsWhatWasWritten() throws {
    let folder = try TemporaryFolder()
    let numbers: [Float] = [1, -2.5, 3e-20, 4, 5, 6]
    let items = [
      GGUFWriter.Item("odd", [1], .elements(.f32)) { bytes([Float(9)]) },
      GGUFWriter.Item("table", [2, 3], .elements(.f32)) { bytes(numbers) },
      GGUFWriter.Item("half", [3], .elements(.f16)) { bytes([0x3c00, 0xc000, 0x7bff] as [UInt16]) },
      GGUFWriter.Item("blocks", [2, 32], .blocks(.q40)) { [UInt8](repeating: 0, count: 36) },
    ]
    try GGUFWriter.write(items, metadata: Self.metadata, to: folder("model.gguf"))
    let file = try GGUFFile(folder("model.gguf"))
    #expect(file.keys == Self.metadata.map(\.key))
    #expect(file.metadata == Dictionary(uniqueKeysWithValues: Self.metadata))
    #expect(file.metadata["a.texts"]?.texts == ["", "Ġthe", "日本"])
    #expect(file.metadata["a.scores"]?.numbers == [-1, 0.5])
    #expect(file.metadata["a.types"]?.integers == [1, 3, 6])
    #expect(file.metadata["a.int32"]?.integer == -7)
    #expect(file.metadata["a.uint64"]?.integer == nil)
    #expect(file.metadata["a.float"]?.number == Double(Float(0.1)))
    #expect(file.metadata["a.truth"]?.truth == true)
    #expect(file.entries["table"]?.shape == [2, 3])
    #expect(file.entries["blocks"]?.type == "Q4_0")
    #expect(try floats(file.values("table")) == numbers)
    #expect(try floats(file.values("odd")) == [9])
    #expect(try floats(file.values("half")) == [1, -2, 65504])
  }

  @Test func namesWhatIsMissingOrOfAnotherType() throws {
    let folder = try TemporaryFolder()
    try GGUFWriter.write([], metadata: Self.metadata, to: folder("model.gguf"))
    let file = try GGUFFile(folder("model.gguf"))
    let path = folder("model.gguf").path
    #expect(throws: GGUFError(file: path, problem: .noSuchTensor("x"))) { try file.values("x") }
    #expect(throws: GGUFError(file: path, problem: .missingKey("b"))) { try file.require("b", "a text", \.text) }
    #expect(throws: GGUFError(file: path, problem: .wrongValue(key: "a.truth", expected: "a text"))) {
      try file.require("a.truth", "a text", \.text)
    }
    #expect(try file.value("b", "a text", \.text) == nil)
  }

  /// `gguf.py` wrote it with the `gguf` package: every type of value, a list of lists, another alignment.
  @Test func readsWhatThePythonPackageWrites() throws {
    let file = try GGUFFile(fixtures.appendingPathComponent("values.gguf"))
    let read = Dictionary(
      uniqueKeysWithValues: file.metadata.compactMap { key, value in value.number.map { (key, $0) } })
    #expect(
      read.filter { $0.key.hasPrefix("x.") } == [
        "x.uint8": 200, "x.int8": -100, "x.uint16": 60000, "x.int16": -30000, "x.uint32": 4_000_000_000,
        "x.int32": -2_000_000_000, "x.float32": 0.5, "x.uint64": 1e19, "x.int64": -9e18, "x.float64": 0.1,
      ])
    #expect(file.metadata["x.bool"]?.truth == true)
    #expect(file.metadata["x.texts"]?.texts == ["a", "bb", ""])
    #expect(file.metadata["x.lists"]?.lists?.map(\.integers) == [[1, 2], [3, 4]])
    #expect(file.metadata["general.alignment"]?.integer == 64)
    #expect(try floats(file.values("one")) == [1, 2, 3])
    #expect(try floats(file.values("two")) == (0..<6).map { Float($0) })
    #expect(file.entries["two"]?.shape == [2, 3])
  }
}

private func bytes<Element: BitwiseCopyable>(_ elements: [Element]) -> [UInt8] {
  elements.withUnsafeBytes { Array($0) }
}
