import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// What `tokens` shows.
@Suite(.takingTurns) struct TokenScreens {
  @Test func aTextIsAStripOfPieces() throws {
    try typing(
      "tokens 'Unbelievably, the café won!'",
      shows: """
        piece    │ [CLS]   │ unb  │ ##e │ ##l │ ##ie │ ##v │ ##abl │ ##y   │ ,     │
        id       │ 2       │ 1593 │ 84  │ 86  │ 417  │ 103 │ 545   │ 87    │ 15    │
        offsets  │ special │ 0-3  │ 3-4 │ 4-5 │ 5-7  │ 7-8 │ 8-11  │ 11-12 │ 12-13 │

        piece    │ the   │ ca    │ ##f   │ ##e   │ w     │ ##on  │ !     │ [SEP]   │
        id       │ 117   │ 1481  │ 90    │ 84    │ 63    │ 119   │ 5     │ 3       │
        offsets  │ 14-17 │ 18-20 │ 20-21 │ 21-22 │ 23-24 │ 24-26 │ 26-27 │ special │
        17 tokens: 15 pieces of 6 words, 2 special.
        """)
  }

  @Test func aNarrowScreenFoldsTheStrip() throws {
    try typing(
      "tokens 'Unbelievably, the café won!'", style: .narrow,
      shows: """
        piece    │ [CLS]   │ unb  │ ##e │ ##l │
        id       │ 2       │ 1593 │ 84  │ 86  │
        offsets  │ special │ 0-3  │ 3-4 │ 4-5 │

        piece    │ ##ie │ ##v │ ##abl │ ##y   │
        id       │ 417  │ 103 │ 545   │ 87    │
        offsets  │ 5-7  │ 7-8 │ 8-11  │ 11-12 │

        piece    │ ,     │ the   │ ca    │
        id       │ 15    │ 117   │ 1481  │
        offsets  │ 12-13 │ 14-17 │ 18-20 │

        piece    │ ##f   │ ##e   │ w     │
        id       │ 90    │ 84    │ 63    │
        offsets  │ 20-21 │ 21-22 │ 23-24 │

        piece    │ ##on  │ !     │ [SEP]   │
        id       │ 119   │ 5     │ 3       │
        offsets  │ 24-26 │ 26-27 │ special │
        17 tokens: 15 pieces of 6 words, 2
        special.
        """)
  }

  @Test func withoutUnicodeTheBarsArePlain() throws {
    try typing(
      "tokens 'Who won?'", style: .ascii,
      shows: """
        piece    | [CLS]   | wh  | ##o | w   | ##on | ?   | [SEP]   |
        id       | 2       | 188 | 82  | 63  | 119  | 34  | 3       |
        offsets  | special | 0-2 | 2-3 | 4-5 | 5-7  | 7-8 | special |
        7 tokens: 5 pieces of 3 words, 2 special.
        """)
  }

  @Test func readersAreTold() throws {
    try typing(
      "tokens 'Who won?'", style: .accessible,
      shows: """
        7 tokens, 2 of them special
        1. [CLS], id 2, special token
        2. wh, id 188, characters 0 to 2
        3. ##o, id 82, characters 2 to 3
        4. w, id 63, characters 4 to 5
        5. ##on, id 119, characters 5 to 7
        6. ?, id 34, characters 7 to 8
        7. [SEP], id 3, special token
        7 tokens: 5 pieces of 3 words, 2 special.
        """)
  }

  @Test func theStepsComeFirst() throws {
    try typing(
      "tokens 'The CAFÉ, 1st' --steps",
      shows: """
        text        The CAFÉ, 1st
        normalised  the cafe, 1st
        words       the | cafe | , | 1st
        piece    │ [CLS]   │ the │ ca   │ ##f │ ##e │ ,   │ 1     │ ##st  │ [SEP]   │
        id       │ 2       │ 117 │ 1481 │ 90  │ 84  │ 15  │ 20    │ 158   │ 3       │
        offsets  │ special │ 0-3 │ 4-6  │ 6-7 │ 7-8 │ 8-9 │ 10-11 │ 11-13 │ special │
        9 tokens: 7 pieces of 4 words, 2 special.
        """)
  }

