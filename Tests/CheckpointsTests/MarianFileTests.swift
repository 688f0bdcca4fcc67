import Checkpoints
import Foundation
import Layers
import Tensors
import Testing

/// Models and shortlists in Marian's binary formats, written here byte by byte.
@Suite struct MarianFileTests {
  struct Item {
    var name: String
    var type: UInt64 = 0x404
    var shape: [Int32]
    var data: Data
    /// What the header says of its bytes, where that is a lie.
    var claimed: UInt64?
  }

  static func bytes<Number: FixedWidthInteger>(_ number: Number) -> Data {
    withUnsafeBytes(of: number.littleEndian) { Data($0) }
  }

  static func floats(_ values: Float...) -> Data { values.reduce(Data()) { $0 + bytes($1.bitPattern) } }

  static func model(_ items: [Item], version: UInt64 = 1, count: UInt64? = nil) -> Data {
    var file = bytes(version) + bytes(count ?? UInt64(items.count))
    for item in items {
      file += bytes(UInt64(item.name.utf8.count + 1)) + bytes(item.type) + bytes(UInt64(item.shape.count))
      file += bytes(item.claimed ?? UInt64(item.data.count))
    }
    for item in items { file += Data(item.name.utf8) + [0] }
    for item in items { for size in item.shape { file += bytes(size) } }
    let padding = (256 - (file.count + 8) % 256) % 256
    file += bytes(UInt64(padding)) + Data(count: padding)
    return items.reduce(file) { $0 + $1.data }
  }

  static func quantized(_ quanta: [Int8], _ multiplier: Float) -> Data {
    Data(quanta.map { UInt8(bitPattern: $0) }) + floats(multiplier) + Data(count: 256 - 4)
  }

  static let settings = """
    dim-emb: 2
    enc-depth: 1
    dec-depth: 1
    transformer-heads: 1
    transformer-dim-ffn: 2
    dec-cell: ssru
    transformer-preprocess: ""
    dim-vocabs:
      - 3
      - 3
    """

  static func yaml(_ text: String) -> Item {
    Item(name: "special:model.yml", type: 0x101, shape: [Int32(text.utf8.count + 1)], data: Data(text.utf8) + [0])
  }

  static let items = [
    Item(name: "Wemb", type: 0x4101, shape: [3, 2], data: quantized([1, 2, -3, 4, 5, -127], 2)),
    Item(name: "decoder_l1_rnn_W", type: 0x4101, shape: [2, 2], data: quantized([1, 2, 3, 4], 4)),
    Item(name: "decoder_l1_rnn_W_QuantMultA", shape: [1, 1], data: floats(9)),
    Item(name: "encoder_l1_self_Wo", shape: [2, 2], data: floats(1, 2, 3, 4)),
    Item(name: "encoder_l1_self_bo", shape: [1, 2], data: floats(5, 6)),
    Item(name: "encoder_l1_ffn_ffn_ln_scale", shape: [1, 2], data: floats(7, 8) + Data(count: 248)),
    yaml(settings),
  ]

  static func open(_ data: Data, _ folder: TemporaryFolder) throws -> MarianModel {
    try MarianModel(try folder.write("model.bin", data))
  }

