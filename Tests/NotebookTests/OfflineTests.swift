import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// A machine that has no network and an empty cache: the models that came with attune answer.
@Suite struct OfflineTests {
  private let sitting: Sitting

  init() throws { sitting = try Sitting(NotebookCommands.rows, model: .shipped, environment: ["HF_HUB_OFFLINE": "1"]) }

  private func value(_ line: String, at location: SourceLocation = #_sourceLocation) throws -> Value {
    let (cell, _, notices) = sitting.run(line)
    #expect(cell?.status == .passed, "\(line): \(notices)", sourceLocation: location)
    return try #require(cell?.value, sourceLocation: location)
  }

  @Test(arguments: [
    (#"tokens "They speak well of it.""#, "model"), (#"attention "The cat sat""#, "model"),
    (#"embed "a text""#, "model"), (#"fill "He opened the [MASK].""#, "model"), ("info", "name"), ("set", "model"),
  ])
  func theEncoderAnswers(_ line: String, _ key: String) throws {
    let value = try value(line)
    if let model = value[key] { #expect(model == .string("pocket-bert")) }
  }

  @Test(arguments: [
    #"generate "Once upon a time" --max-new-tokens 5"#, #"next-token "He said""#, #"score "He said so.""#,
  ])
  func theDecoderWrites(_ line: String) throws {
    #expect(try value(line)["model"] == .string("pocket-gpt"))
  }

  @Test func theAdaptersAreThoseOfTheEncoder() throws {
    let good = try value(#"classify "I love this!""#)
    #expect(good["model"] == .string("pocket-sentiment") && good["label"] == .string("POSITIVE"))
    #expect(try value(#"classify "A dull, endless mess.""#)["label"] == .string("NEGATIVE"))
    let names = try value(#"entities "Mr. Brown lives in London." --aggregation simple"#)
    #expect(names["model"] == .string("pocket-entities"))
    #expect(
      try value(#"answer "Who lives there?" --context "Mr. Brown lives there.""#)["model"] == .string("pocket-answers"))
  }

  @Test func dataWithLabelsAreNoBlanksToFill() throws {
    sitting.session.settings.model = "pocket-bert"
    let data = try sitting.file("names.conll", "Mr. O\nBrown B-PER\nlives O\n\nHe O\nleft O\nLondon B-LOC\n")
    let measured = try value("evaluate --data \(data)")
    #expect(measured["task"] == .string("entities") && measured["model"] == .string("pocket-entities"))
  }

  /// What this session has trained goes before what came along.
  @Test func whatWasPretrainedHereAnswers() throws {
    let text = try sitting.file("a.txt", (0..<40).map { "the cat \($0) sat on the mat" }.joined(separator: "\n\n"))
    let output = sitting.folder.path + "/mine"
    _ = try value(
      "pretrain --config tiny --tokenizer pocket-bert --data \(text) --max-length 16 --tokens 200 --evaluations 1 --output \(output)"
    )
    #expect(try value(#"fill "the [MASK] sat""#)["model"] == .string(output))
  }

  @Test func theyAreNeitherFetchedNorRemoved() throws {
    #expect(try value("pull pocket-bert")["fetched"] == .bool(false))
    let (cell, _, notices) = sitting.run("remove pocket-gpt")
    #expect(
      cell?.status != .passed && notices == ["pocket-gpt came with attune and stays; it takes no room in the cache."])
    guard case .array(let models)? = try value("models")["models"] else {
      Issue.record("no list")
      return
    }
    let here = models.filter { $0["present"] == .bool(true) }.compactMap { $0["name"] }
    #expect(here == [.string("pocket-bert"), .string("pocket-gpt")])
  }

  @Test func saysHowToGetWhatIsNotHere() {
    let (cell, _, notices) = sitting.run("pull minilm")
    #expect(cell?.status == .modelAbsent)
    #expect(notices.contains { $0.contains("HF_HUB_OFFLINE forbids the network") })
  }

  @Test func whatIsTrainedOnThemNamesThem() throws {
    let rows = try sitting.file(
      "rows.tsv", "text\tlabel\ngood\tPOSITIVE\nbad\tNEGATIVE\nfine\tPOSITIVE\npoor\tNEGATIVE\n")
    let output = sitting.folder.path + "/mine"
    _ = try value("finetune --data \(rows) --validation \(rows) --epochs 1 --lora --output \(output)")
    let written = try String(contentsOfFile: output + "/adapter_config.json", encoding: .utf8)
    #expect(written.contains(#""base_model_name_or_path" : "pocket-bert""#))
    #expect(try value("classify good --model \(output)")["label"] != nil)
  }
}
