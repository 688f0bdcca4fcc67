import Foundation
import Training

/// Rows of a data file as `rows`, a data set of Hugging Face's library.
enum PythonRows {
  /// - Throws: `Failure` for a format that takes more than a call to read
  static func open(_ name: String, _ options: DataOptions, _ session: Session, in code: inout PythonCode) throws {
    let file = try session.file(name)
    let task = try options.task ?? TrainingTask.told(by: file, options.reading.reading())
    try open(file, task, in: &code)
  }

  static func open(
    _ file: URL, _ task: TrainingTask?, as rows: String = "rows", in code: inout PythonCode
  ) throws {
    let path = file.standardizedFileURL.path
    var lines = PythonText.assign("file = ", path)
    switch (file.pathExtension.lowercased(), task?.name) {
    case ("tsv", _), ("tab", _):
      code.use("datasets", "load_dataset")
      lines += PythonText.call(
        "\(rows) = load_dataset", ["\"csv\"", "data_files=file", "delimiter=\"\\t\"", "quoting=3", "split=\"train\""])
    case ("csv", _):
      code.use("datasets", "load_dataset")
      lines += PythonText.call("\(rows) = load_dataset", ["\"csv\"", "data_files=file", "split=\"train\""])
    case ("jsonl", _), ("ndjson", _):
      code.use("datasets", "load_dataset")
      lines += PythonText.call("\(rows) = load_dataset", ["\"json\"", "data_files=file", "split=\"train\""])
    case ("json", "answer"):
      code.use("datasets", "Dataset")
      code.use(module: "json")
      lines += squad(rows)
    case (_, "entities"):
      code.use("datasets", "Dataset")
      lines += conll(rows)
    case (_, "fill"), (_, "generate"):
      code.use("datasets", "Dataset")
      lines += [
        "texts = [part.strip() for part in open(file).read().split(\"\\n\\n\")]",
        "\(rows) = Dataset.from_list([{\"text\": text} for text in texts if text])",
      ]
    default:
      code.use("datasets", "load_dataset")
      lines += PythonText.call("\(rows) = load_dataset", ["\"json\"", "data_files=file", "split=\"train\""])
    }
    code.open(["file", rows], lines.joined(separator: "\n"))
  }

  /// Words and tags of a file with a word a line, an empty line behind each sentence.
  private static func conll(_ rows: String) -> [String] {
    """
    sentences = []
    for block in open(file).read().split("\\n\\n"):
        cells = [line.split() for line in block.splitlines() if line.strip()]
        if cells and cells[0][0] != "-DOCSTART-":
            sentences.append({"tokens": [cell[0] for cell in cells],
                              "ner_tags": [cell[-1] for cell in cells]})
    \(rows) = Dataset.from_list(sentences)
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Questions of a file in SQuAD's nested layout.
  private static func squad(_ rows: String) -> [String] {
    """
    questions = []
    for article in json.load(open(file))["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = qa["answers"]
                questions.append({
                    "id": qa["id"], "question": qa["question"],
                    "context": paragraph["context"],
                    "answers": {
                        "text": [a["text"] for a in answers],
                        "answer_start": [a["answer_start"] for a in answers]}})
    \(rows) = Dataset.from_list(questions)
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension DataShowCommand: SpeaksPython {
  package static let counterpart = "datasets.load_dataset(...)[:5]"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try PythonRows.open(file, data, session, in: &code)
    var shown = "rows"
    for condition in conditions {
      let test =
        condition.column == .label
        ? "row[\"label\"] == \(PythonText.quoted(condition.value))"
        : "\(PythonText.quoted(condition.value.lowercased())) in row[\"text\"].lower()"
      code.say("\(shown == "rows" ? "matching" : shown) = \(shown).filter(lambda row: \(test))")
      shown = "matching"
    }
    code.say(
      """
      print(len(\(shown)))
      for row in \(shown).select(range(min(\(rows), len(\(shown))))):
          print(row)
      """)
    return code
  }
}

extension DataStatsCommand: SpeaksPython {
  package static let counterpart = "collections.Counter(rows[\"label\"])"

  package func python(in session: Session) throws -> PythonCode {
    guard against == nil else {
      throw Failure("`data stats --against` has no counterpart in Hugging Face's libraries.", .usage)
    }
    var code = PythonCode()
    try PythonRows.open(file, data, session, in: &code)
    try session.openTokenizer(nil, common, in: &code)
    code.use("collections", "Counter")
    code.say(
      """
      print(len(rows), "rows")
      if "label" in rows.column_names:
          print(Counter(rows["label"]).most_common())
      column, = {"text", "question", "tokens"} & set(rows.column_names)
      texts = [t if isinstance(t, str) else " ".join(t) for t in rows[column]]
      lengths = sorted(len(ids) for ids in tokenizer(texts)["input_ids"])
      print("longest", lengths[-1], "tokens")
      print("half have at most", lengths[(len(lengths) - 1) // 2])
      """)
    return code
  }
}

extension DataSplitCommand: SpeaksPython {
  package static let counterpart = "rows.train_test_split(test_size=0.1)"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try PythonRows.open(file, data, session, in: &code)
    code.say(
      """
      # Other rows than attune's, since another generator draws them.
      seed = \(seed ?? session.settings.seed)
      parts = rows.train_test_split(test_size=\(heldOut), seed=seed)
      print(len(parts["train"]), len(parts["test"]))
      """)
    return code
  }
}
