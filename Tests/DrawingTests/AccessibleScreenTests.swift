import Drawing
import Testing

@Suite("Screens for screen readers")
struct AccessibleScreenTests {
  private let style = TerminalStyle(color: .truecolor, accessible: true)

  @Test("tokens are a numbered list")
  func tokens() {
    #expect(
      screen(Samples.tokens, style) == """
        6 pieces: 6 tokens, 2 of them special
        1. [CLS], id 101, special token
        2. the, id 1996, characters 0 to 3
        3. trophy, id 5384, characters 4 to 10
        4. was, id 2001, characters 11 to 14
        5. big, id 2502, characters 15 to 18
        6. [SEP], id 102, special token
        """)
  }

  @Test("marked stretches are listed under their text")
  func highlights() {
    #expect(
      screen(Samples.names, style) == """
        Names:
        Elon Musk founded SpaceX in Hawthorne, California.
        Elon Musk: PER (person), score 0.99, characters 0 to 9
        SpaceX: ORG, characters 18 to 24
        Hawthorne: LOC (place), characters 28 to 37
        California: LOC (place), characters 39 to 49
        """)
    #expect(screen(.highlights(.init(text: "No names.", marks: [])), style) == "No names.\nnothing is marked")
  }

  @Test("a heat map is ranked")
  func attention() {
    #expect(
      screen(Samples.attention, style) == """
        Layer 4, head 7: 6 rows by 6 columns, attention weight from 0.00 to 0.95
        strongest: [SEP] attends to [SEP] 0.95
        number 2: trophy attends to trophy 0.41
        number 3: the attends to the 0.40
        number 4: was attends to trophy 0.40
        number 5: [CLS] attends to [SEP] 0.32
        row 1: [CLS] attends to [SEP] 0.32
        row 2: the attends to the 0.40
        row 3: trophy attends to trophy 0.41
        row 4: was attends to trophy 0.40
        row 5: big attends to trophy 0.25
        row 6: [SEP] attends to [SEP] 0.95
        """)
  }

  @Test("a signed heat map ranks by magnitude")
  func change() {
    #expect(
      screen(Samples.change, style) == """
        Change: 2 rows by 3 columns, values from -0.40 to 0.20
        strongest: was to a -0.40
        number 2: it to a 0.20
        number 3: it to b -0.10
        number 4: was to c 0.05
        number 5: it to c 0.00
        row 1: it to a 0.20
        row 2: was to a -0.40
        """)
  }

  @Test("maps name their strongest cell")
  func heads() {
    #expect(
      screen(Samples.heads, style) == """
        Layer 4, all 3 heads: 3 maps, attention weight, from 0.00 to 0.95
        head 1: 6 by 6, strongest 0.95 from [SEP] to [SEP]
        head 2: 6 by 6, strongest 0.95 from [CLS] to [SEP]
        head 3: 6 by 6, strongest 0.95 from [SEP] to [CLS]
        """)
  }

  @Test("curves say where they start, end and are best")
  func loss() {
    #expect(
      screen(Samples.loss, style) == """
        Training loss:
        pre-trained starts 0.70 at step 0, ends 0.21 at step 40, lowest 0.20 at step 30
        from scratch starts 0.70 at step 0, ends 0.64 at step 40, lowest 0.64 at step 40
        """)
  }

  @Test("a table says each row")
  func models() {
    #expect(
      screen(Samples.models, style) == """
        Models:
        minilm; what it is: a small BERT that compares sentences; size: 91 MB; here: yes
        smollm2; what it is: a chat model; size: 9.1 MB; here: no
        """)
  }

  @Test("bars are named values")
  func answer() {
    #expect(
      screen(Samples.answer, style) == """
        This movie was fantastic!
        POSITIVE: 97.4%
        NEGATIVE: 2.6%
        """)
  }

  @Test("progress is one sentence")
  func steps() {
    #expect(
      screen(Samples.steps, style) == """
        epoch 2 of 5: 62 percent, 124/200 steps, 8.1 steps/s, 9.3 s left
        """)
  }

  @Test("words are words")
  func words() {
    #expect(
      screen(Samples.words, style) == """
        minilm is ready, see help
        """)
  }
}
