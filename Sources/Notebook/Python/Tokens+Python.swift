import Foundation

extension TokensCommand: SpeaksPython {
  package static let counterpart = "AutoTokenizer.from_pretrained(...)(text)"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try session.openTokenizer(tokenizer, common, in: &code)
    code.body = PythonText.assign("text = ", text)
    if chat {
      code.say(
        """
        messages = [{"role": "user", "content": text}]
        text = tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True)
        print(text)
        """)
    }
    if let pair { code.body += PythonText.assign("pair = ", pair) }
    var arguments = pair == nil ? ["text"] : ["text", "pair"]
    if noSpecial || chat { arguments.append("add_special_tokens=False") }
    if let maximumLength {
      arguments += ["max_length=\(maximumLength)", "truncation=\(PythonText.quoted(truncation))", "stride=\(stride)"]
    }
    arguments.append("return_offsets_mapping=True")
    if steps || explain {
      code.say(
        """
        stages = tokenizer.backend_tokenizer
        normalized = text
        if stages.normalizer:
            normalized = stages.normalizer.normalize_str(text)
        print(normalized)
        if stages.pre_tokenizer:
            words = stages.pre_tokenizer.pre_tokenize_str(normalized)
            print([word for word, _ in words])
        """)
    }
    code.body += PythonText.call("encoding = tokenizer", arguments)
    code.say(
      """
      for row in zip(encoding.tokens(), encoding["input_ids"],
                     encoding["offset_mapping"]):
          print(*row)
      """)
    return code
  }
}

extension VocabularyCommand: SpeaksPython {
  package static let counterpart = "tokenizer.get_vocab()"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try session.openTokenizer(tokenizer, common, in: &code)
    guard !ids.isEmpty || !pieces.isEmpty || matching != nil else {
      code.say(
        """
        vocabulary = tokenizer.get_vocab()
        print(len(vocabulary))
        for piece in sorted(vocabulary, key=len, reverse=True)[:\(top)]:
            print(vocabulary[piece], piece)
        """)
      return code
    }
    if !ids.isEmpty { code.say("print(tokenizer.convert_ids_to_tokens(\(ids)))") }
    if !pieces.isEmpty {
      code.body += PythonText.list("pieces = ", pieces)
      code.say("print(tokenizer.convert_tokens_to_ids(pieces))")
    }
    if let matching {
      code.use(module: "re")
      code.body += PythonText.assign("pattern = ", matching)
      code.say(
        """
        found = {i: piece for piece, i in tokenizer.get_vocab().items()
                 if re.search(pattern, piece)}
        print(len(found))
        for i in sorted(found)[:\(top)]:
            print(i, found[i])
        """)
    }
    return code
  }
}

extension CompareTokenizersCommand: SpeaksPython {
  package static let counterpart = "len(tokenizer.tokenize(text))"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    if let text {
      code.body = PythonText.assign("text = ", text)
    } else if let file {
      code.body = PythonText.assign("file = ", try session.pythonFile(file)) + ["text = open(file).read()"]
    }
    for name in tokenizers {
      var one = PythonCode()
      try session.openTokenizer(name, common, in: &one)
      code.imports += one.imports
      code.body += one.setups.flatMap(\.lines)
      code.say(
        """
        pieces = tokenizer.tokenize(text)
        print(\(PythonText.quoted(name)), len(pieces), pieces[:20])
        """)
    }
    return code
  }
}

extension TrainTokenizerCommand: SpeaksPython {
  package static let counterpart = "tokenizers.trainers.BpeTrainer"

  package func python(in session: Session) throws -> PythonCode {
    guard kind == .bpe, text.isEmpty else {
      throw Failure(
        kind == .bpe
          ? "`train-tokenizer --text` has no counterpart in Hugging Face's libraries; put the text into a file."
          : "`train-tokenizer --kind \(kind.rawValue)` learns by other rules than Hugging Face's trainer of that name; --kind bpe learns the same.",
        .usage)
    }
    var code = PythonCode()
    code.use("tokenizers", "Tokenizer", "decoders", "models", "pre_tokenizers", "trainers")
    code.body = PythonText.list("files = ", try files.map { try session.pythonFile($0) })
    code.say(
      """
      tokenizer = Tokenizer(models.BPE())
      tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
      tokenizer.decoder = decoders.ByteLevel()
      trainer = trainers.BpeTrainer(
          vocab_size=\(size), min_frequency=\(minimumCount), show_progress=False,
          special_tokens=["<|endoftext|>"],
          initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
      tokenizer.train(files, trainer)
      print(tokenizer.get_vocab_size())
      """)
    if let output { code.body += PythonText.assign("output = ", output) + ["tokenizer.save(output)"] }
    return code
  }
}