  @Test func aPairHasItsSeparators() throws {
    try typing(
      "tokens 'Who won?' --pair 'The cafe.'",
      shows: """
        piece    │ [CLS]   │ wh  │ ##o │ w   │ ##on │ ?   │ [SEP]   │ the │ ca   │ ##f │
        id       │ 2       │ 188 │ 82  │ 63  │ 119  │ 34  │ 3       │ 117 │ 1481 │ 90  │
        offsets  │ special │ 0-2 │ 2-3 │ 4-5 │ 5-7  │ 7-8 │ special │ 0-3 │ 4-6  │ 6-7 │

        piece    │ ##e │ .   │ [SEP]   │
        id       │ 84  │ 17  │ 3       │
        offsets  │ 7-8 │ 8-9 │ special │
        13 tokens: 10 pieces of 6 words, 3 special.
        """)
  }

  @Test func whatIsCutOffComesInParts() throws {
    try typing(
      "tokens 'one two three four' --max-length 5 --stride 1",
      shows: """
        piece    │ [CLS]   │ one │ two │ three │ [SEP]   │
        id       │ 2       │ 372 │ 642 │ 913   │ 3       │
        offsets  │ special │ 0-3 │ 4-7 │ 8-13  │ special │
        cut off
        piece    │ [CLS]   │ three │ four  │ [SEP]   │
        id       │ 2       │ 913   │ 1894  │ 3       │
        offsets  │ special │ 8-13  │ 14-18 │ special │
        5 tokens: 3 pieces of 3 words, 2 special.
        """)
  }

  @Test func emojiAndAccentsKeepTheirPlaces() throws {
    try typing(
      "tokens '日本 é 👍 x'",
      shows: """
        piece    │ [CLS]   │ [UNK] │ [UNK] │ e   │ [UNK] │ x   │ [SEP]   │
        id       │ 2       │ 1     │ 1     │ 45  │ 1     │ 64  │ 3       │
        offsets  │ special │ 0-1   │ 1-2   │ 3-4 │ 6-7   │ 8-9 │ special │
        7 tokens: 5 pieces of 5 words, 2 special.
        """)
  }

  @Test func piecesHaveCyclingColours() throws {
    try typing(
      "tokens 'the won'", style: .color(.sixteen),
      shows: """
        \u{1B}[2mpiece    \u{1B}[0m \u{1B}[1;2m [CLS]   \u{1B}[0m \u{1B}[30;103m the \u{1B}[0m \u{1B}[30;102m w   \u{1B}[0m \u{1B}[30;105m ##on \u{1B}[0m \u{1B}[1;2m [SEP]\u{1B}[0m
        \u{1B}[2mid       \u{1B}[0m \u{1B}[2m 2       \u{1B}[0m  117   63    119   \u{1B}[2m 3\u{1B}[0m
        \u{1B}[2moffsets  \u{1B}[0m \u{1B}[2m special \u{1B}[0m  0-3   4-5   5-7   \u{1B}[2m special\u{1B}[0m
        \u{1B}[2m5 tokens: 3 pieces of 2 words, 2 special.\u{1B}[0m
        """)
    try typing(
      "tokens 'the won'", style: .color(.palette256),
      shows: """
        \u{1B}[2mpiece    \u{1B}[0m \u{1B}[1;2m [CLS]   \u{1B}[0m \u{1B}[38;5;233;48;5;223m the \u{1B}[0m \u{1B}[38;5;233;48;5;152m w   \u{1B}[0m \u{1B}[38;5;233;48;5;225m ##on \u{1B}[0m \u{1B}[1;2m [SEP]\u{1B}[0m
        \u{1B}[2mid       \u{1B}[0m \u{1B}[2m 2       \u{1B}[0m  117   63    119   \u{1B}[2m 3\u{1B}[0m
        \u{1B}[2moffsets  \u{1B}[0m \u{1B}[2m special \u{1B}[0m  0-3   4-5   5-7   \u{1B}[2m special\u{1B}[0m
        \u{1B}[2m5 tokens: 3 pieces of 2 words, 2 special.\u{1B}[0m
        """)
    try typing(
      "tokens 'the won'", style: .color(.truecolor),
      shows: """
        \u{1B}[2mpiece    \u{1B}[0m \u{1B}[1;2m [CLS]   \u{1B}[0m \u{1B}[38;2;16;16;16;48;2;240;211;163m the \u{1B}[0m \u{1B}[38;2;16;16;16;48;2;179;230;196m w   \u{1B}[0m \u{1B}[38;2;16;16;16;48;2;237;201;245m ##on \u{1B}[0m \u{1B}[1;2m [SEP]\u{1B}[0m
        \u{1B}[2mid       \u{1B}[0m \u{1B}[2m 2       \u{1B}[0m  117   63    119   \u{1B}[2m 3\u{1B}[0m
        \u{1B}[2moffsets  \u{1B}[0m \u{1B}[2m special \u{1B}[0m  0-3   4-5   5-7   \u{1B}[2m special\u{1B}[0m
        \u{1B}[2m5 tokens: 3 pieces of 2 words, 2 special.\u{1B}[0m
        """)
  }

