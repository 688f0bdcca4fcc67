import Models
import Pipelines

extension ClassifyCommand: SpeaksPython {
  package static let counterpart = "pipeline(\"text-classification\")"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    let repository = try session.taskModel(.sequenceClassification, common)
    code.use("transformers", "pipeline")
    try session.open(repository, in: &code)
    code.open(
      ["classify"],
      """
      classify = pipeline(
          "text-classification", model=model, tokenizer=tokenizer)
      """)
    code.body = try session.pythonTexts(texts, input, in: &code)
    var arguments = ["texts", "top_k=\(top.map(String.init) ?? "None")"]
    if let function { arguments.append("function_to_apply=\(PythonText.quoted(function))") }
    code.body += PythonText.call("answers = classify", arguments + ["truncation=True"])
    code.say(
      """
      for text, scores in zip(texts, answers):
          print(text)
          for row in scores:
              print(f"{row['score']:.4f}  {row['label']}")
      """)
    return code
  }
}

extension EntitiesCommand: SpeaksPython {
  package static let counterpart = "pipeline(\"token-classification\")"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    let repository = try session.taskModel(.tokenClassification, common)
    code.use("transformers", "pipeline")
    try session.open(repository, in: &code)
    code.open(
      ["find"],
      """
      find = pipeline(
          "token-classification", model=model, tokenizer=tokenizer)
      """)
    code.body = try session.pythonTexts(texts, input, in: &code)
    var arguments = ["texts", "aggregation_strategy=\(PythonText.quoted(aggregation))"]
    if let stride { arguments.append("stride=\(stride)") }
    code.body += PythonText.call("answers = find", arguments)
    let name = aggregation == Aggregation.none.rawValue ? "entity" : "entity_group"
    code.say(
      """
      for text, entities in zip(texts, answers):
          print(text)
          for row in entities:
              print(f"{row['score']:.4f}  {row['\(name)']}  {row['word']}"
                    f"  {row['start']} {row['end']}")
      """)
    return code
  }
}

extension FillCommand: SpeaksPython {
  package static let counterpart = "pipeline(\"fill-mask\")"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    let repository = try session.taskModel(.maskedWords, common)
    code.use("transformers", "pipeline")
    try session.open(repository, in: &code)
    code.open(["fill"], "fill = pipeline(\"fill-mask\", model=model, tokenizer=tokenizer)")
    code.body = try session.pythonTexts(texts, input, in: &code)
    var arguments = ["text", "top_k=\(top)"]
    if !targets.isEmpty {
      code.body += PythonText.list("targets = ", targets)
      arguments.append("targets=targets")
    }
    code.say(
      """
      for text in texts:
          gaps = fill(\(arguments.joined(separator: ", ")))
          for words in gaps if isinstance(gaps[0], list) else [gaps]:
              for row in words:
                  print(f"{row['score']:.4f}  {row['token_str']}")
                  print(row["sequence"])
      """)
    return code
  }
}

extension AnswerCommand: SpeaksPython {
  package static let counterpart = "AutoModelForQuestionAnswering"

  package func python(in session: Session) throws -> PythonCode {
    guard let question else {
      throw Failure("`answer --file` has no short counterpart; ask one question for its Python.", .usage)
    }
    guard !allowsNoAnswer, noAnswerThreshold == nil else {
      throw Failure("`answer --no-answer` has no short counterpart; leave it out for the Python of the answer.", .usage)
    }
    var code = PythonCode()
    let repository = try session.taskModel(.questionAnswering, common)
    code.use(module: "torch")
    try session.open(repository, in: &code)
    code.body = ["# transformers 5 has no pipeline for this any more: this is what it did."]
    code.body += PythonText.assign("question = ", question)
    if let context {
      code.body += PythonText.assign("context = ", context)
    } else if let contextFile {
      code.body +=
        PythonText.assign("file = ", try session.pythonFile(contextFile)) + ["context = open(file).read()"]
    }
    let room = min(try repository.maximumTokens(), maximumLength ?? WindowCut.defaultTokens)
    let repeated = stride ?? min(room / 2, WindowCut.defaultStride)
    code.say(
      """
      encoding = tokenizer(
          question, context, truncation="only_second", max_length=\(room),
          stride=\(repeated), padding=True, return_overflowing_tokens=True,
          return_tensors="pt")
      windows = encoding.pop("overflow_to_sample_mapping").shape[0]
      with torch.inference_mode():
          output = model(**encoding)
      found = {}
      for w in range(windows):
          words = encoding.word_ids(w)
          inside = torch.tensor([s == 1 for s in encoding.sequence_ids(w)])
          asked = inside.clone()
          asked[0] = True  # [CLS] stands for "no answer"
          start, end = (
              logits[w].masked_fill(~asked, -torch.inf).softmax(-1) * inside
              for logits in (output.start_logits, output.end_logits))
          scores = torch.outer(start, end).triu().tril(\(maximumAnswerLength - 1))
          best = scores.flatten().topk(min(\(exactTokens ? top : top * 2 + 10), scores.numel()))
          for score, place in zip(*best):
              if score == 0:
                  continue
              first, last = divmod(int(place), len(words))
              \(exactTokens ? "a = encoding.token_to_chars(w, first).start" : "a = encoding.word_to_chars(w, words[first], 1).start")
              \(exactTokens ? "b = encoding.token_to_chars(w, last).end" : "b = encoding.word_to_chars(w, words[last], 1).end")
              key = context[a:b].lower()
              sum_, *span = found.get(key, (0, a, b))
              found[key] = (sum_ + float(score), *span)
      for score, a, b in sorted(found.values(), reverse=True)[:\(top)]:
          print(f"{score:.4f}  {context[a:b]}  {a} {b}")
      """)
    return code
  }
}
