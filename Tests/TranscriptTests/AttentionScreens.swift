import Drawing
import TestSupport
import Testing

/// What `attention` shows: a heat map, ranked lines, or all heads.
@Suite(.takingTurns) struct AttentionScreens {
  @Test func allTokensAreAHeatMap() throws {
    try typing(
      "attention 'The cat was it'",
      shows: """
        Attention, layer 1 of 0-1, mean of all heads
        ↓ from   → to
              [CLS] the   ca    ##t   was   it    [SEP]
        [CLS] ░.13  ░.08  ░.20  ░.18  ░.16  ░.17  ░.08
          the ░.19  ░.15  ░.13  ░.09  ░.15  ░.15  ░.15
           ca ░.19  ░.06  ░.16  ░.16  ░.13  ░.11  ░.19
          ##t ░.20  ░.09  ░.23  ·     ░.20  ░.20  ░.07
          was ░.08  ░.19  ░.10  ·     ▒.33  ░.12  ░.15
           it ░.08  ░.22  ·     ·     ░.25  ░.23  ░.17
        [SEP] ░.22  ·     ░.11  ░.09  ░.14  ▒.28  ░.13
        0.00 ·░▒▓█ 1.00  attention weight, · is under 0.05
        """)
  }

  @Test func aNarrowHeatMapHasDigits() throws {
    try typing(
      "attention 'The cat was it'", style: .narrow,
      shows: """
        Attention, layer 1 of 0-1, mean of all …
        ↓ from   → to
              [                 [
              C                 S
              L  t     #  w     E
              S  h  c  #  a  i  P
              ]  e  a  t  s  t  ]
        [CLS] ░1 ░0 ░2 ░1 ░1 ░1 ░0
          the ░1 ░1 ░1 ░0 ░1 ░1 ░1
           ca ░1 ░0 ░1 ░1 ░1 ░1 ░1
          ##t ░2 ░0 ░2 ·  ░1 ░1 ░0
          was ░0 ░1 ░0 ·  ▒3 ░1 ░1
           it ░0 ░2 ·  ·  ░2 ░2 ░1
        [SEP] ░2 ·  ░1 ░0 ░1 ▒2 ░1
        0.00 ·░▒▓█ 1.00
        attention weight, · is under 0.05, 9 is
        the top tenth
        """)
  }

  @Test func withoutUnicodeShadesAreLetters() throws {
    try typing(
      "attention 'The cat was it'", style: .ascii,
      shows: """
        Attention, layer 1 of 0-1, mean of all heads
        down: from   across: to
              [CLS] the   ca    ##t   was   it    [SEP]
        [CLS] :.13  :.08  :.20  :.18  :.16  :.17  :.08
          the :.19  :.15  :.13  :.09  :.15  :.15  :.15
           ca :.19  :.06  :.16  :.16  :.13  :.11  :.19
          ##t :.20  :.09  :.23  .     :.20  :.20  :.07
          was :.08  :.19  :.10  .     +.33  :.12  :.15
           it :.08  :.22  .     .     :.25  :.23  :.17
        [SEP] :.22  .     :.11  :.09  :.14  +.28  :.13
        0.00 .:+%# 1.00  attention weight, . is under 0.05
        """)
  }

  @Test func readersHearTheStrongestFirst() throws {
    try typing(
      "attention 'The cat was it'", style: .accessible,
      shows: """
        Attention, layer 1 of 0-1, mean of all heads: 7 rows by 7 columns, attention
        weight from 0.02 to 0.33
        strongest: was looks at was 0.33
        number 2: [SEP] looks at it 0.28
        number 3: it looks at was 0.25
        number 4: it looks at it 0.23
        number 5: ##t looks at ca 0.23
        row 1: [CLS] looks at ca 0.20
        row 2: the looks at [CLS] 0.19
        row 3: ca looks at [SEP] 0.19
        row 4: ##t looks at ca 0.23
        row 5: was looks at was 0.33
        row 6: it looks at was 0.25
        row 7: [SEP] looks at it 0.28
        """)
  }

