import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// `chat` and `summarize` on a tiny GPT-2 that reads 64 tokens.
@Suite(.takingTurns) struct ChatCommandTests {
  private static let template = """
    {% for m in messages %}{{ 'w3' if m.role == 'system' else 'w4' if m.role == 'user' else 'w5' }} {{ m.content }} w6 \
    {% endfor %}{% if add_generation_prompt %}w5 {% endif %}
    """
  private let sitting: Sitting
  private let model: String

  init() throws {
    sitting = try Sitting(NotebookCommands.rows)
    model = try sitting.wordModel("gpt2-causal-lm", template: Self.template, config: ["eos_token_id": 97])
  }

  private func say(_ text: String, _ options: String = "") throws -> Value {
    try sitting.value("chat \(text) --model \(model) --max-new-tokens 4 \(options)")
  }

  @Test func eachTurnGoesOnAndReadsOnlyWhatIsNew() throws {
    let first = try say("'w10 w11'")
    #expect(first["results"]?[0]?["prompt"] == .string("w4 w10 w11 w6 w5 "))
    #expect(first["results"]?[0]?["reused_tokens"] == .number(0))
    guard case .string(let answer)? = first["generated_text"] else { throw CancellationError() }
    let second = try say("w12")
    let prompt = "w4 w10 w11 w6 w5 \(answer) w6 w4 w12 w6 w5 "
    #expect(second["results"]?[0]?["prompt"] == .string(prompt))
    // The prompt, and all that was written but for the last token, which was never read.
    #expect(second["results"]?[0]?["reused_tokens"] == .number(8))
    guard case .array(let messages)? = second["messages"] else { throw CancellationError() }
    #expect(messages.count == 4)
    // What is remembered changes nothing: the same prompt from nothing is answered alike.
    let fresh = try sitting.value("generate '\(prompt)' --model \(model) --max-new-tokens 4")
    #expect(fresh["results"]?[0]?["sequences"]?[0]?["new_text"] == second["generated_text"])
  }

  @Test func aNewConversationBegins() throws {
    _ = try say("w10")
    #expect(try say("w10", "--reset")["messages"]?[2] == nil)
    let led = try say("w10", "--system w20")
    #expect(led["results"]?[0]?["prompt"] == .string("w3 w20 w6 w4 w10 w6 w5 "))
    #expect(try say("w11")["messages"]?[0]?["role"] == .string("system"))
    #expect(sitting.run("chat --reset --model \(model)").lines == ["A new conversation begins."])
  }

  /// Somebody who types lines in turn.
  private final class TypingScreen: Screen {
    var style = TerminalStyle()
    private var lines: ArraySlice<AskedLine>
    private(set) var prompts: [String] = []
    private(set) var shown: [String] = []
    private(set) var notices: [String] = []
    init(_ lines: [AskedLine]) { self.lines = lines[...] }
    func show(_ lines: [String]) { shown += lines }
    func notice(_ line: String) { notices.append(line) }
    func live(_ drawing: Drawing, followsEnd: Bool) {}
    func endLive() {}
    var canAsk: Bool { true }
    func ask(_ prompt: String) -> AskedLine {
      prompts.append(prompt)
      return lines.popFirst() ?? .ended
    }
  }

  @Test func whoeverSitsAtTheTerminalTypesTurnAfterTurn() throws {
    let screen = TypingScreen([
      .text("w10 w11"), .text("  "), .interrupted, .text("w12"), .text("restart"), .text("w13"), .text("bye"),
      .text("w14"),
    ])
    sitting.session.screen = screen
    let cell = try #require(sitting.session.execute("chat --model \(model) --max-new-tokens 4"))
    sitting.session.screen = sitting.screen
    #expect(cell.status == .passed)
    #expect(screen.prompts == Array(repeating: "you: ", count: 7), "what follows `bye` is not read")
    #expect(screen.shown.first == "Ctrl-C stops an answer, restart forgets the conversation, bye leaves.")
    let results = try #require(cell.value?["results"])
    #expect((0..<3).map { results[$0]?["text"] } == ["w10 w11", "w12", "w13"].map(Value.string))
    #expect(results[3] == nil)
    #expect(results[1]?["reused_tokens"] != .number(0), "the second turn goes on")
    #expect(results[2]?["prompt"] == .string("w4 w13 w6 w5 "), "nothing is left after `restart`")
    // The conversation is the session's: a turn in a line goes on with it.
    #expect(try say("w15")["messages"]?[2]?["content"] == .string("w15"))
  }

  @Test func theTemplateIsShown() throws {
    let lines = sitting.run("chat w10 --model \(model) --max-new-tokens 2 --show-template").lines
    #expect(lines.first == "w4 w10 w6 w5")
    #expect(lines.count >= 2)
    let whole = try sitting.value("chat --show-template --model \(model)")
    guard case .string(let text)? = whole["template"] else { throw CancellationError() }
    #expect(text.hasPrefix("w4 w10 w6 w5 "))
  }

