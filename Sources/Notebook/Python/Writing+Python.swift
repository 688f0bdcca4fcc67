import Models
import Pipelines

extension GenerationOptions {
  /// The arguments of transformers' `generate` for these options over a model's own settings.
  /// - Parameter settings: what the command itself makes of them
  /// - Throws: `Failure` for an option that transformers has none for
  func pythonArguments(_ settings: GenerationSettings, in code: inout PythonCode) throws -> [String] {
    let missing = [
      ("--frequency-penalty", frequencyPenalty != nil), ("--presence-penalty", presencePenalty != nil),
      ("--penalty-alpha", contrast != nil),
    ]
    if let option = missing.first(where: \.1)?.0 {
      throw Failure("transformers has no counterpart of \(option); leave it out for the Python of the rest.", .usage)
    }
    let length = settings.maximumLength.map { "max_length=\($0)" } ?? "max_new_tokens=\(settings.maximumNewTokens)"
    var arguments = ["do_sample=\(PythonText.truth(settings.draws))", length]
    func add(_ name: String, _ value: String?) { if let value { arguments.append("\(name)=\(value)") } }
    add("min_new_tokens", minimumNewTokens.map(String.init))
    add("num_beams", settings.beams > 1 ? "\(settings.beams)" : nil)
    add("length_penalty", lengthPenalty.map { PythonText.number($0) })
    add("early_stopping", earlyStopping.map { ["true": "True", "false": "False"][$0] ?? PythonText.quoted($0) })
    add("num_return_sequences", settings.count > 1 ? "\(settings.count)" : nil)
    add("repetition_penalty", repetitionPenalty.map { PythonText.number($0) })
    add("no_repeat_ngram_size", uniqueRun.map(String.init))
    if settings.draws {
      add("temperature", drawing.temperature.map { PythonText.number($0) })
      add("top_k", drawing.topCount.map(String.init))
      add("top_p", drawing.topMass.map { PythonText.number($0) })
      add("min_p", drawing.leastShare.map { PythonText.number($0) })
      add("typical_p", drawing.typicalMass.map { PythonText.number($0) })
      code.use(module: "torch")
    }
    if !stops.isEmpty {
      add("stop_strings", PythonText.list("", stops).joined())
      add("tokenizer", "tokenizer")
    }
    return arguments
  }

  /// What stands before a drawing of tokens: two generators never draw the same.
  func pythonSeed(_ settings: GenerationSettings) -> [String] {
    settings.draws
      ? ["# The same distribution, another generator: what is drawn differs.", "torch.manual_seed(\(settings.seed))"]
      : []
  }
}

extension GenerateCommand: SpeaksPython {
  package static let counterpart = "pipeline(\"text-generation\"), model.generate"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    let repository = try session.writingModel(common)
    let settings = try options.settings(repository, usual: 128)
    try session.open(repository, in: &code)
    code.body = try session.pythonTexts(texts, input, in: &code)
    let arguments = try options.pythonArguments(settings, in: &code)
    code.body += options.pythonSeed(settings)
    code.say("for text in texts:\n    inputs = tokenizer(text, return_tensors=\"pt\")")
    code.body += PythonText.call("    output = model.generate", ["**inputs"] + arguments)
    code.say(
      """
          for ids in output:
              print(tokenizer.decode(ids, skip_special_tokens=True))
      """)
    return code
  }
}

/// The answer of a model that chats, to `messages`.
private enum PythonChat {
  /// - Parameter indent: of every line
  static func lines(_ arguments: [String], indent: String) -> [String] {
    let before = """
      inputs = tokenizer.apply_chat_template(
          messages, add_generation_prompt=True, return_dict=True,
          return_tensors="pt")
      """
    let behind = """
      start = inputs["input_ids"].shape[1]
      answer = tokenizer.decode(output[0, start:], skip_special_tokens=True)
      """
    func indented(_ text: String) -> [String] { text.split(separator: "\n").map { indent + $0 } }
    return indented(before) + PythonText.call("\(indent)output = model.generate", ["**inputs"] + arguments)
      + indented(behind)
  }

  static func messages(_ messages: [(role: String, content: String)]) -> [String] {
    guard !messages.isEmpty else { return ["messages = []"] }
    return ["messages = ["]
      + messages.flatMap { message -> [String] in
        var lines = PythonText.assign(
          "    {\"role\": \(PythonText.quoted(message.role)), \"content\": ", message.content)
        lines[lines.count - 1] += "},"
        return lines
      } + ["]"]
  }
}

extension ChatCommand: SpeaksPython {
  package static let counterpart = "tokenizer.apply_chat_template, model.generate"

