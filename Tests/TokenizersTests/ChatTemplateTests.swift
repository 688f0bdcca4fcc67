import Foundation
import Testing
import Tokenizers

/// Chat templates beside Jinja itself (see templates.py), their errors, and that none runs for ever.
@Suite(.timeLimit(.minutes(2))) struct ChatTemplateTests {
  struct Case: Decodable {
    let template: String
    /// What Jinja makes of it; nil where it fails.
    let text: String?
  }

  static func cases() throws -> [Case] {
    try TokenizerFixture.data("templates/templates.jsonl").split(separator: 10)
      .map { try JSONDecoder().decode(Case.self, from: $0) }
  }

  private func render(_ template: String, _ json: String = "{}") throws(TokenizerError) -> String {
    try ChatTemplate(template, file: "t.jinja").text(json: Data(json.utf8))
  }

  @Test func saysWhatJinjaSays() throws {
    let conversation = try TokenizerFixture.data("templates/conversation.json")
    var wrong: [String] = []
    for sample in try Self.cases() {
      let found = try? ChatTemplate(sample.template, file: "t").text(json: conversation)
      if found.map({ Array($0.utf8) }) != sample.text.map({ Array($0.utf8) }) {
        wrong.append("\(sample.template) gives \(found ?? "an error"), not \(sample.text ?? "an error")")
      }
    }
    #expect(wrong == [])
    #expect(try Self.cases().count > 200)
  }

  @Test(arguments: [
    ("{{ 1 +", 1, TemplateProblem.unclosed("{{")),
    ("a\n{{ b c }}", 2, .unexpected(found: "'c'", expected: "'}}'")),
    ("a\nb {% for x in y %}\n{{ x }}", 3, .unclosed("{% for %}")),
    ("\n\n{% include 'x' %}", 3, .unsupported("'include'")),
    ("{% endif %}", 1, .unexpected(found: "'endif'", expected: "the start of its block first")),
    ("{{ x | colour }}", 1, .unknown(kind: "filter", name: "colour")),
    ("{{ x is blue }}", 1, .unknown(kind: "test", name: "blue")),
    ("\n{{ paint(1) }}", 2, .unknown(kind: "function", name: "paint")),
    ("{{ [1, 2) }}", 1, .unexpected(found: "')'", expected: "its opening bracket")),
    ("{% if x %}\n  {{ x.y.z }}\n{% endif %}\n{{ a.b }}", 4, .undefined("a")),
    ("{{ 'a' + 1 }}", 1, .wrongType(operation: "'+' on a text", found: "a number")),
    ("{% macro m(a) %}{% endmacro %}\n{{ m(b=1) }}", 2, .wrongArguments(of: "m")),
    ("\n{{ raise_exception('only users speak') }}", 2, .raised("only users speak")),
    ("{{ 1 // 0 }}", 1, .dividesByZero),
    ("{{ 'ab'.split('') }}", 1, .wrongType(operation: "'split'", found: "an empty text")),
    ("{{ 'ab'.partition('') }}", 1, .wrongType(operation: "'partition'", found: "an empty text")),
    ("{{ 'ab'.rpartition('') }}", 1, .wrongType(operation: "'rpartition'", found: "an empty text")),
    ("{% set ns = namespace() %}{% set ns.x = ns %}", 1, .unsupported("a namespace inside another value")),
  ])
  func namesTheLine(template: String, line: Int, problem: TemplateProblem) {
    #expect(throws: TokenizerError.badTemplate(file: "t.jinja", line: line, problem: problem)) { try render(template) }
  }

  private static let endless = [
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% set n = namespace(t='x' * 1000) %}{% for a in range(100000) %}{% set n.t = n.t + n.t %}{% endfor %}",
    "{% set n = namespace(l=[1]) %}{% for a in range(100) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l }}",
    "{% set n = namespace(l=[1]) %}{% for a in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l | tojson }}",
    "{% set n = namespace(l=[1]) %}{% for a in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l == n.l }}",
    "{{ range(1000000000) }}", "{{ 'x' * 10000000000 }}", "{{ [0] * 10000000000 }}", "{{ 9 ** 9 ** 9 }}",
    "{{ 2 ** 63 }}",
    "{{ 9223372036854775807 + 1 }}", "{{ -9223372036854775807 - 2 }}", "{{ (-9223372036854775807 - 1) // -1 }}",
    "{{ (-9223372036854775807 - 1) | abs }}", "{{ 99999999999999999999 }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ 'x' | center(10000000000) }}",
    "{{ 'x' | indent(10000000000) }}",
    "{{ ('a' * 10000000).replace('a', 'b' * 1000) }}", "{{ '%1000000000s' | format('x') * 1000000 }}",
    "{% for a in range(100000) %}{{ 'x' * 10000 }}{% endfor %}",
    "{% set s = 'a' * 100000 %}{% for a in range(100000) %}{% if 'b' in s %}{% endif %}{% endfor %}",
    "{% for a in range(100000) %}{% set x = range(100000) | list | sort | reverse | join %}{% endfor %}",
    String(repeating: "{{ (", count: 1) + String(repeating: "(", count: 100_000) + "1",
    "{{ " + String(repeating: "not ", count: 100_000) + "1 }}", "{{ " + String(repeating: "-", count: 100_000) + "1 }}",
    "{{ " + String(repeating: "[", count: 100_000), String(repeating: "{% if 1 %}", count: 100_000),
    "{{ 1" + String(repeating: " if 1 else 2", count: 100_000) + " }}",
    "{{ 1" + String(repeating: " is eq(1", count: 100_000) + " }}",
    "{{ [1]" + String(repeating: "|batch(1)", count: 100_000) + " }}",
    "{% with %}" + String(repeating: "{% macro m() %}{% endmacro %}", count: 50_000) + "{% endwith %}",
    "{{ 'ab' | truncate(3, false, '...', -9223372036854775807) }}", "{{ 'abc'.zfill(-9223372036854775807) }}",
    "{{ 'abc'.ljust(-9223372036854775807) }}", "{{ 'é'.ljust(9223372036854775807) }}",
    "{{ range(0, -9223372036854775807 - 1, -1) }}", "{{ ('a\n' * 1000000) | indent('b' * 8000000) }}",
  ]

  // By number: a report that prints a megabyte of brackets is read by nobody.
  @Test(arguments: endless.indices) func staysInBounds(_ number: Int) {
    let template = Self.endless[number]
    #expect(throws: TokenizerError.self, "\(template.prefix(80))") { try render(template) }
  }

  @Test func longChainsAreNoDepth() throws {
    #expect(try render("{{ 0" + String(repeating: " + 1", count: 50_000) + " }}") == "50000")
    #expect(try render("{{ 'x'" + String(repeating: " | trim", count: 50_000) + " }}") == "x")
    #expect(try render("{{ 1" + String(repeating: " and 1", count: 50_000) + " }}") == "1")
  }

  @Test func toldTheTime() throws {
    let template = try ChatTemplate("{{ strftime_now('%Y') }}", file: "t")
    let text = try template.text([], now: Date(timeIntervalSince1970: 1_700_000_000))
    #expect(text == "2023")
  }

  @Test func comesWithItsTokenizer() throws {
    let template = "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    let named = #"[{"name": "default", "template": "{{ eos_token }}"}, {"name": "tool_use", "template": "tools"}]"#
    func tokenizer(_ configuration: String, _ file: String? = nil) throws -> Tokenizer {
      var files = ["tokenizer.json": TokenizerFixture.json(), "tokenizer_config.json": Data(configuration.utf8)]
      files["chat_template.jinja"] = file.map { Data($0.utf8) }
      return try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    }
    let messages = [ChatTemplate.Message(role: "user", content: "Hi")]
    let inside = try tokenizer(#"{"bos_token": {"content": "<b>"}, "chat_template": "\#(template)"}"#)
    #expect(try inside.chat(messages) == "<b><user>Hi")
    let beside = try tokenizer(#"{"bos_token": "<b>", "chat_template": "not this"}"#, template)
    #expect(try beside.chat(messages) == "<b><user>Hi")
    let several = try tokenizer(#"{"eos_token": "</b>", "chat_template": \#(named)}"#)
    #expect(try several.chat(messages) == "</b>")
    #expect(try several.chat(messages, template: "tool_use") == "tools")
    #expect(throws: TokenizerError.noTemplate(name: "rag")) { try several.chat(messages, template: "rag") }
    var vocabulary = try GGUFVocabularyTests.llama()
    vocabulary.chatTemplate = template
    vocabulary.beginning = 1
    #expect(try Tokenizer(gguf: vocabulary, name: "t.gguf").chat(messages) == "<s><user>Hi")
  }
}