  @Test func knowsHowMarianRounds() throws {
    let table = Item(name: "none_QuantMultA", shape: [1, 1], data: Self.floats(8))
    let model = try Self.open(Self.model(Self.items + [table]), TemporaryFolder())
    #expect(
      try model.roundings() == [
        "model.shared.weight": ByteRounding(inputFactor: 8, unit: 0.5),
        "model.decoder.layers.0.rnn.input.weight": ByteRounding(inputFactor: 9, unit: 0.25),
      ])
    #expect(throws: MarianError.self) { try Self.open(Self.model(Self.items), TemporaryFolder()).roundings() }
  }

  @Test func readsWeightsUnderItsFamilysNames() throws {
    let model = try Self.open(Self.model(Self.items), TemporaryFolder())
    #expect(
      Set(model.entries.keys) == [
        "model.shared.weight", "model.decoder.layers.0.rnn.input.weight",
        "model.encoder.layers.0.self_attn.out_proj.weight", "model.encoder.layers.0.self_attn.out_proj.bias",
        "model.encoder.layers.0.final_layer_norm.weight",
      ])
    func values(_ name: String) throws -> [Float] { try CheckpointsTests.floats(model.values(name)) }
    // A table lies as its shape says, a map of 8-bit weights turned, one of floats not.
    #expect(try values("model.shared.weight") == [0.5, 1, -1.5, 2, 2.5, -63.5])
    #expect(try values("model.decoder.layers.0.rnn.input.weight") == [0.25, 0.5, 0.75, 1])
    #expect(try values("model.encoder.layers.0.self_attn.out_proj.weight") == [1, 3, 2, 4])
    #expect(try values("model.encoder.layers.0.self_attn.out_proj.bias") == [5, 6])
    #expect(model.entries["model.encoder.layers.0.final_layer_norm.weight"]?.shape == [2])
  }

  @Test func describesTheModel() throws {
    let json = try JSONSerialization.jsonObject(
      with: try Self.open(Self.model(Self.items), TemporaryFolder()).configuration())
    let config = try #require(json as? [String: Any])
    #expect(config["model_type"] as? String == "bergamot")
    #expect(config["d_model"] as? Int == 2)
    #expect(config["decoder_ffn_dim"] as? Int == 2)
    #expect(config["vocab_size"] as? Int == 3)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let data: Data
    let problem: MarianProblem

    init(_ name: String, _ data: Data, _ problem: MarianProblem) {
      testDescription = name
      self.data = data
      self.problem = problem
    }
  }

  static func one(_ item: Item) -> Data { model([item]) }

  static let cases: [Case] = [
    Case("no bytes", Data(), .cutShort(part: "version", offset: 0)),
    Case("another format", model([], version: 0x4655_4747), .unknownVersion(0x4655_4747)),
    Case("2^60 tensors", model([], count: 1 << 60), .tooMany(part: "tensors", claimed: 1 << 60, available: 248 - 8)),
    Case("2^64 - 1 tensors", model([], count: .max), .tooMany(part: "tensors", claimed: .max, available: 248 - 8)),
    Case(
      "a tensor of 2^60 bytes", one(Item(name: "t", shape: [1], data: floats(1), claimed: 1 << 60)),
      .tooMany(part: "a tensor", claimed: 1 << 60, available: 260 - 48)),
    Case(
      "cut off in the data", one(Item(name: "t", shape: [1], data: floats(1))).dropLast(2),
      .cutShort(part: "t", offset: 258)),
    Case(
      "a size below 0", one(Item(name: "t", shape: [-1, 4], data: floats(1))),
      .shapeTooLarge(tensor: "t", shape: [-1, 4])),
    Case(
      "a shape without end", one(Item(name: "t", shape: [1 << 30, 1 << 30, 1 << 30], data: floats(1))),
      .shapeTooLarge(tensor: "t", shape: [1 << 30, 1 << 30, 1 << 30])),
    Case(
      "fewer bytes than the shape needs", one(Item(name: "t", shape: [2], data: floats(1))),
      .sizeMismatch(tensor: "t", shape: [2], expected: 8, found: 4)),
    Case(
      "8-bit weights without a multiplier", one(Item(name: "t", type: 0x4101, shape: [4], data: Data(count: 4))),
      .sizeMismatch(tensor: "t", shape: [4], expected: 8, found: 4)),
    Case(
      "a type that is none", one(Item(name: "t", type: 0x2801, shape: [1], data: floats(1))),
      .unsupportedType(tensor: "t", type: 0x2801)),
    Case(
      "one name twice",
      model([Item(name: "t", shape: [1], data: floats(1)), Item(name: "t", shape: [1], data: floats(1))]),
      .duplicateTensor("t")),
    Case(
      "a multiplier of 0",
      model([Item(name: "Wemb", type: 0x4101, shape: [1, 1], data: quantized([1], 0)), yaml(settings)]),
      .badMultiplier(tensor: "Wemb")),
    Case(
      "no settings", model([Item(name: "Wemb", shape: [1, 1], data: floats(1))]), .noSuchTensor("special:model.yml")),
    Case(
      "settings without a width", model([Item(name: "Wemb", shape: [1, 1], data: floats(1)), yaml("enc-depth: 1")]),
      .missingSetting("dim-emb")),
    Case(
      "another cell", model([Item(name: "Wemb", shape: [1, 1], data: floats(1)), yaml("dec-cell: gru")]),
      .unsupportedSetting(key: "dec-cell", value: "gru", supported: "ssru")),
    Case(
      "a width in words", model([Item(name: "Wemb", shape: [1, 1], data: floats(1)), yaml("dim-emb: wide")]),
      .unsupportedSetting(key: "dim-emb", value: "wide", supported: "a whole number")),
    Case("no word table", model([yaml(settings)]), .noSuchTensor("Wemb")),
  ]

  @Test(arguments: cases) func refusesWhatDoesNotHold(_ example: Case) throws {
    let folder = try TemporaryFolder()
    let url = try folder.write("model.bin", example.data)
    #expect(throws: MarianError(file: url.path, problem: example.problem)) {
      let model = try MarianModel(url)
      _ = try model.configuration()
      _ = try model.values("model.shared.weight")
    }
  }

  @Test func survivesEveryDamage() throws {
    let folder = try TemporaryFolder()
    let whole = Self.model(Self.items)
    var outcomes: Set<String> = []
    for place in stride(from: 0, to: whole.count, by: 3) {
      var damaged = whole
      damaged[place] ^= 0xff
      for data in place.isMultiple(of: 4) ? [damaged, whole.prefix(place)] : [damaged] {
        do {
          let model = try MarianModel(try folder.write("damaged.bin", Data(data)))
          for name in model.entries.keys { _ = try model.values(name) }
          outcomes.insert("read")
        } catch is MarianError {
          outcomes.insert("refused")
        }
      }
    }
    #expect(outcomes == ["read", "refused"])
  }

  // MARK: Shortlists

  static func shortlist(first: UInt64, offsets: [UInt64], lists: [UInt32], checksum: UInt64? = nil) -> Data {
    var tail = bytes(first) + bytes(UInt64(2)) + bytes(UInt64(offsets.count)) + bytes(UInt64(lists.count))
    for offset in offsets { tail += bytes(offset) }
    for word in lists { tail += bytes(word) }
    var sum: UInt64 = 0
    for place in stride(from: 0, to: tail.count - 7, by: 8) {
      let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(tail[place + $1]) << (8 * $1) }
      sum ^= word &+ 0x9e37_79b9 &+ (sum << 6) &+ (sum >> 2)
    }
    return bytes(UInt64(0xF11A_48D5_0134_17F5)) + bytes(checksum ?? sum) + tail
  }

  /// 20 words; word 3 may become 9 or 15, word 4 may become 12.
  static let offsets: [UInt64] = [0, 0, 0, 0, 2] + Array(repeating: 3, count: 16)
  static let lists: [UInt32] = [9, 15, 12]

  @Test func listsCandidates() throws {
    let folder = try TemporaryFolder()
    let data = Self.shortlist(first: 2, offsets: Self.offsets, lists: Self.lists)
    let shortlist = try LexicalShortlist(try folder.write("lex.bin", data), words: 20)
    // Two that are always there, then made up to eight with the first that are missing.
    #expect(shortlist.candidates([0]) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(shortlist.candidates([3, 0]) == [0, 1, 2, 3, 4, 5, 9, 15])
    #expect(shortlist.candidates([3, 4]) == [0, 1, 2, 3, 4, 9, 12, 15])
    #expect(shortlist.candidates([-1, 99]) == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  static let badShortlists: [Case] = [
    Case("no bytes", Data(), .notShortlist),
    Case("another format", Data(count: 64), .notShortlist),
    Case(
      "a wrong checksum", shortlist(first: 2, offsets: offsets, lists: lists, checksum: 7), .badChecksum),
    Case(
      "cut off", shortlist(first: 2, offsets: offsets, lists: lists).dropLast(4), .cutShort(part: "lists", offset: 224)),
    Case(
      "lists that run backwards",
      shortlist(first: 2, offsets: [0, 2, 1] + Array(repeating: 3, count: 18), lists: lists),
      .badOffsets(word: 2)),
    Case(
      "lists beyond the end", shortlist(first: 2, offsets: offsets.dropLast() + [9], lists: lists),
      .badOffsets(word: 20)),
    Case(
      "words that the model has not", shortlist(first: 2, offsets: offsets, lists: [9, 15, 20]),
      .wordOutOfRange(word: 20, words: 20)),
    Case(
      "another vocabulary", shortlist(first: 2, offsets: [0, 3], lists: lists), .wordOutOfRange(word: 2, words: 20)),
    Case(
      "2^60 first words", shortlist(first: 1 << 60, offsets: offsets, lists: lists),
      .wordOutOfRange(word: 1 << 60, words: 20)),
  ]

  @Test(arguments: badShortlists) func refusesBadShortlists(_ example: Case) throws {
    let folder = try TemporaryFolder()
    let url = try folder.write("lex.bin", example.data)
    #expect(throws: MarianError(file: url.path, problem: example.problem)) { try LexicalShortlist(url, words: 20) }
  }
}