  @Test func everyStageIsWalkedThrough() throws {
    try typing(
      "tokens 'The café 🍕' --explain --tokenizer samples/tokenizers/wordpiece.json",
      shows: """
        stage                        gives
        ─────────  ────────────────  ────────────────────────────────────────────
        normalise  BertNormalizer    the·cafe·🍕
        split      BertPreTokenizer  the | cafe | 🍕
        cut        WordPiece         the | c | ##af | ##e | [UNK]
        add        BertProcessing    [CLS] | the | c | ##af | ##e | [UNK] | [SEP]
        piece    │ [CLS]   │ the │ c   │ ##af │ ##e │ [UNK] │ [SEP]   │
        id       │ 2       │ 98  │ 28  │ 727  │ 60  │ 1     │ 3       │
        offsets  │ special │ 0-3 │ 4-5 │ 5-7  │ 7-8 │ 9-10  │ special │
        ## goes on with the word before it.
        · is a space, made visible.
        7 tokens: 5 pieces of 3 words, 2 special.
        """)
  }

  @Test func byteLevelMarksAreExplained() throws {
    try typing(
      "tokens 'The café\t🍕' --explain --tokenizer samples/tokenizers/bpe.json",
      shows: """
        stage             gives
        ─────  ─────────  ─────────────────────────────────────────
        split  ByteLevel  The | ĠcafÃ© | ĉ | ðŁįķ
        cut    BPE        The | Ġca | f | Ã | © | ĉ | ð | Ł | į | ķ
        piece    │ The │ Ġca │ f   │ Ã   │ ©   │ ĉ   │ ð    │ Ł    │ į    │ ķ    │
        id       │ 297 │ 356 │ 70  │ 128 │ 103 │ 198 │ 173  │ 254  │ 236  │ 244  │
        offsets  │ 0-3 │ 3-6 │ 6-7 │ 7-8 │ 7-8 │ 8-9 │ 9-10 │ 9-10 │ 9-10 │ 9-10 │
        Ġ stands for a space: byte-level pieces write every byte as a visible character.
        ĉ stands for a tab.
        10 tokens: 10 pieces of 4 words, 0 special.
        """)
  }

  @Test func aPairIsWalkedThroughTextByText() throws {
    try typing(
      "tokens 'Who won?' --pair 'The cafe.' --explain",
      shows: """
        stage                        gives
        ─────────  ────────────────  ───────────────────────
        normalise  BertNormalizer    who·won?
        split      BertPreTokenizer  who | won | ?
        cut        WordPiece         wh | ##o | w | ##on | ?
        stage                          gives
        ─────────  ──────────────────  ─────────────────────────────────────────────────
        normalise  BertNormalizer      the·cafe.
        split      BertPreTokenizer    the | cafe | .
        cut        WordPiece           the | ca | ##f | ##e | .
        add        TemplateProcessing  [CLS] | wh | ##o | w | ##on | ? | [SEP] | the |
                                       ca | ##f | ##e | . | [SEP]
        piece    │ [CLS]   │ wh  │ ##o │ w   │ ##on │ ?   │ [SEP]   │ the │ ca   │ ##f │
        id       │ 2       │ 188 │ 82  │ 63  │ 119  │ 34  │ 3       │ 117 │ 1481 │ 90  │
        offsets  │ special │ 0-2 │ 2-3 │ 4-5 │ 5-7  │ 7-8 │ special │ 0-3 │ 4-6  │ 6-7 │

        piece    │ ##e │ .   │ [SEP]   │
        id       │ 84  │ 17  │ 3       │
        offsets  │ 7-8 │ 8-9 │ special │
        ## goes on with the word before it.
        · is a space, made visible.
        13 tokens: 10 pieces of 6 words, 3 special.
        """)
  }

