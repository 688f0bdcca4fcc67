import Training

/// How the rows of a task become what a model of transformers is trained on. The functions know `tokenizer`, `LABELS` and
/// `LIMIT`.
struct PythonTask {
  /// A function `features` of a row, or of many where `isBatched`.
  let features: String
  /// Gives `features` several rows at once, since a row may become several examples.
  var isBatched = false
  /// The class that pads a batch, and its arguments.
  let collator: (name: String, arguments: [String])
  /// A function `metrics` of predictions; nil where the loss is all there is.
  var metrics: (text: String, names: [String])?
  /// Whether another generator makes other batches than attune's.
  var isDrawn = false
  /// A method of the Trainer's class, where its own counts another loss than attune.
  var method: String?
  /// Over what a step's loss is a mean.
  var mean = Mean.rows

  enum Mean {
    /// The rows of a batch, as the model itself counts it.
    case rows
    /// The labels of a step, however many a device has of them.
    case labels
    /// The same, where a label is the word after its place.
    case nextLabels
  }

  /// What the Trainer needs to count the loss of a step as attune does, accumulated and on several devices, too: a
  /// definition, an argument, and a line after it is made.
  func loss(smoothing: Float) -> (definition: String?, argument: String?, afterwards: String?) {
    let smoothed = smoothing > 0 ? ", label_smoothing=\(PythonText.number(smoothing))" : ""
    return switch mean {
    // The Trainer takes any model with keywords for one that divides by the count of labels.
    case .rows: (nil, nil, "trainer.model_accepts_loss_kwargs = False  # a mean over rows")
    case .labels, .nextLabels:
      (
        """
        def loss(output, labels, num_items_in_batch=None):
            count = num_items_in_batch
            if count is None:
                count = (labels != -100).sum()
            logits = output.logits\(mean == .labels ? "" : "[:, :-1]")
            return torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), labels\(mean == .labels ? "" : "[:, 1:]").flatten(),
                reduction="sum"\(smoothed)) / count
        """, "compute_loss_func=loss", nil
      )
    }
  }

  /// By the task's name.
  static func named(_ task: TrainingTask, _ options: TaskOptions) -> PythonTask? {
    switch task.name {
    case "sentiment": texts("LABELS.index(str(row[\"label\"]))", oneLabel)
    case "topics": texts("[float(name in row[\"labels\"]) for name in LABELS]", manyLabels)
    case "ratings": texts("float(row[\"label\"])", nil)
    case "entities": entities(firstPiecesOnly: options.firstPiecesOnly)
    case "answer": answers(stride: options.docStride)
    case "fill": fill
    case "generate": options.packing ? nil : generate
    case "summarize", "translate": pairs(prefix: options.sourcePrefix, target: options.maxTargetLength)
    default: nil
    }
  }

  private static func texts(_ label: String, _ metrics: (text: String, names: [String])?) -> PythonTask {
    PythonTask(
      features: """
        def features(row):
            pair = row["text_pair"] if "text_pair" in row else None
            found = tokenizer(
                row["text"], pair, truncation=True, max_length=LIMIT)
            found["labels"] = \(label)
            return found
        """, collator: ("DataCollatorWithPadding", ["tokenizer"]), metrics: metrics)
  }

  private static let oneLabel = (
    text: """
    def metrics(evaluation):
        scores, right = evaluation
        said = numpy.argmax(scores, -1)
        classes = [1] if len(LABELS) == 2 else sorted({*said, *right})
        f1 = [2 * ((said == c) & (right == c)).sum()
              / max(1, (said == c).sum() + (right == c).sum()) for c in classes]
        return {"accuracy": (said == right).mean(), "f1": numpy.mean(f1)}
    """, names: ["accuracy", "f1"]
  )

  private static let manyLabels = (
    text: """
    def metrics(evaluation):
        scores, right = evaluation
        said, right = scores > 0, right > 0.5
        both = (said & right).sum()
        return {"accuracy": (said == right).all(-1).mean(),
                "f1_micro": 2 * both / max(1, said.sum() + right.sum())}
    """, names: ["accuracy", "f1_micro"]
  )

  private static func entities(firstPiecesOnly: Bool) -> PythonTask {
    let later =
      firstPiecesOnly
      ? "labels.append(-100)"
      : """
      inside = "I-" + tag[2:]
                  if tag.startswith("B-") and inside in LABELS:
                      tag = inside
                  labels.append(LABELS.index(tag))
      """
    return PythonTask(
      features: """
        def features(row):
            found = tokenizer(
                row["tokens"], is_split_into_words=True, truncation=True,
                max_length=LIMIT)
            labels, last = [], None
            for word in found.word_ids():
                if word is None:
                    labels.append(-100)
                    continue
                tag = row["ner_tags"][word]
                if word != last:
                    labels.append(LABELS.index(tag))
                else:  # a later piece of the same word
                    \(later)
                last = word
            found["labels"] = labels
            return found
        """, collator: ("DataCollatorForTokenClassification", ["tokenizer"]), mean: .labels)
  }