  @Test func oneTokenIsRankedBars() throws {
    try typing(
      "attention 'The cat was it' --from it --top 3",
      shows: """
        it (token 5) looks at, layer 1 of 0-1, mean of all heads
        was 4  ████████████▍                                       0.248
         it 5  ███████████▌                                        0.229
        the 1  ██████████▉                                         0.217
        """)
  }

  @Test func rankedBarsOnANarrowScreen() throws {
    try typing(
      "attention 'The cat was it' --from it --top 3", style: .narrow,
      shows: """
        it (token 5) looks at, layer 1 of 0-1, …
        was 4  ██████▌                     0.248
         it 5  ██████                      0.229
        the 1  █████▋                      0.217
        """)
  }

  @Test func rankedBarsInWords() throws {
    try typing(
      "attention 'The cat was it' --from it --top 3", style: .accessible,
      shows: """
        it (token 5) looks at, layer 1 of 0-1, mean of all heads:
        was 4: 0.248
        it 5: 0.229
        the 1: 0.217
        """)
  }

  @Test func allHeadsStandSideBySide() throws {
    try typing(
      "attention 'The cat was it' --heads",
      shows: """
        Attention, layer 1 of 0-1, all heads
        rows look, columns are looked at: [CLS] the ca ##t was it [SEP]
              head 0   head 1   head 2   head 3
        [CLS] ░░░░░░░  ░░░▓···  ░·▓·░··  ····▒▒·
          the ▒·····▒  ░·░·▒░·  ·▓░░···  ·░░░░▒░
           ca ▒░░░··░  ░░░▒·░░  ▒·▒···░  ····▒▒▒
          ##t ░···▒░░  ▓·░·▒··  ·▒▓···░  ·░░··▓·
          was ░···░░▓  ░░░░░░░  ·▓░·░░·  ····█░·
           it ▒·····▓  ····█··  ·█·░···  ··░··█·
        [SEP] ▒·░···▒  ▒░░▒···  ░·░·▓░·  ·····█·

        0.00 ·░▒▓█ 1.00  attention weight
        """)
  }

  @Test func oneTokenIsALineOfEveryHead() throws {
    try typing(
      "attention 'The cat was it' --heads --from it",
      shows: """
        it (token 5) looks at, layer 1 of 0-1, head by head
        ↓ head   → to
               [CLS] the   ca    ##t   was   it    [SEP]
        head 0 ▒.29  ·     ·     ·     ·     ·     ▓.69
        head 1 ·     ·     ·     ·     █.98  ·     ·
        head 2 ·     █.86  ·     ░.11  ·     ·     ·
        head 3 ·     ·     ░.07  ·     ·     █.91  ·
        0.00 ·░▒▓█ 1.00  attention weight, · is under 0.05
        """)
  }

  @Test func wordsWithoutQuotesAreTold() throws {
    try typing(
      "similar The cat was",
      shows: """
        Nearest in meaning to “The”
        cat  ████████████████████████████████████████████▉       0.897
        was  ██████████████████████████████████████████▋         0.853
        ! Each of these 3 words is a text of its own; a sentence stands in quotes.
        """)
  }

  @Test func withoutUnicodeHeadsAreDigits() throws {
    try typing(
      "attention 'The cat was it' --heads", style: .ascii,
      shows: """
        Attention, layer 1 of 0-1, all heads
        rows look, columns are looked at: [CLS] the ca ##t was it [SEP]
              head 0   head 1   head 2   head 3
        [CLS] 1101012  2005...  1.6.0..  ....44.
          the 4.....3  2.1.31.  .512...  .010141
           ca 3111..2  1014.10  2.4...2  ....422
          ##t 1...421  6.0.2..  .26...0  .11..5.
          was 1...215  1121110  .61.01.  ....80.
           it 2.....6  ....9..  .8.1...  ..0..9.
        [SEP] 3.1...4  4013...  0.1.51.  .....9.

        0.00 .0123456789 1.00  attention weight, 9 is the top tenth
        """)
  }

  @Test func headsInWords() throws {
    try typing(
      "attention 'The cat was it' --heads", style: .accessible,
      shows: """
        Attention, layer 1 of 0-1, all heads: 4 maps, attention weight, from 0.00 to
        1.00
        head 0: 7 by 7, strongest 0.69 from it to [SEP]
        head 1: 7 by 7, strongest 0.98 from it to was
        head 2: 7 by 7, strongest 0.86 from it to the
        head 3: 7 by 7, strongest 0.92 from [SEP] to it
        """)
  }

