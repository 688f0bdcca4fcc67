import Foundation
import Testing
import Tokenizers

/// A mutation loop over tokenizer files and texts: whatever comes is a tokenizer or an error, never a crash or a hang.
///
/// The corpus is stages.jsonl. `ATTUNE_FUZZ_SECONDS=3600 swift test … --filter MutationTests` runs for an hour;
/// `ATTUNE_FUZZ_SEED` begins elsewhere. The seed of a failure is in the message of its round.
@Suite struct MutationTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let seconds = environment["ATTUNE_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
  private static let firstSeed = environment["ATTUNE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

  @Test func nothingCrashesOrHangs() throws {
    let stages = TokenizerStageTests.stages
    let start = ContinuousClock.now
    var seed = Self.firstSeed
    var (loaded, refused) = (0, 0)
    while ContinuousClock.now - start < .seconds(Self.seconds) {
      var mutator = Mutator(seed: seed)
      seed += 1
      let stage = mutator.pick(stages)
      let file = mutator.mutated([UInt8](stage.tokenizer), with: [UInt8](mutator.pick(stages).tokenizer))
      let begin = ContinuousClock.now
      do {
        try exercise(try Tokenizer(json: Data(file), name: "t.json"), &mutator, seed)
        loaded += 1
      } catch is TokenizerError {
        refused += 1
      }
      #expect(ContinuousClock.now - begin < .seconds(20), "seed \(seed - 1)")
    }
    #expect(loaded > 0)
    #expect(refused > 0)
  }

  private func exercise(_ tokenizer: Tokenizer, _ mutator: inout Mutator, _ seed: UInt64) throws {
    for _ in 0..<3 {
      let text = mutator.text()
      let truncation = Truncation(
        maximumLength: mutator.number(20), strategy: mutator.pick(Truncation.Strategy.allCases),
        stride: mutator.number(3))
      guard let encoding = try? tokenizer.encode(text) else { continue }
      _ = try? tokenizer.encode(text, pair: mutator.text(), truncation: truncation)
      let count = text.unicodeScalars.count
      #expect(encoding.offsets.allSatisfy { 0 <= $0.lowerBound && $0.upperBound <= count }, "seed \(seed - 1)")
      #expect(encoding.ids.allSatisfy { tokenizer.token(of: Int($0)) != nil }, "seed \(seed - 1)")
      let traced = try tokenizer.trace(text).encoding
      #expect(traced.ids == encoding.ids && traced.offsets == encoding.offsets, "seed \(seed - 1)")
      _ = tokenizer.decode(
        encoding.ids.map { Int($0) } + [-1, mutator.number(1000), .max], skippingSpecialTokens: true)
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