  package func python(in session: Session) throws -> PythonCode {
    guard file == nil, !texts.isEmpty else {
      throw Failure("A chat that is typed has no Python of its own; give its turns, as in `chat \"Hello\"`.", .usage)
    }
    var code = PythonCode()
    let repository = try session.answeringModel(common, usual: Self.usual) { $0.kind == .causalWords }
    let settings = try options.settings(repository, usual: 256)
    try session.open(repository, in: &code)
    let known = reset || system != nil ? nil : session.conversation(with: repository)
    let earlier = known?.messages.map { (role: $0.role, content: $0.content) }
    code.body = PythonChat.messages(earlier ?? system.map { [(role: "system", content: $0)] } ?? [])
    let arguments = try options.pythonArguments(settings, in: &code)
    code.body += options.pythonSeed(settings)
    code.body += PythonText.list("texts = ", texts)
    code.say(
      """
      for text in texts:
          messages.append({"role": "user", "content": text})
      """)
    code.body += PythonChat.lines(arguments, indent: "    ")
    code.say(
      """
          messages.append({"role": "assistant", "content": answer})
          print(answer)
      """)
    return code
  }
}

extension SummarizeCommand: SpeaksPython {
  package static let counterpart = "AutoModelForSeq2SeqLM, model.generate"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    let repository = try session.answeringModel(common, usual: ChatCommand.usual, fits: \.summarizes)
    var prefix = ""
    let settings = try options.settings(repository, usual: 128) { settings in
      prefix = try repository.read("summarization", into: &settings) ?? ""
    }
    try session.open(repository, in: &code)
    code.body = ["# transformers 5 has no pipeline for this any more: this is what it did."]
    if let path = input.file, !path.hasSuffix("json"), !path.hasSuffix("jsonl"), path != "-" {
      code.body += PythonText.assign("file = ", try session.pythonFile(path)) + ["texts = [open(file).read().strip()]"]
    } else {
      code.body += try session.pythonTexts(texts, input, in: &code)
    }
    let arguments = try options.pythonArguments(settings, in: &code)
    code.body += options.pythonSeed(settings)
    if repository.kind == .targetWords {
      code.body += ["for text in texts:"]
      code.body += PythonText.call(
        "    inputs = tokenizer",
        [prefix.isEmpty ? "text" : "\(PythonText.quoted(prefix)) + text", "truncation=True", "return_tensors=\"pt\""])
      code.body += PythonText.call("    output = model.generate", ["**inputs"] + arguments)
      code.say("    print(tokenizer.decode(output[0], skip_special_tokens=True).strip())")
    } else if try repository.tokenizer().chatTemplates["default"] != nil {
      code.body += PythonText.assign("instruction = ", instruction ?? Repository.summaryInstruction)
      code.say(
        """
        for text in texts:
            messages = [{"role": "system", "content": instruction},
                        {"role": "user", "content": text}]
        """)
      code.body += PythonChat.lines(arguments, indent: "    ")
      code.say("    print(answer.strip())")
    } else {
      code.say("for text in texts:\n    inputs = tokenizer(text + \"\\n\\nTL;DR:\", return_tensors=\"pt\")")
      code.body += PythonText.call("    output = model.generate", ["**inputs"] + arguments)
      code.say(
        """
            start = inputs["input_ids"].shape[1]
            print(tokenizer.decode(output[0, start:], skip_special_tokens=True).strip())
        """)
    }
    return code
  }
}

extension TranslateCommand: SpeaksPython {
  package static let counterpart = "AutoModelForSeq2SeqLM, model.generate"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    let repository = try session.answeringModel(common, usual: Self.usual) { $0.kind == .targetWords }
    try session.open(repository, in: &code)
    var form = SourceForm()
    let settings = try options.settings(repository, usual: 256) { settings in
      let languages = LanguagePair(source: sourceLanguage, target: targetLanguage)
      form = try repository.translationForm(languages, into: &settings)
    }
    code.body = ["# transformers 5 has no pipeline for this any more: this is what it did."]
    if form.languageID != nil, let sourceLanguage {
      code.body.append("tokenizer.src_lang = \(PythonText.quoted(sourceLanguage))")
    }
    code.body += try session.pythonTexts(texts, input, in: &code)
    var arguments = try options.pythonArguments(settings, in: &code)
    if let first = settings.forcedFirstID, targetLanguage != nil { arguments.append("forced_bos_token_id=\(first)") }
    code.body += options.pythonSeed(settings)
    let text = form.prefix.isEmpty ? "text" : "\(PythonText.quoted(form.prefix)) + text"
    code.say("# attune cuts a long paragraph into sentences first; a short one goes whole.")
    code.say("for text in texts:\n    inputs = tokenizer(\(text), return_tensors=\"pt\")")
    code.body += PythonText.call("    output = model.generate", ["**inputs"] + arguments)
    code.say("    print(tokenizer.decode(output[0], skip_special_tokens=True))")
    return code
  }
}
