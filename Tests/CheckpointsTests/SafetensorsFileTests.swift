import Checkpoints
import Foundation
import Tensors
import Testing

@Suite struct SafetensorsFileTests {
  /// A file by the Python library, with the values that PyTorch converts its types to.
  @Test func readsEveryTypeOfAFileFromPython() throws {
    let file = try SafetensorsFile(fixtures.appendingPathComponent("types.safetensors"))
    let values: [Float] = [0.5, -1.25, 3, 65504, 6e-8, -0.0]
    #expect(floats(try file.values("single")) == values)
    #expect(floats(try file.values("double")) == values)
    #expect(floats(try file.values("half")) == [0.5, -1.25, 3, 65504, 0x1p-24, -0.0])
    #expect(floats(try file.values("brain")) == [0.5, -1.25, 3, 65536, 0x1.02p-24, -0.0])
    #expect(floats(try file.values("half")).last?.sign == .minus)
    #expect(floats(try file.values("mask")) == [1, 0, 1])
    #expect(floats(try file.values("small")) == [-128, 127])
    #expect(floats(try file.values("scalar")) == [2.5])
    #expect(floats(try file.values("empty")).isEmpty)
    #expect(try file.integers("ids") == [3, -1, 1 << 40])
    #expect(try file.integers("short") == [-5, 7])
    #expect(file.entries["brain"]?.type == "BF16")
    #expect(file.entries["brain"]?.bytes == 12)
    #expect(file.metadata == ["format": "pt", "note": "café \"q\""])
  }

  @Test func halfPrecisionIsExactForEveryNumber() throws {
    let folder = try TemporaryFolder()
    let header = "{\"t\":{\"dtype\":\"F16\",\"shape\":[65536],\"data_offsets\":[0,131072]}}"
    var data = safetensors(header)
    for bits in 0...UInt16.max { withUnsafeBytes(of: bits.littleEndian) { data.append(contentsOf: $0) } }
    let values = floats(try SafetensorsFile(folder.write("half", data)).values("t"))
    for bits in 0...UInt16.max {
      let (sign, exponent, fraction) = (bits >> 15, Int(bits >> 10 & 31), Float(bits & 1023))
      let magnitude: Float =
        switch exponent {
        case 0: fraction * 0x1p-24
        case 31: fraction == 0 ? .infinity : .nan
        default: (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
      let value = values[Int(bits)]
      if magnitude.isNaN {
        #expect(value.isNaN)
      } else {
        #expect(value == (sign == 1 ? -magnitude : magnitude))
      }
    }
  }

  @Test func alignedFloatsAreMappedAndNeverReachTheFile() throws {
    let folder = try TemporaryFolder()
    var header = SafetensorsHeaderTests.whole
    while header.utf8.count % 4 != 0 { header += " " }
    let url = try folder.write("t", safetensors(header, bytes: 8))
    let before = try Data(contentsOf: url)
    var first: SafetensorsFile? = try SafetensorsFile(url)
    let values = try #require(try first?.values("t"))
    #expect(try first?.values("t").base == values.base)
    first = nil
    values.base[1] = 7
    #expect(floats(values) == [0, 7], "the values outlive the file that lent them")
    #expect(try Data(contentsOf: url) == before)
  }

  @Test(arguments: 0..<4) func misalignedFloatsAreCopied(spaces: Int) throws {
    let folder = try TemporaryFolder()
    let header =
      "{\"t\":{\(SafetensorsHeaderTests.f32("[2]", "[0,8]"))}}" + String(repeating: " ", count: spaces)
    var data = safetensors(header)
    for value: Float in [1.5, -2] { withUnsafeBytes(of: value) { data.append(contentsOf: $0) } }
    #expect(floats(try SafetensorsFile(folder.write("t", data)).values("t")) == [1.5, -2])
  }

  @Test func whatCannotBeReadSaysWhich() throws {
    let folder = try TemporaryFolder()
    let header = "{\"t\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}"
    let url = try folder.write("t", safetensors(header, bytes: 1))
    let file = try SafetensorsFile(url)
    func error(_ problem: SafetensorsProblem) -> SafetensorsError {
      SafetensorsError(file: url.path, problem: problem)
    }
    #expect(throws: error(.noSuchTensor("u"))) { try file.values("u") }
    #expect(throws: error(.notReadable(tensor: "t", type: "F8_E4M3", wanted: "floats"))) {
      try file.values("t")
    }
    #expect(throws: error(.notReadable(tensor: "t", type: "F8_E4M3", wanted: "integers"))) {
      try file.integers("t")
    }
  }

  @Test func writtenTensorsComeBack() throws {
    let folder = try TemporaryFolder()
    let buffer = Buffer(count: 6)
    for index in 0..<6 { buffer.base[index] = Float(index) / 3 }
    let url = folder("out.safetensors")
    try SafetensorsWriter.write(
      [
        .init("b", [2, 2], buffer), .init("a \"é\"\n", [2], buffer, offset: 4), .init("none", [0], buffer),
        .init("ids", [3], integers: [-1, 0, .max]),
      ], metadata: ["format": "pt", "a": "\\"], to: url)
    let file = try SafetensorsFile(url)
    #expect(floats(try file.values("b")) == [0, 1 / 3, 2 / 3, 1])
    #expect(floats(try file.values("a \"é\"\n")) == [4 / 3, 5 / 3])
    #expect(try file.values("none").count == 0)
    #expect(try file.integers("ids") == [-1, 0, .max])
    #expect(file.metadata == ["format": "pt", "a": "\\"])
    #expect(try folder.names() == ["out.safetensors"])
    #expect(
      try Data(contentsOf: url).prefix(8).first.map { $0 % 8 } == 0, "the data begin at a multiple of 8")
  }

  @Test func halvesRoundToTheNearestAndTiesToEven() throws {
    let folder = try TemporaryFolder()
    // Value, and the half that is nearest (IEEE 754): exact, ties both ways, subnormal, largest, overflow, specials.
    let values: [(Float, Float)] = [
      (1, 1), (-0.1, -0.099975586), (1 + 0x1p-11, 1), (1 + 0x3p-11, 1 + 0x1p-9), (0x1p-24, 0x1p-24),
      (0x1p-25, 0), (0x1.8p-24, 0x1p-23), (65504, 65504), (65519, 65504), (65520, .infinity), (-.infinity, -.infinity),
      (-0, -0), (0x1.ffcp-15, 0x1p-14),
    ]
    let buffer = Buffer(count: values.count + 1)
    for (index, value) in values.enumerated() { buffer.base[index] = value.0 }
    buffer.base[values.count] = .nan
    let url = folder("half.safetensors")
    try SafetensorsWriter.write([.init("t", [values.count + 1], halvesOf: buffer)], to: url)
    let file = try SafetensorsFile(url)
    #expect(file.entries["t"]?.type == "F16")
    let read = floats(try file.values("t"))
    #expect(read.dropLast().map(\.bitPattern) == values.map(\.1.bitPattern))
    #expect(read.last?.isNaN == true)
  }

  @Test func aFileThatIsMappedCanBeReplaced() throws {
    let folder = try TemporaryFolder()
    let url = folder("model.safetensors")
    let buffer = Buffer(count: 1)
    buffer.base[0] = 1
    try SafetensorsWriter.write([.init("t", [1], buffer)], to: url)
    let old = try SafetensorsFile(url).values("t")
    old.base[0] += 1
    try SafetensorsWriter.write([.init("t", [1], old)], to: url)
    #expect(floats(try SafetensorsFile(url).values("t")) == [2])
  }
}
