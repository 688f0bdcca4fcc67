import Foundation
import Testing
import Tokenizers

/// A mutation loop over tokenizer files, templates and texts: whatever comes is a tokenizer or an error, never a crash
/// or a hang.
///
/// The corpus are the fixtures. `ATTUNE_FUZZ_SECONDS=3600 swift test … --filter MutationTests` runs each loop for an
/// hour; `ATTUNE_FUZZ_SEED` begins elsewhere. The seed of a failure is in the message of its round, and the last
/// thousand before a crash in the last line of a long run.
@Suite struct MutationTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let seconds = environment["ATTUNE_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
  private static let firstSeed = environment["ATTUNE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

  /// Runs rounds until the time is over; some must pass, and some must throw.
  ///
  /// A round has 20 seconds of its own thread's processor time: a long run gives way to other work on the machine.
  ///
  /// - Parameter found: seeds of rounds that once failed, which come first
  private func fuzz(
    found: [UInt64] = [], _ round: (_ mutator: inout Mutator, _ seed: UInt64) throws -> Void
  ) throws {
    for seed in found {
      var mutator = Mutator(seed: seed)
      do { try round(&mutator, seed) } catch is TokenizerError {}
    }
    let start = ContinuousClock.now
    var seed = Self.firstSeed
    var (passed, refused) = (0, 0)
    while ContinuousClock.now - start < .seconds(Self.seconds) || passed == 0 || refused == 0 {
      var mutator = Mutator(seed: seed)
      let begin = Self.processorSeconds
      if Self.seconds > 60, seed % 1000 == 0 { FileHandle.standardError.write(Data("\rseed \(seed)".utf8)) }
      do {
        try round(&mutator, seed)
        passed += 1
      } catch is TokenizerError {
        refused += 1
      }
      #expect(Self.processorSeconds - begin < 20, "seed \(seed)")
      seed += 1
      guard seed < Self.firstSeed + 100_000_000 else { break }
    }
    if Self.seconds > 60 { print("\(passed) rounds passed, \(refused) were refused, up to seed \(seed)") }
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test func tokenizerFiles() throws {
    let stages = TokenizerStageTests.stages
    // 5001038290: the bytes of a suffix counted as bytes of the text.
    try fuzz(found: [5_001_038_290]) { mutator, seed in
      let stage = mutator.pick(stages)
      let file = mutator.mutated([UInt8](stage.tokenizer), with: [UInt8](mutator.pick(stages).tokenizer))
      try exercise(try Tokenizer(json: Data(file), name: "t.json"), &mutator, seed)
    }
  }

  @Test func sentencePieceFiles() throws {
    let models = try SentencePieceTests.models.map { [UInt8](try SentencePieceTests.data($0 + ".model")) }
    // 40265779: a character map that turns a letter into a space, where the text was cut before the next space.
    try fuzz(found: [40_265_779]) { mutator, seed in
      let file = mutator.mutated(mutator.pick(models), with: mutator.pick(models))
      try exercise(try Tokenizer(sentencePiece: Data(file), name: "t.model"), &mutator, seed)
    }
  }

  @Test func vocabulariesOfGGUF() throws {
    let small = try [GGUFVocabularyTests.llama(), .init(wordPieces: 300), .init(bytePieces: 400)]
    try fuzz { mutator, seed in
      var vocabulary = mutator.pick(small)
      vocabulary.mutate(&mutator)
      try exercise(try Tokenizer(gguf: vocabulary, name: "t.gguf"), &mutator, seed)
    }
  }

  @Test func mergesFiles() throws {
    let vocabulary = GGUFVocabulary(bytePieces: 400)
    let pieces = (0..<400).map { vocabulary.tokens.text($0) ?? "" }
    let json = try JSONEncoder().encode(Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($1, $0) }))
    let merges = (0..<vocabulary.merges.count).map { vocabulary.merges.text($0) ?? "" }.joined(separator: "\n")
    let configuration = #"{"tokenizer_class": "GPT2Tokenizer", "eos_token": "th", "add_bos_token": false}"#
    try fuzz { mutator, seed in
      var files = [
        "vocab.json": json, "merges.txt": Data(merges.utf8), "tokenizer_config.json": Data(configuration.utf8),
      ]
      let name = mutator.pick(files.keys.sorted())
      files[name] = Data(mutator.mutated([UInt8](files[name] ?? Data()), with: [UInt8](json)))
      let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
      try exercise(tokenizer, &mutator, seed)
    }
  }

  @Test func chatTemplates() throws {
    let templates = try ChatTemplateTests.cases().map { Array($0.template.utf8) }
    let conversation = try TokenizerFixture.data("templates/conversation.json")
    try fuzz { mutator, _ in
      var bytes = mutator.mutated(mutator.pick(templates), with: mutator.pick(templates))
      for _ in 0..<mutator.number(3) {
        let other = mutator.pick(templates)
        let start = mutator.number(other.count)
        let part = other[start..<(start + mutator.number(other.count - start + 1))]
        bytes.insert(contentsOf: part, at: mutator.number(bytes.count + 1))
      }
      let template = try ChatTemplate(String(decoding: bytes, as: UTF8.self), file: "t")
      _ = try template.text(json: conversation)
    }
  }

  private func exercise(_ tokenizer: Tokenizer, _ mutator: inout Mutator, _ seed: UInt64) throws {
    for _ in 0..<3 {
      let text = mutator.text()
      let truncation = Truncation(
        maximumLength: mutator.number(20), strategy: mutator.pick(Truncation.Strategy.allCases),
        stride: mutator.number(3))
      let other = mutator.text()
      guard let encoding = try? tokenizer.encode(text) else { continue }
      // Every part of one text goes with every part of the other: a map that makes thousands of characters of one
      // would have millions of parts.
      if encoding.count * ((try? tokenizer.encode(other).count) ?? 0) < 100_000 {
        _ = try? tokenizer.encode(text, pair: other, truncation: truncation)
      }
      let count = text.unicodeScalars.count
      #expect(encoding.offsets.allSatisfy { 0 <= $0.lowerBound && $0.upperBound <= count }, "seed \(seed)")
      #expect(encoding.ids.allSatisfy { tokenizer.token(of: Int($0)) != nil }, "seed \(seed)")
      let traced = try tokenizer.trace(text).encoding
      #expect(traced.ids == encoding.ids && traced.offsets == encoding.offsets, "seed \(seed)")
      _ = tokenizer.decode(
        encoding.ids.map { Int($0) } + [-1, mutator.number(1000), .max], skippingSpecialTokens: true)
    }
  }
}

