import Foundation
import Testing
import Tokenizers

/// A small tokenizer for every kind of stage, with what the reference makes of random texts (see stages.py).
@Suite struct TokenizerStageTests {
  struct Stage: CustomTestStringConvertible, Sendable {
    let name: String
    let tokenizer: Data
    let golden: Data

    var testDescription: String { name }
  }

  static let stages: [Stage] = {
    guard let lines = try? TokenizerFixture.data("stages/stages.jsonl").split(separator: 10) else { return [] }
    return lines.compactMap { line in
      guard let json = try? JSONSerialization.jsonObject(with: line) as? [String: Any],
        let name = json["name"] as? String,
        let golden = json["golden"] as? [[String: Any]], let tokenizer = member("tokenizer", of: line)
      else { return nil }
      let cases = golden.compactMap { try? JSONSerialization.data(withJSONObject: $0) }
      return Stage(name: name, tokenizer: tokenizer, golden: Data(cases.joined(separator: [10])))
    }
  }()

  /// The text of a member up to `golden`, unchanged: Foundation would write numbers anew.
  private static func member(_ name: String, of line: Data) -> Data? {
    guard let start = line.range(of: Data(#""\#(name)":"#.utf8)), let end = line.range(of: Data(#","golden":["#.utf8))
    else { return nil }
    return line[start.upperBound..<end.lowerBound]
  }

  @Test func everyKindHasAStage() {
    #expect(Self.stages.count == 100)
    let text = Self.stages.map { String(decoding: $0.tokenizer, as: UTF8.self) }.joined()
    let kinds =
      Array(StageTable.normalizers.keys) + Array(StageTable.preTokenizers.keys) + Array(StageTable.subwords.keys)
      + Array(StageTable.postProcessors.keys) + Array(StageTable.decoders.keys)
    for kind in kinds { #expect(text.contains(#""type":"\#(kind)""#), "\(kind) has no stage in stages.jsonl") }
  }

  @Test(arguments: stages)
  func reproducesEveryField(stage: Stage) throws {
    let verification = try TokenizerVerification(tokenizer: stage.tokenizer, golden: stage.golden)
    #expect(verification.firstDifference == nil)
    #expect(verification.cases == 6)
  }

  /// The trace takes the stages one by one, `encode` short cuts: they must agree.
  @Test(arguments: stages)
  func traceAgreesWithEncode(stage: Stage) throws {
    let tokenizer = try Tokenizer(json: stage.tokenizer, name: stage.name)
    var texts = try stage.golden.split(separator: 10).map { line in
      (try JSONSerialization.jsonObject(with: line) as? [String: Any])?["text"] as? String ?? ""
    }
    texts.append(texts.joined(separator: " "))
    texts.append("the quick, brown (fox) isn't été où l'été ; Россия и Ελλάδα 3.14 a b  c d 12345 e" + texts.joined())
    for text in texts + texts {
      let (encoding, traced) = (try tokenizer.encode(text), try tokenizer.trace(text).encoding)
      #expect(encoding.ids == traced.ids)
      #expect(encoding.offsets == traced.offsets)
      #expect(encoding.wordIDs == traced.wordIDs)
      #expect(encoding.tokens.elementsEqual(traced.tokens) { $0.utf8.elementsEqual($1.utf8) })
    }
  }
}
