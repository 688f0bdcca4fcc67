import Foundation
import Layers
import Models
import Pipelines
import Training

extension FinetuneCommand: SpeaksPython {
  package static let counterpart = "Trainer(model, TrainingArguments(...)).train()"

  package func python(in session: Session) throws -> PythonCode {
    guard resume == nil, let data else {
      throw Failure("`finetune --resume` has no Python of its own; ask for that of the run's first line.", .usage)
    }
    guard let task = PythonTask.named(self.task, reading), recipe.layerDecay == 1, method.layers == nil else {
      throw Failure("--packing, --layer-decay and --layers have no counterpart in transformers' Trainer.", .usage)
    }
    let base = try session.repository(common)
    guard !base.isMarian else { throw Failure("\(base.name) is no folder that transformers trains on.", .usage) }
    let seed = recipe.seed ?? session.settings.seed
    let recipe = self.recipe.recipe(learningRate: method.learningRate, metric: self.task.bestMetric, seed: seed)
    var code = PythonCode()
    try openRows(data, task, base, session, in: &code)
    try openModel(base, session, in: &code)
    code.use("transformers", "Trainer", "TrainingArguments", "set_seed", task.collator.name)
    if let metrics = task.metrics {
      code.imports.append(.init("numpy"))
      code.say("\n" + metrics.text + "\n\n")
    }
    let loss = task.loss(smoothing: recipe.labelSmoothing)
    if let definition = loss.definition {
      code.use(module: "torch")
      code.say("\n" + definition + "\n\n")
    }
    let arguments =
      ["output_dir=output"]
      + recipe.pythonArguments(batch: "\(recipe.batchSize)", metrics: task.metrics?.names ?? [])
    code.body += PythonText.assign("output = ", output ?? "trained")
    code.body += PythonText.call("arguments = TrainingArguments", arguments)
    var given = [
      "model=model", "args=arguments", "train_dataset=train", "eval_dataset=validation",
      "data_collator=\(task.collator.name)(\(task.collator.arguments.joined(separator: ", ")))",
    ]
    if task.metrics != nil { given.append("compute_metrics=metrics") }
    if let argument = loss.argument { given.append(argument) }
    if let patience = recipe.patience {
      code.use("transformers", "EarlyStoppingCallback")
      given.append("callbacks=[EarlyStoppingCallback(\(patience))]")
    }
    code.body += PythonText.call("trainer = Trainer", given) + [loss.afterwards].compactMap { $0 }
    code.say(
      """
      # The order of rows, dropout and new weights are drawn by another generator, so
      # numbers differ a little; `export RUN --to trainer` writes the same order.
      trainer.train()
      print(trainer.evaluate())
      trainer.save_model(output)
      tokenizer.save_pretrained(output)
      """)
    return code
  }

  /// Reads the rows as `train` and `validation`, and makes examples of them.
  private func openRows(
    _ data: String, _ task: PythonTask, _ base: Repository, _ session: Session, in code: inout PythonCode
  ) throws {
    try session.openTokenizer(common.model, common, in: &code)
    let reader = RowReader(base, reading, session)
    if self.task.head == .causalWords {
      code.say("if tokenizer.pad_token is None:\n    tokenizer.pad_token = tokenizer.eos_token")
    }
    var rows = PythonCode()
    try PythonRows.open(try session.file(data), self.task, in: &rows)
    code.imports += rows.imports
    code.body += rows.setups.flatMap(\.lines)
    if let limit = self.rows { code.say("rows = rows.select(range(min(\(limit), len(rows))))") }
    if let validation {
      var others = PythonCode()
      try PythonRows.open(try session.file(validation), self.task, as: "held", in: &others)
      code.imports += others.imports
      code.body += others.setups.flatMap(\.lines)
    } else {
      code.say(
        """
        parts = rows.train_test_split(test_size=0.1, seed=\(recipe.seed ?? session.settings.seed))
        rows, held = parts["train"], parts["test"]
        """)
    }
    let names: [String: String] = [
      "sentiment": "sorted({str(label) for label in rows[\"label\"]})",
      "topics": "sorted({name for names in rows[\"labels\"] for name in names})",
      "entities": "sorted({tag for tags in rows[\"ner_tags\"] for tag in tags})", "ratings": "[\"LABEL_0\"]",
    ]
    if let labels = names[self.task.name] { code.say("LABELS = \(labels)") }
    code.say("LIMIT = \(try reader.limit(for: self.task))  # tokens of a sequence\n\n")
    code.say(task.features)
    code.say(
      """


      columns = rows.column_names
      train = rows.map(features, \(task.isBatched ? "batched=True, " : "")remove_columns=columns)
      validation = held.map(features, \(task.isBatched ? "batched=True, " : "")remove_columns=columns)
      """)
  }