extension GGUFVocabulary {
  /// A vocabulary of letters, and of pairs of them, in BERT's spelling.
  init(wordPieces count: Int) {
    self.init(model: "bert")
    tokens = PackedTexts(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    let letters = "abcdefghijklmnopqrstuvwxyz.,'0".map { String($0) }
    let pairs = letters.flatMap { first in letters.map { first + $0 } }
    for piece in (letters.flatMap { ["▁" + $0, $0] } + pairs).prefix(count - 5) { tokens.append(piece.utf8) }
    kinds = (0..<tokens.count).map { $0 < 5 ? 3 : 1 }
    (padding, unknown, classifier, separator, mask) = (0, 1, 2, 3, 4)
  }

  /// A byte-level vocabulary: the 256 bytes, and merges of letters.
  init(bytePieces count: Int) {
    self.init(model: "gpt2")
    pre = "gpt-2"
    var next: UInt32 = 256
    for byte in UInt32(0)..<256 {
      let isVisible = (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
      tokens.append(String(Unicode.Scalar(isVisible ? byte : next) ?? " ").utf8)
      if !isVisible { next += 1 }
    }
    let letters = "etaoinshrdlu".map { String($0) }
    for (first, second) in letters.flatMap({ first in letters.map { (first, $0) } }).prefix(count - 256) {
      tokens.append((first + second).utf8)
      merges.append((first + " " + second).utf8)
    }
    kinds = Array(repeating: 1, count: tokens.count)
  }

  /// Changes a few of its values, lists included.
  fileprivate mutating func mutate(_ mutator: inout Mutator) {
    for _ in 0...mutator.number(4) {
      let id = mutator.number(3) == 0 ? mutator.number(1 << 40) - 100 : mutator.number(tokens.count)
      switch mutator.number(9) {
      case 0: model = mutator.pick(Self.knownModels + ["", "rwkv"])
      case 1: pre = mutator.pick(Self.knownSplittings + ["none"])
      case 2: (beginning, end) = (id, mutator.number(tokens.count))
      case 3: (unknown, separator, classifier) = (id, id, mutator.number(tokens.count))
      case 4:
        for _ in 0..<20 where !kinds.isEmpty { kinds[mutator.number(kinds.count)] = Int32(mutator.number(9)) }
      case 5:
        let odd: [Float] = [.nan, .infinity, -.infinity, 0, -1e30, .greatestFiniteMagnitude]
        for _ in 0..<20 where !scores.isEmpty { scores[mutator.number(scores.count)] = mutator.pick(odd) }
      case 6:
        var changed = PackedTexts()
        for index in 0..<tokens.count {
          let text = tokens.text(index) ?? ""
          changed.append(mutator.number(50) == 0 ? Array((text + mutator.text()).utf8) : Array(text.utf8))
        }
        tokens = changed
      case 7: merges.append(mutator.text().utf8)
      default:
        (addsBeginning, addsEnd, addsSeparator, addsSpacePrefix, removesExtraSpaces) = (true, true, nil, id > 3, id > 5)
      }
    }
  }
}

/// Small changes to bytes, and texts of odd characters, from a seed.
struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func number(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % max(bound, 1)
  }

  mutating func pick<Element>(_ list: [Element]) -> Element { list[number(list.count)] }

  private static let tokens = [
    "0", "-1", "9223372036854775807", "1e400", "null", "true", "[]", "{}", "\"\"", "\"\\ud800\"", "\"▁\"",
    "[[\"a\",0]]",
    "\"Sequence\"", "\"Split\"", "\"BPE\"", "\"Unigram\"", "{\"Regex\":\"(a*)*\"}", "{\"String\":\"\"}",
    "\"(?i)\\\\p{L}+\"",
  ].map { Array($0.utf8) }

  mutating func mutated(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...number(4) {
      guard !bytes.isEmpty else { return bytes }
      let place = number(bytes.count)
      let length = min(number(number(2) == 0 ? 6 : 300), bytes.count - place)
      switch number(6) {
      case 0: bytes[place] = UInt8(number(256))
      case 1: bytes.removeSubrange(place..<(place + length))
      case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: number(bytes.count))
      case 3: replaceValue(&bytes, near: place, by: pick(Self.tokens))
      case 4:
        let from = number(other.count)
        replaceValue(&bytes, near: place, by: value(in: other, near: from))
      default: bytes[place] ^= 1 << UInt8(number(8))
      }
    }
    return bytes
  }

