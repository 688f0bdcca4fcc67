import Foundation
import Lessons
import Notebook
import TestSupport
import Testing

/// What `code` prints: the Python of Hugging Face's libraries that does what a command does.
@Suite(.takingTurns) struct CodeScreens {
  private static let rows = NotebookCommands.rows + LessonCommands.rows

  @Test func aPipelineIsAPipeline() throws {
    try typing(
      #"code classify "I love this!" --model minilm --top 1"#,
      shows: """
        from transformers import (
            AutoModelForSequenceClassification, AutoTokenizer, pipeline,
        )

        folder = "sentence-transformers/all-MiniLM-L6-v2"
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForSequenceClassification.from_pretrained(
            folder, dtype="float32",
        )

        classify = pipeline(
            "text-classification", model=model, tokenizer=tokenizer)

        texts = ["I love this!"]
        answers = classify(texts, top_k=1, truncation=True)
        for text, scores in zip(texts, answers):
            print(text)
            for row in scores:
                print(f"{row['score']:.4f}  {row['label']}")
        """)
  }

  @Test func tokensAreATokenizer() throws {
    try typing(
      #"code tokens "She said \"hi\"" --max-length 6"#,
      shows: #"""
        from transformers import AutoTokenizer

        folder = "sentence-transformers/all-MiniLM-L6-v2"
        tokenizer = AutoTokenizer.from_pretrained(folder)

        text = "She said \"hi\""
        encoding = tokenizer(
            text, max_length=6, truncation="longest_first", stride=0,
            return_offsets_mapping=True,
        )
        for row in zip(encoding.tokens(), encoding["input_ids"],
                       encoding["offset_mapping"]):
            print(*row)
        """#)
  }

  @Test func similarTextsAreMeansOfStates() throws {
    try typing(
      #"code similar "A man eats." "Someone has a meal.""#,
      shows: """
        import torch
        from transformers import AutoModel, AutoTokenizer

        folder = "sentence-transformers/all-MiniLM-L6-v2"
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModel.from_pretrained(folder, dtype="float32")

        def embed(text):
            inputs = tokenizer(text, truncation=True, return_tensors="pt")
            with torch.inference_mode():
                hidden = model(**inputs).last_hidden_state[0]  # [tokens, width]
            return torch.nn.functional.normalize(hidden.mean(0), dim=0)


        texts = ["A man eats.", "Someone has a meal."]
        first, *others = [embed(text) for text in texts]
        scores = [float(first @ other) for other in others]
        for score, text in sorted(zip(scores, texts[1:]), reverse=True):
            print(f"{score:.4f}  {text}")
        """)
  }

  @Test func whatHasNoCounterpartSaysSo() throws {
    try typing("code runs", shows: "! `runs` has no counterpart in Hugging Face's libraries.")
    try typing("code data list", shows: "! `data list` has no counterpart in Hugging Face's libraries.")
    try typing(
      "code generate hi --frequency-penalty 1 --model minilm",
      shows: "! transformers has no counterpart of --frequency-penalty; leave it out for the Python of the rest.")
    try typing(
      "code",
      shows: "! Nothing ran yet whose Python could be shown; name a command, as in `code tokens \"Hello, world\"`.")
    try typing("code tokenz", shows: "! There is no command 'tokenz'; did you mean `tokens`?")
    try typing(
      "code classify", shows: "! Give at least one text, or --file FILE. `help classify` shows how to call it.")
    try typing(
      "code --list --session",
      shows: "! Give a command, --session, --lesson or --list; one of them. `help code` shows how to call it.")
  }

  /// What was opened is opened once, and what takes its variables opens it anew.
  @Test func aSessionIsOneProgram() throws {
    let sitting = try Sitting(Self.rows)
    let other = try sitting.model("other").path
    for line in ["tokens one", "runs", "tokens two", "tokens three --model \(other)", "tokens four"] {
      #expect(sitting.run(line).cell?.status == .passed)
    }
    #expect(
      shown(sitting.run("code --session"), in: sitting).replacing(Self.loop, with: "…")
        .replacing(/folder = (\((\n +".*")+\n\)|"[^"]*\/other")/, with: "folder = OTHER")
          == """
          # attune: tokens one
          from transformers import AutoTokenizer

          folder = "sentence-transformers/all-MiniLM-L6-v2"
          tokenizer = AutoTokenizer.from_pretrained(folder)

          text = "one"
          …

          # attune: runs
          # `runs` has no counterpart in Hugging Face's libraries.

          # attune: tokens two
          text = "two"
          …

          # attune: tokens three --model
          #   ~/other
          folder = OTHER
          tokenizer = AutoTokenizer.from_pretrained(folder)

          text = "three"
          …

          # attune: tokens four
          folder = "sentence-transformers/all-MiniLM-L6-v2"
          tokenizer = AutoTokenizer.from_pretrained(folder)

          text = "four"
          …
          """)
    #expect(shown(sitting.run("code"), in: sitting).contains("text = \"four\""))
  }

  private static let loop = """
    encoding = tokenizer(text, return_offsets_mapping=True)
    for row in zip(encoding.tokens(), encoding["input_ids"],
                   encoding["offset_mapping"]):
        print(*row)
    """

  @Test func aLessonNeedNotRun() throws {
    let sitting = try Sitting(Self.rows)
    let file = try sitting.file(
      "lesson.md",
      """
      ---
      lesson: 1
      id: small
      title: Small
      models: [minilm]
      params: { word: { type: text, default: dog } }
      ---
      ```attune
      tokens "a $word"
      ```
      """)
    #expect(shown(sitting.run("code --lesson \(file)"), in: sitting).contains("text = \"a dog\""))
    let place = sitting.folder.appendingPathComponent("small.py").path
    #expect(
      sitting.run("code --lesson \(file) -o \(place)").lines.joined(separator: " ")
        == "Written to \(place); `python \(place)` runs it.")
    #expect(
      try String(contentsOfFile: place, encoding: .utf8).hasPrefix("# attune: tokens \"a $word\"\nfrom transformers"))
  }

  /// The table that README and lesson 10 speak of.
  @Test func everyTaskHasACounterpart() {
    let table = CommandTable(Self.rows).counterparts
    let without = Set(table.filter { $0.call == nil }.map(\.command))
    for command in [
      "tokens", "attention", "classify", "entities", "answer", "generate", "finetune", "evaluate", "merge",
    ] {
      #expect(!without.contains(command))
    }
    #expect(without.isSuperset(of: ["quit", "lesson", "memory", "runs", "quantize"]))
  }

  @Test(arguments: ["a\"b\\c", "line\nbreak", "tab\tand \u{7} bell", "\u{202E}turned", "漢字 and é"])
  func textsStayWhole(_ text: String) throws {
    let sitting = try Sitting(Self.rows)
    _ = sitting.session.execute(words: ["code", "tokens", text], line: "code")
    let lines = sitting.screen.take().lines
    let literal = try #require(lines.first { $0.hasPrefix("text = ") }).dropFirst("text = ".count)
    #expect(Value(json: Data(literal.utf8)) == .string(text))
  }
}
