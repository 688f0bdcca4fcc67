import Drawing
import TestSupport
import Testing

/// What `vocabulary`, `compare-tokenizers` and `train-tokenizer` show.
@Suite(.takingTurns) struct VocabularyScreens {
  private let families = ["wordpiece", "bpe", "unigram"].map { "samples/tokenizers/\($0).json" }.joined(separator: " ")

  @Test func aVocabularyHasScriptsAndLengths() throws {
    try typing(
      "vocabulary --top 3 --tokenizer samples/tokenizers/bpe.json",
      shows: """
        BPE with 1000 pieces.
        pieces by script
         Latin  ██████████████████████████████████████████████████  792
         bytes  ████████▏                                           128
        Common  █████                                               80
        pieces by length, in characters
         1  ██████████████████████████████████████████████████  256
         2  ████████████████████████████████                    164
         3  ████████████████████████████████████████████▉       230
         4  ██████████████████████████████▉                     158
         5  ██████████████████████▌                             115
         6  █████████▊                                          50
         7  ██▌                                                 13
         8  ██                                                  10
        10  ▋                                                   3
        13  ▎                                                   1
        the longest
         id  piece       text        length  script
        ───  ──────────  ──────────  ──────  ──────
        877  Ġexcellent  ·excellent      10  Latin
        914  Ġbeautiful  ·beautiful      10  Latin
        982  Ġwonderful  ·wonderful      10  Latin
        Ġ stands for a space: byte-level pieces write every byte as a visible character.
        · is a space, made visible.
        """)
  }

  @Test func piecesAreFoundById() throws {
    try typing(
      "vocabulary --id 0 3 117",
      shows: """
         id  piece  text   length  script
        ───  ─────  ─────  ──────  ───────
          0  [PAD]  [PAD]       5  special
          3  [SEP]  [SEP]       5  special
        117  the    the         3  Latin
        3 pieces of 2000.
        """)
  }

  @Test func piecesAreFoundByTheirText() throws {
    try typing(
      "vocabulary --piece Ġthe able --tokenizer samples/tokenizers/bpe.json",
      shows: """
         id  piece  text  length  script
        ───  ─────  ────  ──────  ──────
        260  Ġthe   ·the       4  Latin
        531  able   able       4  Latin
        Ġ stands for a space: byte-level pieces write every byte as a visible character.
        · is a space, made visible.
        2 pieces of 1000.
        """)
  }

  @Test func piecesAreFoundByPattern() throws {
    try typing(
      "vocabulary --matching '^▁un' --top 3 --tokenizer samples/tokenizers/unigram.json",
      shows: """
         id  piece       text        length  script
        ───  ──────────  ──────────  ──────  ──────
        151  ▁un         ·un              3  Latin
        254  ▁under      ·under           6  Latin
        941  ▁unhelpful  ·unhelpful      10  Latin
        ▁ stands for a space and starts a word.
        · is a space, made visible.
        3 pieces of 1000.
        """)
  }

  @Test func nothingFoundIsSaid() throws {
    try typing(
      "vocabulary --matching zzzz",
      shows: """
        None of the 2000 pieces matches.
        """)
  }

  @Test func anIdBeyondTheEndIsSaid() throws {
    try typing(
      "vocabulary --id 9999999",
      shows: """
        ! There is no id 9999999; this tokenizer has 0 to 1999.
        """)
  }

  @Test func piecesHaveColours() throws {
    try typing(
      "vocabulary --piece Ġthe --tokenizer samples/tokenizers/bpe.json", style: .color(.sixteen),
      shows: """
        \u{1B}[1m id\u{1B}[0m  \u{1B}[1mpiece\u{1B}[0m  \u{1B}[1mtext\u{1B}[0m  \u{1B}[1mlength\u{1B}[0m  \u{1B}[1mscript\u{1B}[0m
        \u{1B}[2m───\u{1B}[0m  \u{1B}[2m─────\u{1B}[0m  \u{1B}[2m────\u{1B}[0m  \u{1B}[2m──────\u{1B}[0m  \u{1B}[2m──────\u{1B}[0m
        \u{1B}[2m260\u{1B}[0m  \u{1B}[36mĠthe \u{1B}[0m  ·the       4  \u{1B}[2mLatin\u{1B}[0m
        \u{1B}[2mĠ stands for a space: byte-level pieces write every byte as a visible character.\u{1B}[0m
        \u{1B}[2m· is a space, made visible.\u{1B}[0m
        \u{1B}[2m1 piece of 1000.\u{1B}[0m
        """)
  }

