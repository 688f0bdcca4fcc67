import Foundation

/// How a model wants a conversation laid out: the template of a tokenizer's files.
///
/// Jinja as published templates use it, set up as Hugging Face sets it up. A template is a program from a file that
/// anyone may have written: it runs within bounds of steps, text and nesting, and reaches nothing outside.
package struct ChatTemplate: Sendable {
  private let statements: [TemplateStatement]
  private let file: String

  /// Throws `badTemplate`, with the line, where the template cannot be read.
  package init(_ source: String, file: String) throws(TokenizerError) {
    self.file = file
    var scanner = TemplateScanner(source)
    do throws(TemplateProblem) { try scanner.scan() } catch {
      throw .badTemplate(file: file, line: scanner.line, problem: error)
    }
    var parser = TemplateParser(scanner.tokens)
    do throws(TemplateProblem) { statements = try parser.parse() } catch {
      throw .badTemplate(file: file, line: parser.line, problem: error)
    }
  }

  /// One turn of a conversation.
  package struct Message: Sendable, Equatable {
    package var role: String
    package var content: String

    package init(role: String, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// Lays a conversation out. `special` are texts by names such as `bos_token`.
  package func text(
    _ messages: [Message], addsPrompt: Bool = true, special: [String: String] = [:], now: Date = Date()
  ) throws(TokenizerError) -> String {
    let list = TemplateValue.list(
      messages.map { .object(TemplateObject(["role": .text($0.role), "content": .text($0.content)])) })
    return try text(["messages": list], addsPrompt: addsPrompt, special: special, now: now)
  }

  /// Lays out what a JSON object says: `messages`, and `tools`, `documents` and whatever else the template asks for.
  ///
  /// Throws `badTemplate`, with the line, where the template fails on it, or refuses it in its own words.
  package func text(
    json: Data, addsPrompt: Bool = true, special: [String: String] = [:], now: Date = Date()
  ) throws(TokenizerError) -> String {
    var variables: [String: TemplateValue] = [:]
    for (key, value) in try JSONSlice(json, file: file).members() { variables[key] = try TemplateJSON.value(value) }
    return try text(variables, addsPrompt: addsPrompt, special: special, now: now)
  }

  private func text(
    _ given: [String: TemplateValue], addsPrompt: Bool, special: [String: String], now: Date
  ) throws(TokenizerError) -> String {
    var variables: [String: TemplateValue] = [
      "tools": .none, "documents": .none, "add_generation_prompt": .boolean(addsPrompt),
    ]
    variables.merge(special.mapValues { .text($0) }) { $1 }
    variables.merge(given) { $1 }
    var interpreter = TemplateInterpreter(variables: variables, now: now)
    do throws(TemplateProblem) { try interpreter.run(statements) } catch {
      throw .badTemplate(file: file, line: interpreter.line, problem: error)
    }
    return interpreter.output
  }
}

extension Tokenizer {
  /// Lays a conversation out as the model wants it, with a prompt for the answer at the end.
  ///
  /// Throws `noTemplate` where the files have none of that name, and what `ChatTemplate` throws.
  package func chat(
    _ messages: [ChatTemplate.Message], template name: String = "default", addsPrompt: Bool = true, now: Date = Date()
  ) throws(TokenizerError) -> String {
    guard let source = chatTemplates[name] else { throw .noTemplate(name: name) }
    return try ChatTemplate(source, file: "chat_template")
      .text(messages, addsPrompt: addsPrompt, special: specialTexts, now: now)
  }
}
