import Checkpoints
import Foundation
import Testing

/// `pytorch_model.bin`, as torch wrote it and as somebody else might.
@Suite struct PyTorchFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func values(_ file: PyTorchFile, _ name: String) throws -> [Float] { floats(try file.values(name)) }

  @Test func everyKindOfTensorIsRead() throws {
    let file = try PyTorchFile(fixtures.appendingPathComponent("pytorch.bin"))
    let base = (0..<24).map { Float($0) / 4 }
    #expect(file.entries["plain"]?.shape == [4, 6] && file.entries["plain"]?.type == "F32")
    #expect(try values(file, "plain") == base)
    #expect(try values(file, "tied") == base)
    #expect(try file.values("tied").base == file.values("tied_again").base, "one storage, mapped once")
    #expect(file.entries["transposed"]?.shape == [6, 4])
    #expect(try values(file, "transposed") == (0..<24).map { base[$0 % 4 * 6 + $0 / 4] })
    #expect(try values(file, "rows") == Array(base[6..<18]))
    #expect(try values(file, "strided") == [1, 3, 5, 13, 15, 17].map { base[$0] })
    #expect(try values(file, "repeated") == [1, 2, 3, 1, 2, 3])
    #expect(file.entries["scalar"]?.shape == [])
    #expect(try values(file, "scalar") == [2.5])
    #expect(try values(file, "empty") == [])
    #expect(try values(file, "half") == [0.5, -2, 65504])
    #expect(try values(file, "brain") == [0.5, -2, 3])
    #expect(try values(file, "double") == [0.1, -2])
    #expect(try values(file, "long") == [0, 1, 2, 3, 4])
    #expect(try values(file, "int") == [-1, 2])
    #expect(try values(file, "byte") == [0, 255])
    #expect(try values(file, "bool") == [1, 0])
    #expect(try values(file, "parameter") == [1, 2])
    #expect(throws: PyTorchError(file: file.url.path, problem: .noSuchTensor("other"))) { try file.values("other") }
  }

  @Test func theFormatFromBeforeIsRefused() throws {
    let url = fixtures.appendingPathComponent("pytorch-old.bin")
    #expect(throws: PyTorchError(file: url.path, problem: .oldFormat)) { try PyTorchFile(url) }
  }

  @Test func aModelMayLieInSeveralFiles() throws {
    let state = PickleBytes.state([("a", PickleBytes.tensor("0", shape: [2]))])
    try folder.write("pytorch_model-00001-of-00001.bin", ZipBytes.checkpoint(state, ["0": [1, 2, 3, 4]]))
    try folder.write(
      "pytorch_model.bin.index.json", "{\"weight_map\": {\"a\": \"pytorch_model-00001-of-00001.bin\"}}")
    let source = try RepositoryFiles(folder.url).openWeights()
    #expect(floats(try source.values("a")) == [1, 2])
    try folder.write(
      "pytorch_model.bin.index.json", "{\"weight_map\": {\"a\": \"../../pytorch_model-00001-of-00001.bin\"}}")
    #expect(throws: SafetensorsError.self) { try RepositoryFiles(folder.url).openWeights() }
  }

  @Test func safetensorsComeBeforeIt() throws {
    let state = PickleBytes.state([("a", PickleBytes.tensor("0", shape: [1]))])
    try folder.write("pytorch_model.bin", ZipBytes.checkpoint(state, ["0": [1, 2, 3, 4]]))
    #expect(try RepositoryFiles(folder.url).openWeights() is PyTorchFile)
    try folder.write(
      "model.safetensors", safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", bytes: 4))
    #expect(try RepositoryFiles(folder.url).openWeights() is SafetensorsFile)
  }

  // MARK: Somebody else's

  private func problem(_ data: Data) throws -> PyTorchProblem? {
    let url = try folder.write("hostile.bin", data)
    do {
      _ = try PyTorchFile(url)
      return nil
    } catch let error as PyTorchError {
      return error.problem
    }
  }

  private func problem(pickle: [UInt8]) throws -> PyTorchProblem? {
    try problem(ZipBytes.checkpoint(pickle, ["0": [1, 2, 3, 4]]))
  }

  @Test(arguments: [
    "os\nsystem", "builtins\neval", "builtins\nexec", "subprocess\nPopen", "torch\nload", "torch.serialization\nload",
    "torch._utils\n_rebuild_tensor_v3", "collections\nnamedtuple", "__builtin__\ngetattr",
    "numpy.core.multiarray\n_reconstruct",
  ]) func nothingElseIsRun(name: String) throws {
    let call =
      [0x80, 2] + Array("c\(name)\n".utf8) + Array("X".utf8) + [2, 0, 0, 0] + Array("id".utf8) + [0x85]
      + Array("R.".utf8)
    #expect(try problem(pickle: call) == .foreignCode(name: name.replacing("\n", with: "."), offset: 2))
    let parts = name.split(separator: "\n").map { Array($0.utf8) }
    let stacked = [0x80, 4] + parts.flatMap { [0x8c, UInt8($0.count)] + $0 } + [0x93] + Array(".".utf8)
    #expect(
      try problem(pickle: stacked)
        == .foreignCode(name: name.replacing("\n", with: "."), offset: 6 + parts[0].count + parts[1].count))
  }

  /// INST, OBJ, NEWOBJ, NEWOBJ_EX, PERSID, EXT1, BYTEARRAY8, NEXT_BUFFER, GLOBAL's old cousins, and no instruction at all.
  @Test(arguments: [0x69, 0x6F, 0x81, 0x92, 0x50, 0x82, 0x96, 0x97, 0x8f, 0x49, 0x53, 0x56, 0xff] as [UInt8])
  func otherInstructionsAreRefused(code: UInt8) throws {
    #expect(try problem(pickle: [0x80, 2, code, 0x2e]) == .instruction(code: code, offset: 2))
  }

  @Test(
    arguments: [
      [0x2e], [0x74, 0x2e], [0x75, 0x2e], [0x52, 0x2e], [0x51, 0x2e], [0x62, 0x2e], [0x30, 0x2e], [0x61, 0x2e],
      [0x73, 0x2e],
      [0x68, 9, 0x2e], [0x71, 0, 0x2e], [0x4e, 0x51, 0x2e], [0x5d, 0x4e, 0x73, 0x2e], [0x7d, 0x28, 0x4e, 0x75, 0x2e],
      [0x28, 0x30, 0x74, 0x2e], [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2e], [0x85, 0x2e], [0x93, 0x2e],
    ] as [[UInt8]]) func nonsenseIsNamed(pickle: [UInt8]) throws
  {
    switch try problem(pickle: pickle) {
    case .nonsense?, .noTensors?: break
    case let other: Issue.record("\(String(describing: other))")
    }
  }

  @Test func aPickleMayEndAnywhere() throws {
    let whole = PickleBytes.state([("a", PickleBytes.tensor("0", shape: [2, 2]))])
    #expect(try problem(pickle: whole) == nil)
    for count in 0..<whole.count { #expect(try problem(pickle: Array(whole.prefix(count))) != nil, "\(count)") }
  }

  @Test func damageIsAnErrorAndNoTrap() throws {
    let whole = ZipBytes.checkpoint(
      PickleBytes.state([("a", PickleBytes.tensor("0", shape: [2, 2]))]), ["0": [1, 2, 3, 4]])
    for count in 0..<whole.count where count % 3 == 0 { #expect(try problem(whole.prefix(count)) != nil) }
    for place in 0..<whole.count {
      var damaged = whole
      damaged[place] ^= 0x81
      let url = try folder.write("damaged.bin", damaged)
      // Whatever comes of it, it comes as a value or an error.
      if let file = try? PyTorchFile(url) { for name in file.entries.keys { _ = try? file.values(name) } }
    }
  }

  @Test func depthCostsNothing() throws {
    let deep = [UInt8](repeating: 0x5d, count: 300_000) + [UInt8](repeating: 0x61, count: 299_999) + [0x2e]
    #expect(try problem(pickle: deep) == .noTensors)
    // A list that holds itself, and a dictionary that does.
    #expect(try problem(pickle: [0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e]) == .noTensors)
    #expect(try problem(pickle: [0x7d, 0x71, 0, 0x4e, 0x68, 0, 0x73, 0x2e]) == .noTensors)
  }

  @Test(arguments: [
    ([5], [1], 0), ([2, 2], [3, 1], 0), ([1], [1], 4), ([1], [1], -1), ([2], [-1], 1), ([-1], [1], 0),
    ([Int.max / 8, 16], [1, 1], 0), ([2], [Int.max / 2], 0), ([1 << 30], [0], 0),
  ]) func aViewStaysInsideItsStorage(shape: [Int], strides: [Int], offset: Int) throws {
    let state = PickleBytes.state([("a", PickleBytes.tensor("0", shape: shape, strides: strides, offset: offset))])
    switch try problem(pickle: state) {
    case .outsideOfStorage?, .tooLarge?: break
    case let other: Issue.record("\(String(describing: other))")
    }
  }

  @Test func aStorageMustBeThereInFull() throws {
    let other = PickleBytes.state([("a", PickleBytes.tensor("../../etc/passwd", shape: [1]))])
    #expect(try problem(pickle: other) == .missingEntry("archive/data/../../etc/passwd"))
    let long = PickleBytes.state([("a", PickleBytes.tensor("0", shape: [1], count: 1 << 40))])
    #expect(try problem(pickle: long) == .shortStorage(tensor: "a", expected: 1 << 42, found: 16))
  }

  @Test func otherArchivesAreTold() throws {
    let state = PickleBytes.state([("a", PickleBytes.tensor("0", shape: [1]))])
    #expect(try problem(Data("PK".utf8)) == .notAnArchive)
    #expect(try problem(Data()) == .notAnArchive)
    #expect(try problem(ZipBytes.archive([("x/y", Data())])) == .missingEntry("data.pkl"))
    #expect(
      try problem(ZipBytes.archive([("m/data.pkl", Data(state)), ("m/constants.pkl", Data())])) == .torchScript)
    #expect(
      try problem(ZipBytes.archive([("m/data.pkl", Data(state)), ("m/byteorder", Data("big".utf8))])) == .bigEndian)
    #expect(
      try problem(ZipBytes.archive([("m/data.pkl", Data(state)), ("m/data.pkl", Data())]))
        == .duplicateEntry("m/data.pkl"))
    #expect(
      try problem(ZipBytes.archive([("m/data.pkl", Data(state))], method: 8)) == .compressedEntry("m/data.pkl"))
  }
}