  /// Opens the base under the task's head, with what is trained of it.
  private func openModel(_ base: Repository, _ session: Session, in code: inout PythonCode) throws {
    let automatic = PythonModel.automatic[task.head] ?? "AutoModel"
    code.use("transformers", automatic)
    code.say("set_seed(\(recipe.seed ?? session.settings.seed))")
    let file = PythonModel.fileArgument(base.weightsPlace.path)
    var options = ["dtype=\"float32\""]
    if task.head == .sequenceClassification || task.head == .tokenClassification {
      options += ["num_labels=len(LABELS)", "id2label=dict(enumerate(LABELS))"]
      options.append("label2id={name: i for i, name in enumerate(LABELS)}")
    }
    if let problem = task.problem { options.append("problem_type=\"\(problem.rawValue)\"") }
    if let rate = recipe.dropout {
      options += base.configuration.family.dropoutKeys.map { "\($0)=\(PythonText.number(rate))" }
    }
    if method.fromScratch {
      code.use("transformers", "AutoConfig")
      code.body += PythonText.call("config = AutoConfig.from_pretrained", ["folder"] + file + options.dropFirst())
      code.say("model = \(automatic).from_config(config)  # random weights")
    } else {
      code.body += PythonText.call("model = \(automatic).from_pretrained", ["folder"] + file + options)
      if !file.isEmpty { code.say("model.is_quantized = False  # its weights are unpacked, so they can be trained") }
    }
    if method.freezeBody { code.say("model.base_model.requires_grad_(False)") }
    for pattern in method.freeze {
      code.use(module: "re")
      code.say(
        """
        for name, parameter in model.named_parameters():
            if re.search(\(PythonText.quoted(pattern)), name):
                parameter.requires_grad = False
        """)
    }
    guard method.lora else { return }
    code.use("peft", "LoraConfig", "get_peft_model")
    let places =
      method.targetModules?.split(separator: ",").map(String.init) ?? base.configuration.family.linearPlaces
    let heads = base.configuration.family.headPlaces(task.head).map(PythonText.quoted).joined(separator: ", ")
    let kind: String =
      switch LowRankAdaptation.writtenTask(task.head) {
      case let name?: "task_type=\"\(name)\""
      // peft's own class for questions loses `token_type_ids`; the plain one has to be told of the head.
      case nil: "modules_to_save=[\(heads)]"
      }
    code.body += PythonText.list("targets = ", places)
    code.body += PythonText.call(
      "model = get_peft_model(model, LoraConfig",
      [
        "r=\(method.loraRank)", "lora_alpha=\(PythonText.number(method.loraAlpha, isWhole: true))",
        "lora_dropout=\(PythonText.number(method.loraDropout))", "target_modules=targets",
        kind,
      ], tail: ")")
  }
}

extension EvaluateCommand: SpeaksPython {
  package static let counterpart = "trainer.evaluate(), evaluate.load(\"f1\")"

  package func python(in session: Session) throws -> PythonCode {
    let file = try session.file(data)
    let options = reading.reading(limit: limit)
    let repository =
      try task.map { try session.taskModel($0.head, common) }
      ?? session.anyTaskModel(common, for: try? TrainingTask.told(by: file, options))
    guard let task = task ?? repository.trainedTask ?? repository.task,
      let measured = PythonMeasure.all[task.name], let rows = PythonTask.named(task, reading)
    else {
      throw Failure("`evaluate` of this task has no short counterpart in Hugging Face's libraries.", .usage)
    }
    var code = PythonCode()
    code.use(module: "torch")
    try session.open(repository, in: &code)
    var data = PythonCode()
    try PythonRows.open(file, task, in: &data)
    code.imports += data.imports
    code.body += data.setups.flatMap(\.lines)
    if let limit { code.say("rows = rows.select(range(min(\(limit), len(rows))))") }
    if !repository.configuration.labels.isEmpty { code.say("LABELS = list(model.config.id2label.values())") }
    code.say("LIMIT = \(try RowReader(repository, reading, session).limit(for: task))  # tokens of a sequence\n\n")
    var features = rows
    if task.name == "entities" {
      // Only the first piece of a word is measured.
      var first = reading
      first.firstPiecesOnly = true
      features = PythonTask.named(task, first) ?? rows
    }
    code.say(features.features + "\n\n")
    for name in measured.imports { code.imports.append(name) }
    code.say(measured.text)
    return code
  }
}

/// How a model is measured row by row.
private struct PythonMeasure {
  let imports: [PythonCode.Import]
  let text: String

  /// Goes through `rows` with `ids`, `labels` and `logits` of each, and sums the loss over what is asked.
  private static func loop(_ inner: String, shift: Bool = false) -> String {
    """
    loss = count = 0
    \(inner.isEmpty ? "" : "right, said = [], []\n")for row in rows:
        found = dict(features(row))
        labels = torch.tensor(found.pop("labels")).reshape(-1)
        batch = {name: torch.tensor([value]) for name, value in found.items()}
        with torch.inference_mode():
            logits = model(**batch).logits
        logits = logits.reshape(-1, logits.shape[-1])\(shift ? "[:-1]\n    labels = labels[1:]" : "")
        loss += float(torch.nn.functional.cross_entropy(
            logits, labels, reduction="sum"))
        count += int((labels != -100).sum())
    \(inner.isEmpty ? "" : inner + "\n")
    """
  }

  static let all: [String: PythonMeasure] = [
    "sentiment": PythonMeasure(
      imports: [],
      text: loop("    right.append(int(labels))\n    said.append(int(logits.argmax()))") + """
        pairs = list(zip(right, said))
        f1 = []
        for c in [1] if len(LABELS) == 2 else sorted({*right, *said}):
            hits = sum(a == b == c for a, b in pairs)
            f1.append(2 * hits / max(1, right.count(c) + said.count(c)))
        print(f"accuracy {sum(a == b for a, b in pairs) / len(pairs):.4f}")
        print(f"loss {loss / count:.4f}")
        print(f"f1 {sum(f1) / len(f1):.4f}")
        """),
    "entities": PythonMeasure(
      imports: [.init("seqeval.metrics", "f1_score")],
      text: loop(
        """
            asked = labels != -100
            right.append([LABELS[i] for i in labels[asked]])
            said.append([LABELS[i] for i in logits.argmax(-1)[asked]])
        """) + """
          print(f"f1 {f1_score(right, said):.4f}")
          print(f"loss {loss / count:.4f}")
          """),
    "generate": PythonMeasure(
      imports: [],
      text: loop("", shift: true) + """
        print(f"loss {loss / count:.4f}")
        print(f"perplexity {2.718281828459045 ** (loss / count):.4f}")
        """),
  ]
}