  @Test func wideAndCombiningCharactersLineUp() throws {
    try typing(
      "tokens '日本 e\u{301} 👩‍👩‍👧 ไก่ x' --explain --tokenizer samples/tokenizers/unigram.json",
      shows: """
        stage                      gives
        ─────  ──────────────────  ─────────────────────────────────────────────────────
        split  Metaspace           ▁日本 | ▁é | ▁👩‍👩‍👧 | ▁ไก่ | ▁x
        cut    Unigram             ▁ | 日本 | ▁ | e | ◌́ | ▁ | 👩‍👩‍👧 | ▁ | ไก่ | ▁ | x
        add    TemplateProcessing  ▁ | 日本 | ▁ | e | ◌́ | ▁ | 👩‍👩‍👧 | ▁ | ไก่ | ▁ | x | </s>
        piece    │ ▁   │ 日本 │ ▁   │ e   │ ◌́   │ ▁   │ 👩‍👩‍👧   │ ▁     │ ไก่    │ ▁     │
        id       │ 10  │ 2    │ 10  │ 12  │ 2   │ 10  │ 2    │ 10    │ 2     │ 10    │
        offsets  │ 0-1 │ 0-2  │ 2-3 │ 3-4 │ 4-5 │ 5-6 │ 6-11 │ 11-12 │ 12-15 │ 15-16 │

        piece    │ x     │ </s>    │
        id       │ 462   │ 1       │
        offsets  │ 16-17 │ special │
        ▁ stands for a space and starts a word.
        12 tokens: 11 pieces of 5 words, 1 special.
        """)
  }

  @Test func theWalkHasColours() throws {
    try typing(
      "tokens 'the won' --explain", style: .color(.sixteen),
      shows: """
        \u{1B}[1mstage    \u{1B}[0m  \u{1B}[1m                  \u{1B}[0m  \u{1B}[1mgives\u{1B}[0m
        \u{1B}[2m─────────\u{1B}[0m  \u{1B}[2m──────────────────\u{1B}[0m  \u{1B}[2m──────────────────────────────\u{1B}[0m
        \u{1B}[2mnormalise\u{1B}[0m  BertNormalizer      the·won
        \u{1B}[2msplit    \u{1B}[0m  BertPreTokenizer    the | won
        \u{1B}[2mcut      \u{1B}[0m  WordPiece           the | w | ##on
        \u{1B}[2madd      \u{1B}[0m  TemplateProcessing  [CLS] | the | w | ##on | [SEP]
        \u{1B}[2mpiece    \u{1B}[0m \u{1B}[1;2m [CLS]   \u{1B}[0m \u{1B}[30;103m the \u{1B}[0m \u{1B}[30;102m w   \u{1B}[0m \u{1B}[30;105m ##on \u{1B}[0m \u{1B}[1;2m [SEP]\u{1B}[0m
        \u{1B}[2mid       \u{1B}[0m \u{1B}[2m 2       \u{1B}[0m  117   63    119   \u{1B}[2m 3\u{1B}[0m
        \u{1B}[2moffsets  \u{1B}[0m \u{1B}[2m special \u{1B}[0m  0-3   4-5   5-7   \u{1B}[2m special\u{1B}[0m
        \u{1B}[2m## goes on with the word before it.\u{1B}[0m
        \u{1B}[2m· is a space, made visible.\u{1B}[0m
        \u{1B}[2m5 tokens: 3 pieces of 2 words, 2 special.\u{1B}[0m
        """)
  }

  @Test func aFolderWithATokenizerWillDoForAModel() throws {
    let sitting = try Sitting(NotebookCommands.rows)
    let folder = sitting.folder.appendingPathComponent("pieces")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Sitting.root.appendingPathComponent("samples/tokenizers/bpe.json"),
      to: folder.appendingPathComponent("tokenizer.json"))
    let result = sitting.run("tokens 'the won' --model \(folder.path)")
    #expect(result.lines.last == "3 tokens: 3 pieces of 2 words, 0 special.")
  }

  /// Weights that carry their own description are the model, even where the folder has no tokenizer beside them.
  @Test func aFolderWithAGGUFFileIsReadAsThatFile() throws {
    let sitting = try Sitting(NotebookCommands.rows)
    let folder = sitting.folder.appendingPathComponent("weights")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("GGUF".utf8).write(to: folder.appendingPathComponent("cut-off.gguf"))
    let result = sitting.run("tokens 'the won' --model \(folder.path)")
    #expect(result.notices.joined().contains("cut-off.gguf"), "\(result.notices)")
  }
}
