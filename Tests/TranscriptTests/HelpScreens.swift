import Drawing
import Lessons
import Notebook
import TestSupport
import Testing

/// What help and mistakes show.
@Suite(.takingTurns) struct HelpScreens {
  /// A table of few rows: the whole one grows with every command.
  @Test func helpListsTheCommandsByGroup() throws {
    let sitting = try Sitting([
      ModelsCommand.self, LoadCommand.self, TokensCommand.self, ChooseCommand.self, HelpCommand.self,
    ])
    #expect(
      shown(sitting.run("help"), in: sitting) == """
        models   models  List the models: what they are, size, licence, present or not.
                 load    Open a model and make it the session's.
        tokens   tokens  Split a text into the pieces a model reads, with ids and
                         places.
        session  help    List the commands, or explain one; ?COMMAND is the same.
        `help COMMAND` or `?COMMAND` explains one, with an example that runs. Tab
        completes.
        Topics, with lines to try: `help start`, `keys`, `variables`, `output`,
        `settings`, `teaching`.
        """)
  }

  @Test func helpExplainsOne() throws {
    try typing(
      "help similar",
      shows: """
        OVERVIEW: Compare the meaning of texts: the cosine of their vectors, 1 is the
        same.

        With more than two texts the first is compared with all others.

        USAGE: similar <texts> ... [--model <name|folder>] [--json] [--color <when>]
        [--accessible] [--threads <n>]

        ARGUMENTS:
          <texts>                 Two texts or more.

        COMMON OPTIONS:
          --model <name|folder>   Model to use: a name from `models`, ORG/NAME, or a
                                  folder.
          --json                  Print one JSON object; progress and notices go to
                                  standard error.
          --color <when>          auto, always, never, 16, 256 or truecolor.
          --accessible            No box art, spinners or redraw; pictures become
                                  ranked sentences.
          --threads <n>           Threads of the engine.

        OPTIONS:
          -h, --help              Show help information.

        Try it: similar "A man is eating food." "Someone has a meal."
        """)
  }

  @Test func helpSaysWhatTheExampleNeeds() throws {
    try typing(
      "help next",
      shows: """
        OVERVIEW: Go on: run the cell that is shown, then show what follows.

        USAGE: next [--model <name|folder>] [--json] [--color <when>] [--accessible]
        [--threads <n>]

        OPTIONS:
          --model <name|folder>   Model to use: a name from `models`, ORG/NAME, or a
                                  folder.
          --json                  Print one JSON object; progress and notices go to
                                  standard error.
          --color <when>          auto, always, never, 16, 256 or truecolor.
          --accessible            No box art, spinners or redraw; pictures become
                                  ranked sentences.
          --threads <n>           Threads of the engine.
          -h, --help              Show help information.

        First: lesson 1
        Try it: next
        """)
  }

  @Test func aTypoIsGuessed() throws {
    try typing(
      "clasify good",
      shows: """
        ! There is no command 'clasify'; did you mean `classify`?
        """)
  }

  @Test func anUnknownModelIsSaid() throws {
    try typing(
      "tokens x --model mini",
      shows: """
        ! There is no model 'mini'; did you mean `minilm`?
        """)
  }

  @Test func settingsAreATable() throws {
    try typing(
      "set",
      shows: """
        model       minilm
        seed        42
        threads     2
        color       auto
        accessible  off
        editor      vi
        """)
  }

  @Test func settingsInWords() throws {
    try typing(
      "set", style: .accessible,
      shows: """
        model: minilm
        seed: 42
        threads: 2
        color: auto
        accessible: off
        editor: vi
        """)
  }

  @Test func modelsAreATable() throws {
    try typing(
      "models",
      shows: """
        name         what                         parameters    size  licence       here
        ───────────  ───────────────────────────  ──────────  ──────  ────────────  ────
        minilm       all-MiniLM-L6-v2: a small        22.7 M  397 kB  Apache-2.0    yes
                     encoder trained to compare
                     sentences
        smollm2      SmolLM2-135M-Instruct: a        134.5 M   98 MB  Apache-2.0    no
                     small language model that
                     follows instructions, in 4
                     bits
        en-pt        Bergamot tiny, English to        16.9 M   24 MB  MPL-2.0       no
                     Portuguese: a small
                     translation model, in 8
                     bits
        pt-en        Bergamot tiny, Portuguese        16.9 M   25 MB  MPL-2.0       no
                     to English: a small
                     translation model, in 8
                     bits
        pocket-bert  a small encoder that attune       4.8 M  9.7 MB  CC-BY-SA-4.0  yes
                     pre-trained itself; it
                     comes along
        pocket-gpt   a small decoder that attune       4.7 M  9.7 MB  CC-BY-SA-4.0  yes
                     pre-trained itself; it
                     comes along
        `pull NAME` fetches, `load NAME|FOLDER` opens, `remove NAME` deletes.
        """)
  }

  @Test func modelsInWords() throws {
    try typing(
      "models", style: .accessible,
      shows: """
        minilm; what: all-MiniLM-L6-v2: a small encoder trained to compare sentences;
        parameters: 22.7 M; size: 397 kB; licence: Apache-2.0; here: yes
        smollm2; what: SmolLM2-135M-Instruct: a small language model that follows
        instructions, in 4 bits; parameters: 134.5 M; size: 98 MB; licence: Apache-2.0;
        here: no
        en-pt; what: Bergamot tiny, English to Portuguese: a small translation model, in
        8 bits; parameters: 16.9 M; size: 24 MB; licence: MPL-2.0; here: no
        pt-en; what: Bergamot tiny, Portuguese to English: a small translation model, in
        8 bits; parameters: 16.9 M; size: 25 MB; licence: MPL-2.0; here: no
        pocket-bert; what: a small encoder that attune pre-trained itself; it comes
        along; parameters: 4.8 M; size: 9.7 MB; licence: CC-BY-SA-4.0; here: yes
        pocket-gpt; what: a small decoder that attune pre-trained itself; it comes
        along; parameters: 4.7 M; size: 9.7 MB; licence: CC-BY-SA-4.0; here: yes
        `pull NAME` fetches, `load NAME|FOLDER` opens, `remove NAME` deletes.
        """)
  }

  @Test func infoNamesEveryFact() throws {
    try typing(
      "info", style: .wide,
      shows: """
        minilm
        what          all-MiniLM-L6-v2: a small encoder trained to compare sentences
        licence       Apache-2.0
        family        bert
        architecture  BertForSequenceClassification
        task          text-classification
        labels        NEGATIVE, NEUTRAL, POSITIVE
        parameters    86.5 k
        layers        2
        heads         4 in each layer
        width         32
        vocabulary    2,000
        longest text  128 tokens
        folder        ~/hf/hub/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/tiny
        files         config.json (749 B), model.safetensors (350 kB), special_tokens_map.json (125 B), tokenizer.json (44 kB), tokenizer_config.json (1.2 kB)
        """)
  }

  @Test func partsAddUp() throws {
    try typing(
      "parameters --by-part",
      shows: """
        name                   count  share
        ────────────────────  ──────  ─────
        bert.embeddings       68,224  78.9%
        bert.encoder.layer.0   8,544   9.9%
        bert.encoder.layer.1   8,544   9.9%
        bert.pooler            1,056   1.2%
        classifier.weight         96   0.1%
        classifier.bias            3   0.0%
        86,467 of 86,467 parameters, 346 kB as 32-bit numbers.
        """)
  }

  @Test func lessonsAreListed() throws {
    try typing(
      "lessons",
      shows: """
         #  lesson       title                               level         minutes  done
        ──  ───────────  ──────────────────────────────────  ────────────  ───────  ────
         1  fine-tuning  What fine-tuning is                 beginner           12     -
         2  tokens       How a text becomes numbers          beginner           20     -
         3  attention    Who looks at whom                   beginner           12     -
         4  sentiment    Fine-tune a judge of reviews        beginner           16     -
         5  the-folder   What is in the folder you saved     beginner           10     -
         6  entities     Find the names in a text            beginner           17     -
         7  answers      Find the answer in a text           beginner           17     -
         8  four-ways    Four ways to adapt a model          intermediate       17     -
         9  tips         What goes wrong, and how you see    intermediate       17     -
                         it
        10  ecosystem    The Hugging Face ecosystem,         intermediate       16     -
                         command by command
        11  generation   One token at a time                 beginner           13     -
        12  chat         A chat is generation with a         beginner           10     -
                         template
        13  summaries    Summaries, asked for and trained    beginner           10     -
                         for
        14  translation  Translation, and where the decoder  beginner           11     -
                         looks
        15  style        A voice of its own                  beginner           11     -
        16  pretraining  Pre-train a model yourself          intermediate       18     -

        `lesson 1` opens the first, `lesson` alone goes on where you were.
        """)
  }
}
