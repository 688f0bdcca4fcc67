import Models
import Pipelines

extension AttentionCommand: SpeaksPython {
  package static let counterpart = "model(..., output_attentions=True).attentions"

  package func python(in session: Session) throws -> PythonCode {
    guard !cross, !decoder else {
      throw Failure(
        "`attention --cross` and `--decoder` have no short counterpart in transformers; its models give both as cross_attentions and decoder_attentions.",
        .usage)
    }
    let repository = try session.repository(common)
    let shape = repository.configuration.stack
    var code = PythonCode()
    code.use(module: "torch")
    try session.open(
      repository, as: repository.kind == .targetWords || repository.kind == .causalWords ? nil : .body,
      options: ["attn_implementation=\"eager\""], in: &code)
    code.body = PythonText.assign("text = ", text)
    if let pair { code.body += PythonText.assign("pair = ", pair) }
    let whose = repository.kind == .targetWords ? "model.get_encoder()" : "model"
    code.say(
      """
      inputs = tokenizer(\(pair == nil ? "text" : "text, pair"), return_tensors="pt")
      with torch.inference_mode():
          maps = \(whose)(**inputs, output_attentions=True).attentions
      tokens = inputs.tokens()
      weights = maps[\(layer ?? shape.layers - 1)][0]  # [heads, from, to]
      weights = weights\(head.map { "[\($0)]" } ?? ".mean(0)")
      """)
    if let from {
      let place = Int(from).map { "\($0)" } ?? "tokens.index(\(PythonText.quoted(from.lowercased())))"
      code.say("looks = weights[\(place)]")
    } else {
      code.say("looks = weights.mean(0)")
    }
    code.say(
      """
      for weight, place in zip(*looks.topk(min(\(top), len(tokens)))):
          print(f"{weight:.4f}  {tokens[place]} {place}")
      """)
    return code
  }
}

/// A function of the page that turns texts into vectors.
private enum PythonEmbedding {
  static func open(_ repository: Repository, _ session: Session, in code: inout PythonCode) throws {
    code.use(module: "torch")
    try session.open(repository, as: repository.kind == .causalWords ? nil : .body, in: &code)
    code.open(
      ["embed"],
      """
      def embed(text):
          inputs = tokenizer(text, truncation=True, return_tensors="pt")
          with torch.inference_mode():
              hidden = model(**inputs).last_hidden_state[0]  # [tokens, width]
          return torch.nn.functional.normalize(hidden.mean(0), dim=0)

      """)
  }
}

extension EmbedCommand: SpeaksPython {
  package static let counterpart = "AutoModel, the mean of last_hidden_state"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try PythonEmbedding.open(try session.repository(common), session, in: &code)
    code.body = try session.pythonTexts(texts, input, in: &code)
    code.say(
      """
      for text in texts:
          vector = embed(text)
          print(text, len(vector))
          print(" ".join(f"{x:.4f}" for x in vector[:8]))
      """)
    return code
  }
}

extension SimilarCommand: SpeaksPython {
  package static let counterpart = "AutoModel, the cosine of two means"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try PythonEmbedding.open(try session.repository(common), session, in: &code)
    code.body = PythonText.list("texts = ", texts)
    code.say(
      """
      first, *others = [embed(text) for text in texts]
      scores = [float(first @ other) for other in others]
      for score, text in sorted(zip(scores, texts[1:]), reverse=True):
          print(f"{score:.4f}  {text}")
      """)
    return code
  }
}

extension NextTokenCommand: SpeaksPython {
  package static let counterpart = "model(...).logits[0, -1].softmax(-1)"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    let repository = try session.writingModel(common)
    code.use(module: "torch")
    try session.open(repository, in: &code)
    code.body = PythonText.assign("text = ", text)
    code.say("inputs = tokenizer(text, return_tensors=\"pt\")")
    if repository.kind == .targetWords {
      code.say(
        """
        start = torch.tensor([[model.config.decoder_start_token_id]])
        with torch.inference_mode():
            logits = model(**inputs, decoder_input_ids=start).logits[:, -1]
        """)
    } else {
      code.say(
        """
        with torch.inference_mode():
            logits = model(**inputs).logits[:, -1]
        """)
    }
    for (name, argument) in options.warpers {
      code.use("transformers", name)
      code.say("logits = \(name)(\(argument))(inputs[\"input_ids\"], logits)")
    }
    code.say(
      """
      for score, token in zip(*logits[0].softmax(-1).topk(\(top))):
          print(f"{score:.4f}  {tokenizer.decode([int(token)])!r}")
      """)
    return code
  }
}

extension DrawingOptions {
  /// The steps of transformers that narrow a distribution, with their argument, in the order that it takes them.
  var warpers: [(name: String, argument: String)] {
    let all: [(String, Float?)] = [
      ("TemperatureLogitsWarper", temperature.flatMap { $0 > 0 && $0 != 1 ? $0 : nil }),
      ("TopKLogitsWarper", topCount.flatMap { $0 > 0 ? Float($0) : nil }), ("TopPLogitsWarper", topMass),
      ("MinPLogitsWarper", leastShare), ("TypicalLogitsWarper", typicalMass),
    ]
    return all.compactMap { name, value in
      value.map { (name, name.hasPrefix("TopK") ? "\(Int($0))" : PythonText.number($0)) }
    }
  }
}

extension ScoreCommand: SpeaksPython {
  package static let counterpart = "model(..., labels=ids).loss"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    code.use(module: "torch")
    try session.open(try session.writingModel(common), in: &code)
    code.body = try session.pythonTexts(texts, input, in: &code)
    code.say(
      """
      for text in texts:
          ids = tokenizer(text, return_tensors="pt")["input_ids"]
          with torch.inference_mode():
              logits = model(ids).logits[0, :-1].log_softmax(-1)
          scores = logits.gather(1, ids[0, 1:, None])[:, 0]
          loss = -scores.mean()
          print(f"loss {loss:.4f}, perplexity {loss.exp():.4f}")
          for score, token in zip(scores, ids[0, 1:]):
              print(f"{score:.4f}  {tokenizer.decode([int(token)])!r}")
      """)
    return code
  }
}