  @Test func cellsHaveTheColourOfTheirWeight() throws {
    try typing(
      "attention was", style: .color(.sixteen),
      shows: """
        \u{1B}[1mAttention, layer 1 of 0-1, mean of all heads\u{1B}[0m
        \u{1B}[2m↓ from   → to\u{1B}[0m
              [CLS] was   [SEP]
        [CLS] \u{1B}[30;46m .72  \u{1B}[0m\u{1B}[97;40m .13   .15  \u{1B}[0m
          was \u{1B}[30;46m .57  \u{1B}[0m\u{1B}[97;40m .09  \u{1B}[0m\u{1B}[97;44m .34  \u{1B}[0m
        [SEP] \u{1B}[97;44m .34   .48  \u{1B}[0m\u{1B}[97;40m .18  \u{1B}[0m
        \u{1B}[2m0.00 \u{1B}[0m\u{1B}[40m     \u{1B}[0m\u{1B}[44m     \u{1B}[0m\u{1B}[46m     \u{1B}[0m\u{1B}[103m     \u{1B}[0m\u{1B}[2m 1.00  attention weight, empty is under 0.05\u{1B}[0m
        """)
    try typing(
      "attention was", style: .color(.palette256),
      shows: """
        \u{1B}[1mAttention, layer 1 of 0-1, mean of all heads\u{1B}[0m
        \u{1B}[2m↓ from   → to\u{1B}[0m
              [CLS] was   [SEP]
        [CLS] \u{1B}[38;5;233;48;5;149m .72  \u{1B}[0m\u{1B}[38;5;231;48;5;54m .13   .15  \u{1B}[0m
          was \u{1B}[38;5;233;48;5;78m .57  \u{1B}[0m\u{1B}[38;5;231;48;5;54m .09  \u{1B}[0m\u{1B}[38;5;233;48;5;31m .34  \u{1B}[0m
        [SEP] \u{1B}[38;5;233;48;5;31m .34  \u{1B}[0m\u{1B}[38;5;233;48;5;72m .48  \u{1B}[0m\u{1B}[38;5;231;48;5;55m .18  \u{1B}[0m
        \u{1B}[2m0.00 \u{1B}[0m\u{1B}[48;5;17m  \u{1B}[0m\u{1B}[48;5;54m \u{1B}[0m\u{1B}[48;5;55m  \u{1B}[0m\u{1B}[48;5;25m \u{1B}[0m\u{1B}[48;5;31m  \u{1B}[0m\u{1B}[48;5;37m \u{1B}[0m\u{1B}[48;5;72m  \u{1B}[0m\u{1B}[48;5;78m \u{1B}[0m\u{1B}[48;5;113m  \u{1B}[0m\u{1B}[48;5;149m \u{1B}[0m\u{1B}[48;5;185m  \u{1B}[0m\u{1B}[48;5;191m \u{1B}[0m\u{1B}[48;5;227m  \u{1B}[0m\u{1B}[2m 1.00  attention weight, empty is under 0.05\u{1B}[0m
        """)
    try typing(
      "attention was", style: .color(.truecolor),
      shows: """
        \u{1B}[1mAttention, layer 1 of 0-1, mean of all heads\u{1B}[0m
        \u{1B}[2m↓ from   → to\u{1B}[0m
              [CLS] was   [SEP]
        [CLS] \u{1B}[38;2;16;16;16;48;2;78;197;132m .72  \u{1B}[0m\u{1B}[38;2;255;255;255;48;2;51;33;123m .13  \u{1B}[0m\u{1B}[38;2;255;255;255;48;2;50;37;128m .15  \u{1B}[0m
          was \u{1B}[38;2;16;16;16;48;2;31;160;151m .57  \u{1B}[0m\u{1B}[38;2;255;255;255;48;2;51;23;109m .09  \u{1B}[0m\u{1B}[38;2;255;255;255;48;2;23;94;157m .34  \u{1B}[0m
        [SEP] \u{1B}[38;2;255;255;255;48;2;24;94;157m .34  \u{1B}[0m\u{1B}[38;2;16;16;16;48;2;9;135;157m .48  \u{1B}[0m\u{1B}[38;2;255;255;255;48;2;49;46;139m .18  \u{1B}[0m
        \u{1B}[2m0.00 \u{1B}[0m\u{1B}[48;2;43;16;81m \u{1B}[0m\u{1B}[48;2;49;21;102m \u{1B}[0m\u{1B}[48;2;51;31;120m \u{1B}[0m\u{1B}[48;2;50;44;136m \u{1B}[0m\u{1B}[48;2;45;58;147m \u{1B}[0m\u{1B}[48;2;37;75;153m \u{1B}[0m\u{1B}[48;2;27;91;157m \u{1B}[0m\u{1B}[48;2;14;106;158m \u{1B}[0m\u{1B}[48;2;8;120;158m \u{1B}[0m\u{1B}[48;2;9;134;157m \u{1B}[0m\u{1B}[48;2;17;148;154m \u{1B}[0m\u{1B}[48;2;33;161;151m \u{1B}[0m\u{1B}[48;2;48;175;146m \u{1B}[0m\u{1B}[48;2;61;188;140m \u{1B}[0m\u{1B}[48;2;84;199;130m \u{1B}[0m\u{1B}[48;2;119;208;115m \u{1B}[0m\u{1B}[48;2;152;217;102m \u{1B}[0m\u{1B}[48;2;183;224;90m \u{1B}[0m\u{1B}[48;2;212;231;84m \u{1B}[0m\u{1B}[48;2;241;237;84m \u{1B}[0m\u{1B}[2m 1.00  attention weight, empty is under 0.05\u{1B}[0m
        """)
  }

