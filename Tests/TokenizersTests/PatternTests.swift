import Foundation
import Testing
import Tokenizers

/// Splitting by regular expressions: what is refused, and that no pattern and text take for ever.
@Suite(.timeLimit(.minutes(1))) struct PatternTests {
  private func tokenizer(_ pattern: String) throws -> Tokenizer {
    let quoted = String(decoding: try JSONEncoder().encode(pattern), as: UTF8.self)
    let json = """
      {"model": {"type": "WordLevel", "vocab": {"<unk>": 0}, "unk_token": "<unk>"},
       "pre_tokenizer": {"type": "Split", "pattern": {"Regex": \(quoted)}, "behavior": "Isolated"}}
      """
    return try Tokenizer(json: Data(json.utf8), name: "t.json")
  }

  @Test(arguments: [
    (#"(a)\1"#, PatternProblem.unsupported(construct: #"\1 back reference"#)),
    (#"(?<x>a)\k<x>"#, .unsupported(construct: #"\k back reference"#)),
    (#"(?~ab)"#, .unsupported(construct: "(?~…) absence operator")),
    (#"\p{Klingon}"#, .unsupported(construct: #"\p{Klingon}"#)),
    (#"(?<=a+)b"#, .unsupported(construct: "look-behind of unlimited length")), ("(a", .malformed(position: 0)),
    ("a)", .malformed(position: 1)), ("[a", .malformed(position: 0)), ("*a", .malformed(position: 0)),
    ("a{1000}{1000}", .tooLarge), ("(){1000}{1000}{1000}{1000}", .tooLarge),
    ("a" + String(repeating: "{1}", count: 100_000), .tooLarge), (String(repeating: "(", count: 1000), .tooLarge),
  ])
  func namesWhatItCannotMatch(pattern: String, problem: PatternProblem) {
    #expect(throws: TokenizerError.unsupportedPattern(file: "t.json", pattern: pattern, problem: problem)) {
      try tokenizer(pattern)
    }
  }

  /// Patterns that take exponential time where every way is tried again.
  @Test(arguments: ["(a+)+b", "(a|a)*b", "(a|aa)+$b", #"(\w+\s?)*!"#, "(?:a?){60}a{60}b", #"\s+$"#])
  func endsSoon(pattern: String) throws {
    let tokenizer = try tokenizer(pattern)
    for text in [String(repeating: "a", count: 20_000), String(repeating: " ", count: 20_000) + "x"] {
      do {
        _ = try tokenizer.encode(text)
      } catch {
        #expect(error == .patternTooSlow(pattern: pattern))
      }
    }
  }

  @Test func saysWhenAPatternIsTooSlow() throws {
    let pattern = "a(?=.*b)(?=.*c)"
    let tokenizer = try tokenizer(pattern)
    #expect(throws: TokenizerError.patternTooSlow(pattern: pattern)) {
      try tokenizer.encode(String(repeating: "a", count: 30_000) + "b")
    }
  }
}