  private static func answers(stride: Int) -> PythonTask {
    PythonTask(
      features: """
        def features(rows):
            found = tokenizer(
                [question.lstrip() for question in rows["question"]],
                rows["context"], truncation="only_second", max_length=LIMIT,
                stride=\(stride), return_overflowing_tokens=True,
                return_offsets_mapping=True)
            places = found.pop("offset_mapping")
            found["start_positions"], found["end_positions"] = [], []
            for w, sample in enumerate(found.pop("overflow_to_sample_mapping")):
                answers = rows["answers"][sample]
                context = [i for i, part in enumerate(found.sequence_ids(w))
                           if part == 1]
                start = end = 0  # [CLS] where the window has no answer
                if answers["text"] and context:
                    a = answers["answer_start"][0]
                    b = a + len(answers["text"][0])
                    place = places[w]
                    if place[context[0]][0] <= a and place[context[-1]][1] >= b:
                        start = max(i for i in context if place[i][0] <= a)
                        end = min(i for i in context if place[i][1] >= b)
                found["start_positions"].append(start)
                found["end_positions"].append(end)
            return found
        """, isBatched: true, collator: ("DataCollatorWithPadding", ["tokenizer"]),
      method: """
            def compute_loss(self, model, inputs, return_outputs=False, **others):
                \"\"\"The model's own loss, but padding is no place for an answer.\"\"\"
                output = model(**inputs)
                padding = inputs["attention_mask"] == 0
                loss = sum(
                    torch.nn.functional.cross_entropy(
                        logits.masked_fill(padding, -torch.inf), place)
                    for logits, place in [
                        (output.start_logits, inputs["start_positions"]),
                        (output.end_logits, inputs["end_positions"])]) / 2
                return (loss, output) if return_outputs else loss
        """)
  }

  private static let fill = PythonTask(
    features: """
      def features(row):
          return tokenizer(row["text"], truncation=True, max_length=LIMIT)
      """, collator: ("DataCollatorForLanguageModeling", ["tokenizer", "mlm_probability=0.15"]), isDrawn: true,
    mean: .labels)

  /// Of a pair the completion is asked for, of a chat what the assistant says, of a text all of it.
  private static let generate = PythonTask(
    features: """
      def asked(row):
          \"\"\"The text, and the stretches of it that are learnt.\"\"\"
          if row.get("messages"):
              def lay(turns, prompt):
                  return tokenizer.apply_chat_template(
                      turns, tokenize=False, add_generation_prompt=prompt)
              turns = row["messages"]
              text = lay(turns, False)
              spans = []
              for i, turn in enumerate(turns):
                  if turn["role"] == "assistant":
                      spans.append((len(lay(turns[:i], True)),
                                    len(lay(turns[:i + 1], False))))
              return text, spans
          if row.get("completion") is not None:
              text = row["prompt"] + row["completion"]
              return text, [(len(row["prompt"]), len(text))]
          return row["text"], [(0, len(row["text"]))]


      def features(row):
          text, spans = asked(row)
          is_chat = bool(row.get("messages"))
          found = tokenizer(text, return_offsets_mapping=True,
                            add_special_tokens=not is_chat)
          labels = [
              token if any(a < end and start < b for start, end in spans) else -100
              for token, (a, b) in zip(found["input_ids"],
                                       found.pop("offset_mapping"))]
          labels[0] = -100  # nothing comes before it
          end = tokenizer.eos_token_id
          if not is_chat and end is not None and found["input_ids"][-1] != end:
              found["input_ids"].append(end)
              labels.append(end)
          ids = found["input_ids"][:LIMIT]
          return {"input_ids": ids, "attention_mask": [1] * len(ids),
                  "labels": labels[:LIMIT]}
      """, collator: ("DataCollatorForSeq2Seq", ["tokenizer"]), mean: .nextLabels)

  private static func pairs(prefix: String, target: Int) -> PythonTask {
    let source = prefix.isEmpty ? "row[\"prompt\"]" : "\(PythonText.quoted(prefix)) + row[\"prompt\"]"
    return PythonTask(
      features: """
        def features(row):
            found = tokenizer(
                \(source), truncation=True, max_length=LIMIT)
            found["labels"] = tokenizer(
                text_target=row["completion"], truncation=True,
                max_length=\(target))["input_ids"]
            return found
        """, collator: ("DataCollatorForSeq2Seq", ["tokenizer", "model=model"]), mean: .labels)
  }
}