  @Test func theOldestTurnsAreForgotten() throws {
    let words = (10..<30).map { "w\($0)" }.joined(separator: " ")
    _ = try say("'\(words)'")
    _ = try say("'\(words)'")
    let (cell, _, notices) = sitting.run("chat '\(words)' --model \(model) --max-new-tokens 4 --json")
    #expect(cell?.status == .passed)
    #expect(notices.contains { $0.contains("its oldest turns are forgotten") }, "\(notices)")
    #expect(cell?.value?["messages"]?[4] == nil)
    let long = (0..<80).map { "w\(10 + $0 % 80)" }.joined(separator: " ")
    #expect(sitting.run("chat '\(long)' --model \(model)").cell?.status != .passed)
    // What failed was not said.
    #expect(try say("w10")["messages"]?[0]?["content"] != .string(long))
  }

  @Test func turnsComeFromAFile() throws {
    let file = try sitting.file("turns.txt", "w10\nw11\n")
    let answer = try sitting.value("chat --file \(file) --model \(model) --max-new-tokens 3")
    #expect(answer["results"]?[1]?["text"] == .string("w11"))
    #expect(answer["results"]?[1]?["reused_tokens"] != .number(0))
  }

  @Test(arguments: [
    ("chat", "Say something"), ("chat w1 --num-beams 2", "chat writes one answer"),
    ("chat w1 --file x", "Give texts or --file, not both."), ("chat w1 --model minilm", "does not continue texts"),
    ("summarize", "Give at least one text, or --file FILE."),
    ("generate w1 --show-beams", "--show-beams draws a search"),
    ("generate w1 --show-entropy --num-beams 2", "leave out --num-beams"),
  ])
  func whatCannotBeDone(_ line: String, _ sentence: String) {
    let (cell, lines, notices) = sitting.run(line.contains("--model") ? line : "\(line) --model \(model)")
    #expect(cell?.status == .usage)
    #expect(lines.isEmpty && notices.count == 1 && notices[0].contains(sentence), "\(notices)")
  }

  @Test func aModelWithoutATemplateSaysSo() throws {
    let plain = try sitting.wordModel("gpt2-causal-lm")
    let (cell, _, notices) = sitting.run("chat w1 --model \(plain)")
    #expect(cell?.status != .passed)
    #expect(notices.count == 1 && notices[0].contains("template"), "\(notices)")
  }

  @Test func aSummaryIsToldHowMuchWasRead() throws {
    let short = try sitting.value("summarize 'w10 w11' --model \(model) --instruction w20 --max-new-tokens 4")
    #expect(short["results"]?[0]?["source_tokens"] == .number(2))
    let seq = try sitting.wordModel("bart-seq2seq-lm", frame: ["$A", "w2"], config: ["eos_token_id": 98])
    let long = try sitting.file("long.txt", (0..<80).map { "w\(10 + $0)" }.joined(separator: "\n"))
    let (cell, _, notices) = sitting.run("summarize --file \(long) --model \(seq) --max-new-tokens 4 --json")
    #expect(cell?.value?["results"]?[0]?["source_tokens"] == .number(80))
    #expect(cell?.value?["results"]?[0]?["read_tokens"] == .number(63))
    #expect(notices.first?.hasPrefix("The text has 80 tokens;") == true, "\(notices)")
    let prefixed = try sitting.wordModel(
      "t5-seq2seq-lm", frame: ["$A", "w1"],
      config: ["task_specific_params": ["summarization": ["prefix": "w7 ", "max_length": 4] as [String: Any]]])
    let answer = try sitting.value("summarize w9 --model \(prefixed)")
    let generated = try sitting.value("generate 'w7 w9' --model \(prefixed) --max-new-tokens 3")
    #expect(answer["summary_text"] == generated["generated_text"])
  }

  @Test func aSearchIsATree() throws {
    let value = try sitting.value("generate 'w10 w11' --model \(model) --num-beams 3 --max-new-tokens 3 --show-beams")
    guard case .array(let nodes)? = value["results"]?[0]?["beams"]?["nodes"] else { throw CancellationError() }
    #expect(nodes.count == 9)
    #expect(nodes[0]["parent"] == nil || nodes[0]["parent"] == .null)
    // The way from the best leaf to the root spells the text.
    guard case .array(let tokens)? = value["results"]?[0]?["sequences"]?[0]?["tokens"] else {
      throw CancellationError()
    }
    let last = tokens.map { $0["token"] }
    #expect(nodes.contains { $0["token"] == last[2] })
    let lines = sitting.run("generate 'w10 w11' --model \(model) --num-beams 3 --max-new-tokens 3 --show-beams").lines
    #expect(lines[0] == "w10 w11")
    #expect(lines.contains { $0.hasSuffix(" best") })
    let shaded = sitting.run(
      "generate 'w10' --model \(model) --max-new-tokens 3 --show-probabilities --show-entropy"
    ).lines
    #expect(shaded.contains { $0.hasPrefix("entropy") } && shaded.contains { $0.hasPrefix("probabi") }, "\(shaded)")
  }
}