  /// The plain value of the JSON member next to a place.
  private func value(in bytes: [UInt8], near place: Int) -> [UInt8] {
    range(in: bytes, near: place).map { Array(bytes[$0]) } ?? []
  }

  private func replaceValue(_ bytes: inout [UInt8], near place: Int, by value: [UInt8]) {
    if let range = range(in: bytes, near: place) { bytes.replaceSubrange(range, with: value) }
  }

  private func range(in bytes: [UInt8], near place: Int) -> Range<Int>? {
    guard let colon = bytes[place...].firstIndex(of: 58), colon + 1 < bytes.count else { return nil }
    let ends: Set<UInt8> = [44, 125, 93]
    return bytes[(colon + 1)...].firstIndex(where: ends.contains).map { (colon + 1)..<$0 }
  }

  private static let scalars: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0x20...0x7E, 0...0x2FF, 0x300...0x36F, 0x370...0x5FF, 0x900...0xDFF, 0x1100...0x11FF, 0x2000...0x206F,
    0x3000...0x30FF, 0x4E00...0x4FFF, 0xAC00...0xADFF, 0xFB00...0xFFFF, 0x1F1E0...0x1FAFF, 0xE0000...0xE01EF,
  ]

  mutating func text() -> String {
    var text = ""
    for _ in 0..<number(8) {
      let range = pick(Self.scalars)
      for _ in 0...number(8) {
        let value = range.lowerBound + UInt32(number(Int(range.upperBound - range.lowerBound + 1)))
        if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
      }
      text += pick([" ", "  ", "", "</s>", "\n", " the", "New York", "a"])
    }
    return text
  }
}