  @Test func headsAreColouredSquares() throws {
    try typing(
      "attention was --layer 0 --heads", style: .color(.sixteen),
      shows: """
        \u{1B}[1mAttention, layer 0 of 0-1, all heads\u{1B}[0m
        \u{1B}[2mrows look, columns are looked at: [CLS] was [SEP]\u{1B}[0m
              head 0  head 1  head 2  head 3
        \u{1B}[2m[CLS]\u{1B}[0m \u{1B}[46m  \u{1B}[0m\u{1B}[44m  \u{1B}[0m\u{1B}[40m  \u{1B}[0m  \u{1B}[40m  \u{1B}[0m\u{1B}[103m  \u{1B}[0m\u{1B}[40m  \u{1B}[0m  \u{1B}[40m    \u{1B}[0m\u{1B}[103m  \u{1B}[0m  \u{1B}[46m  \u{1B}[0m\u{1B}[40m  \u{1B}[0m\u{1B}[44m  \u{1B}[0m
        \u{1B}[2m  was\u{1B}[0m \u{1B}[44m    \u{1B}[0m\u{1B}[40m  \u{1B}[0m  \u{1B}[40m  \u{1B}[0m\u{1B}[103m  \u{1B}[0m\u{1B}[40m  \u{1B}[0m  \u{1B}[103m  \u{1B}[0m\u{1B}[40m    \u{1B}[0m  \u{1B}[40m    \u{1B}[0m\u{1B}[46m  \u{1B}[0m
        \u{1B}[2m[SEP]\u{1B}[0m \u{1B}[40m    \u{1B}[0m\u{1B}[46m  \u{1B}[0m  \u{1B}[44m  \u{1B}[0m\u{1B}[40m  \u{1B}[0m\u{1B}[46m  \u{1B}[0m  \u{1B}[40m    \u{1B}[0m\u{1B}[103m  \u{1B}[0m  \u{1B}[103m  \u{1B}[0m\u{1B}[40m    \u{1B}[0m

        \u{1B}[2m0.00 \u{1B}[0m\u{1B}[40m     \u{1B}[0m\u{1B}[44m     \u{1B}[0m\u{1B}[46m     \u{1B}[0m\u{1B}[103m     \u{1B}[0m\u{1B}[2m 1.00  attention weight\u{1B}[0m
        """)
  }
}