  @Test func readersAreToldThePieces() throws {
    try typing(
      "vocabulary --piece Ġthe --tokenizer samples/tokenizers/bpe.json", style: .accessible,
      shows: """
        id 260; piece: Ġthe; text: ·the; length: 4; script: Latin
        Ġ stands for a space: byte-level pieces write every byte as a visible character.
        · is a space, made visible.
        1 piece of 1000.
        """)
  }

  @Test func threeFamiliesSideBySide() throws {
    try typing(
      "compare-tokenizers \(families) --text 'Unforgettable naïve 🍕'",
      shows: """
        tokenizer  kind       vocabulary  tokens  characters a token  unknown  relative
        ─────────  ─────────  ──────────  ──────  ──────────────────  ───────  ────────
        wordpiece  WordPiece        1000      10                2.10        1      1.00
        bpe        BPE              1000      17                1.24        0      1.70
        unigram    Unigram          1000      14                1.50        2      1.40

        tokenizer  pieces
        ─────────  ─────────────────────────────────────────────────────────────────────
        wordpiece  un | ##f | ##or | ##get | ##t | ##able | n | ##a | ##ive | [UNK]
        bpe        U | n | f | or | get | t | able | Ġn | a | Ã | ¯ | ve | Ġ | ð | Ł | į
                   | ķ
        unigram    ▁U | n | f | or | g | et | t | able | ▁n | a | ï | ve | ▁ | 🍕
        Ġ stands for a space: byte-level pieces write every byte as a visible character.
        ▁ stands for a space and starts a word.
        ## goes on with the word before it.
        """)
  }

  @Test func aPriceTakesThePlaceOfTheRatio() throws {
    try typing(
      "compare-tokenizers \(families) --text '日本 e\u{301} x' --price 250000",
      shows: """
        tokenizer  kind       vocabulary  tokens  characters a token  unknown      cost
        ─────────  ─────────  ──────────  ──────  ──────────────────  ───────  ────────
        wordpiece  WordPiece        1000       4                1.75        2  1.000000
        bpe        BPE              1000      11                0.64        0  2.750000
        unigram    Unigram          1000       7                1.00        2  1.750000

        tokenizer  pieces
        ─────────  ──────────────────────────────────────────
        wordpiece  [UNK] | [UNK] | e | x
        bpe        æ | Ĺ | ¥ | æ | ľ | ¬ | Ġe | Ì | ģ | Ġ | x
        unigram    ▁ | 日本 | ▁ | e | ◌́ | ▁ | x
        Ġ stands for a space: byte-level pieces write every byte as a visible character.
        ▁ stands for a space and starts a word.
        """)
  }

