import Drawing
import Testing

@Suite("Screens of 80 columns without colour")
struct PlainScreenTests {
  @Test("tokens stand between bars, with their numbers and places")
  func tokens() {
    #expect(
      screen(Samples.tokens) == """
        6 pieces
        piece    │ [CLS]   │ the  │ trophy │ was   │ big   │ [SEP]   │
        id       │ 101     │ 1996 │ 5384   │ 2001  │ 2502  │ 102     │
        offsets  │ special │ 0-3  │ 4-10   │ 11-14 │ 15-18 │ special │
        """)
  }

  @Test("marked stretches stand in brackets with their labels, above a legend")
  func highlights() {
    #expect(
      screen(Samples.names, TerminalStyle(width: 40)) == """
        Names
        [Elon Musk PER] founded [SpaceX ORG] in
        [Hawthorne LOC], [California LOC].
        PER person (1), ORG (1), LOC place (2)
        """)
    let answer = Drawing.highlights(
      .init(text: "in Hawthorne, CA", marks: [.init(3..<12), .init(5..<14), .init(14..<99)]))
    #expect(screen(answer) == "in [Hawthorne], CA")
    #expect(screen(.highlights(.init(text: "", marks: [.init(0..<1, "PER")]))) == "")
  }

  @Test("a heat map has names on both axes and shades with numbers")
  func heatmap() {
    #expect(
      screen(Samples.attention) == """
        Layer 4, head 7
        ↓ from   → to
               [CLS]  the    trophy was    big    [SEP]
         [CLS] ▒.30   ░.17   ░.10   ░.06   ░.05   ▒.32
           the ░.10   ▒.40   ░.20   ░.10   ░.10   ░.10
        trophy ·      ░.08   ▒.41   ░.09   ░.20   ░.20
           was ·      ·      ▒.40   ▒.30   ░.17   ░.10
           big ·      ░.05   ▒.25   ▒.25   ▒.25   ░.20
         [SEP] ·      ·      ·      ·      ·      █.95
        0.00 ·░▒▓█ 0.95  attention weight, · is under 0.05
        """)
  }

  @Test("signed values carry their signs, and what is not a number a question mark")
  func signed() {
    #expect(
      screen(Samples.change) == """
        Change
            a     b     c
         it ▓+.20 ▒-.10 ·
        was █-.40 ?     ░+.05
        -0.40 █▓▒░·░▒▓█ 0.40  · is under 0.02
        """)
  }

  @Test("small multiples stand side by side on one scale")
  func grid() {
    #expect(
      screen(Samples.heads) == """
        Layer 4, all 3 heads
               head 1  head 2  head 3
         [CLS] ▒░░░░▒  ·····█  ▒░░░░▒
           the ░▒░░░░  ·░▒▒▒░  ░░░░▒░
        trophy ·░▒░░░  ··▒▒░░  ░░░▒░·
           was ··▒▒░░  ·░▒░░░  ░░▒▒··
           big ·░▒▒▒░  ░▒░░░░  ░▒▒▒░·
         [SEP] ·····█  ▒░░░░▒  █·····

        0.00 ·░▒▓█ 0.95  attention weight
        """)
  }

  @Test("several curves differ by their marks")
  func curves() {
    #expect(
      screen(Samples.loss) == """
        Training loss
          •• pre-trained  last 0.21, lowest 0.20 at step 30
          ×× from scratch  last 0.64, lowest 0.64 at step 40
        0.8 ┤
            │
            │××××××××××××××××××××××××××××××××××××××××××××
            │  ••••                                      ××××××××××××××××××××××××××
        0.6 ┤      •••
            │         •••
            │            ••••
        0.4 ┤                ••••
            │                    ••••••
            │                          ••••••
            │                                ••••••••••••
        0.2 ┤                                            ••••••••••••••••••••••••••
            └┬────────────────┬─────────────────┬────────────────┬────────────────┬ step
             0               10                20               30               40
        """)
  }

  @Test("a single curve is drawn in braille")
  func curve() {
    #expect(
      screen(Samples.accuracy) == """
        Accuracy
          ━━ validation  last 0.72, highest 0.75 at epoch 2
        0.8 ┤
            │
            │                                        ⢀⣀⠤⠔⠒⠉⠉⠉⠒⠒⠒⠒⠢⠤⠤⠤⠤⣀⣀⣀⣀⣀
            │                                  ⢀⣀⠤⠔⠒⠉⠁                     ⠉⠉⠉⠉⠑⠒⠒
        0.7 ┤                            ⢀⣀⠤⠔⠒⠉⠁
            │                       ⣀⠤⠔⠒⠉⠁
            │                   ⣀⠤⠒⠉
        0.6 ┤               ⣀⠤⠒⠉
            │           ⢀⠤⠒⠉
            │       ⢀⡠⠔⠊⠁
            │   ⢀⡠⠔⠊⠁
        0.5 ┤⡠⠔⠊⠁
            └┬──────────────────────┬─────────────────────┬──────────────────────┬ epoch
             0                      1                     2                      3
        """)
  }

  @Test("a table narrows and wraps its widest column")
  func table() {
    #expect(
      screen(Samples.models, TerminalStyle(width: 40)) == """
        Models
        name     what it is           size  here
        ───────  ─────────────────  ──────  ────
        minilm   a small BERT that   91 MB  yes
                 compares
                 sentences
        smollm2  a chat model       9.1 MB  no
        """)
  }

  @Test("bars show parts of a cell")
  func bars() {
    #expect(
      screen(Samples.answer) == """
        This movie was fantastic!
        POSITIVE  ████████████████████████████████████████████████▊   97.4%
        NEGATIVE  █▎                                                  2.6%
        """)
  }

  @Test("signed bars start at zero")
  func signedBars() {
    #expect(
      screen(Samples.contributions) == """
        fantastic                  │█████████████████████████████████   0.60
            movie                  │█████                               0.10
              but  ████████████████│                                   -0.30
        """)
  }

  @Test("progress is one line")
  func progress() {
    #expect(
      screen(Samples.steps) == """
        epoch 2 of 5  ━━━━━━━━━━━━┄┄┄┄┄┄┄┄   62%  124/200 steps  8.1 steps/s  9.3 s left
        """)
  }

  @Test("progress leaves facts out when there is no room")
  func narrowProgress() {
    #expect(
      screen(Samples.steps, TerminalStyle(width: 40)) == """
        epoch 2 of 5  ━━━━━━━━━━━━┄┄┄┄┄┄┄┄   62%
        """)
  }

  @Test("without Unicode, pictures are ASCII")
  func ascii() {
    #expect(
      screen(
        .stack([Samples.tokens, Samples.accuracy, Samples.heads]), TerminalStyle(width: 40, unicode: false))
          == """
          6 pieces
          piece    | [CLS]   | the  | trophy |
          id       | 101     | 1996 | 5384   |
          offsets  | special | 0-3  | 4-10   |

          piece    | was   | big   | [SEP]   |
          id       | 2001  | 2502  | 102     |
          offsets  | 11-14 | 15-18 | special |
          Accuracy
            ** validation  last 0.72, highest 0.7~
          0.8 +
              |
              |                  ******
              |               ***      *****
          0.7 +           ****
              |         **
              |       **
          0.6 +      *
              |    **
              |   *
              | **
          0.5 +*
              ++------------------+--------- epoch
               0                  2
          Layer 4, all 3 heads
                 head 1  head 2  head 3
           [CLS] 311003  .....9  300113
             the 142111  .02222  111241
          trophy .04022  ..4311  22040.
             was ..4311  .04022  1134..
             big .02222  142111  22220.
           [SEP] .....9  311003  9.....

          0.00 .0123456789 0.95
          attention weight, 9 is the top tenth
          """)
  }
}