  @Test func comparedTokenizersHaveColours() throws {
    try typing(
      "compare-tokenizers samples/tokenizers/wordpiece.json samples/tokenizers/bpe.json --text '🍕 x'",
      style: .color(.sixteen),
      shows: """
        \u{1B}[1mtokenizer\u{1B}[0m  \u{1B}[1mkind     \u{1B}[0m  \u{1B}[1mvocabulary\u{1B}[0m  \u{1B}[1mtokens\u{1B}[0m  \u{1B}[1mcharacters a token\u{1B}[0m  \u{1B}[1munknown\u{1B}[0m  \u{1B}[1mrelative\u{1B}[0m
        \u{1B}[2m─────────\u{1B}[0m  \u{1B}[2m─────────\u{1B}[0m  \u{1B}[2m──────────\u{1B}[0m  \u{1B}[2m──────\u{1B}[0m  \u{1B}[2m──────────────────\u{1B}[0m  \u{1B}[2m───────\u{1B}[0m  \u{1B}[2m────────\u{1B}[0m
        wordpiece  \u{1B}[2mWordPiece\u{1B}[0m        1000  \u{1B}[1m     2\u{1B}[0m                1.50  \u{1B}[31m      1\u{1B}[0m      1.00
        bpe        \u{1B}[2mBPE      \u{1B}[0m        1000  \u{1B}[1m     6\u{1B}[0m                0.50        0      3.00

        \u{1B}[1mtokenizer\u{1B}[0m  \u{1B}[1mpieces\u{1B}[0m
        \u{1B}[2m─────────\u{1B}[0m  \u{1B}[2m─────────────────────\u{1B}[0m
        \u{1B}[2mwordpiece\u{1B}[0m  [UNK] | x
        \u{1B}[2mbpe      \u{1B}[0m  ð | Ł | į | ķ | Ġ | x
        \u{1B}[2mĠ stands for a space: byte-level pieces write every byte as a visible character.\u{1B}[0m
        """)
  }

  @Test func mergesAreShownOneByOne() throws {
    try typing(
      "train-tokenizer --kind bpe --size 300 --show-merges 2 --text 'ring king bring string thing in in'",
      shows: """
        merge 1    i + n → in
        counts     i+n 7, n+g 5, r+i 3, Ġ+i 2, b+r 1
        words now  Ġ in | r in g | Ġ k in g | Ġ b r in g | Ġ s t r in g | Ġ t h in g
        merge 2    in + g → ing
        counts     in+g 5, r+in 3, Ġ+in 2, b+r 1, h+in 1
        words now  Ġ in | r ing | Ġ k ing | Ġ b r ing | Ġ s t r ing | Ġ t h ing
        Ġ stands for a space: byte-level pieces write every byte as a visible character.
        bpe: 271 pieces from 7 words, 6 of them different; 1.00 pieces a word.
        """)
  }

  @Test func mergesInsideWordsHaveTheirMark() throws {
    try typing(
      "train-tokenizer --kind wordpiece --size 40 --show-merges 1 --text 'low low lower newest newest widest'",
      shows: """
        merge 1    l + ##o → lo
        counts     l+##o 3, ##o+##w 3, ##w+##e 3, ##e+##s 3, ##s+##t 3
        words now  lo ##w | n ##e ##w ##e ##s ##t | lo ##w ##e ##r | w ##i ##d ##e ##s
                   ##t
        ## goes on with the word before it.
        wordpiece: 36 pieces from 6 words, 4 of them different; 1.00 pieces a word.
        """)
  }

  @Test func mergesHaveColours() throws {
    try typing(
      "train-tokenizer --kind bpe --size 300 --show-merges 1 --text 'on son pond' --guess on+d",
      style: .color(.sixteen),
      shows: """
        \u{1B}[1mmerge 1  \u{1B}[0m  o + n → on
        \u{1B}[2mcounts   \u{1B}[0m  o+n 3, n+d 1, p+o 1, s+o 1, Ġ+p 1
        \u{1B}[2mwords now\u{1B}[0m  on | Ġ s on | Ġ p on d
        \u{1B}[2mĠ stands for a space: byte-level pieces write every byte as a visible character.\u{1B}[0m
        \u{1B}[32mRight: on + d occurs 1 time, and no pair more often.\u{1B}[0m
        bpe: 263 pieces from 3 words, 3 of them different; 1.00 pieces a word.
        """)
  }

  @Test func aGuessIsJudgedButNotCorrected() throws {
    try typing(
      "train-tokenizer --kind bpe --size 300 --text 'ring king sing in' --guess n+g",
      shows: """
        Not yet: n + g occurs 3 times, and another pair more often.
        bpe: 265 pieces from 4 words, 4 of them different; 1.00 pieces a word.
        """)
  }
}
