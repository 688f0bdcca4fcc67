import Drawing
import Lessons
import Notebook
import TestSupport
import Testing

/// What `finetune` and `evaluate` show: curves that are drawn again and again, and what stays of them.
@Suite(.takingTurns) struct TrainingScreens {
  private static let data =
    "text\tlabel\n"
    + ["film", "book", "meal", "song", "room", "game", "walk", "show"].map { thing in
      "a good \(thing)\tPOSITIVE\na bad \(thing)\tNEGATIVE\nit was a good \(thing)\tPOSITIVE\nit was a bad \(thing)\tNEGATIVE\n"
    }.joined()

  private static let train = "finetune --data ~/words.tsv --epochs 3 --learning-rate 1e-2 --batch-size 4"

  /// Lines typed into a fresh session, and what the last of them shows; `~` is the sitting's folder.
  private func typing(
    _ lines: String..., style: TerminalStyle = .plain, shows expected: String,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let sitting = try Sitting(NotebookCommands.rows, style: style)
    _ = try sitting.file("words.tsv", Self.data)
    var text = ""
    for line in lines { text = shown(sitting.run(line.replacing("~", with: sitting.folder.path)), in: sitting) }
    let found = steady(text)
    #expect(found == expected, "it shows:\n\(found)", sourceLocation: location)
  }

  @Test func theFinalPlotStays() throws {
    try typing(
      Self.train,
      shows: """
        Loss and accuracy
          •• training loss, smoothed  last 0.14, lowest 0.14 at step 24
          ×× validation loss  last 0.028, lowest 0.028 at step 24
          oo accuracy  last 1.00, highest 1.00 at step 16
        1.0 ┤                       ××                   oooooooooooooooooooooooooo
            │                         ×××            oooo
            │   ••••••••••••••••         ×××    ooooo
            │                   •••••••••  ooooo
        0.5 ┤                          oooo••••××
            │                       ooo          ×××••••••
            │                                       ×××   ••••••••••••••
            │                                          ×××              •••••••••••
        0.0 ┤                                             ×××××××××××××××××××××××××
            └┬─────────────┬──────────────┬─────────────┬──────────────┬─────────── step
             0             5             10            15             20
        epoch  training loss  validation loss  accuracy     F1  #
        ─────  ─────────────  ───────────────  ────────  ─────  #
            1          0.637            0.942     0.333  0.500  #
            2          0.207            0.059     1.000  1.000  #
            3          0.038            0.028     1.000  1.000  #
        Best epoch 3: accuracy 1.000 on 3 rows, trained on 29 in #.
        Saved in run 1, #
        ! New, from random values: classifier.weight, classifier.bias.
        """)
  }

  @Test func aNarrowScreenSaysWhatIsMissing() throws {
    try typing(
      Self.train, style: .narrow,
      shows: """
        Loss and accuracy
          •• training loss, smoothed
          ×× validation loss  last 0.028, lowes…
          oo accuracy  last 1.00, highest 1.00 …
        1.0 ┤          ×        ooooooooooo
            │           ×     oo
            │ •••••••    ×  oo
            │        •••• oo
        0.5 ┤           oo•××
            │          o     ×••
            │                 × ••••••
            │                  ×      •••••
        0.0 ┤                   ×××××××××××
            └┬───────────────────────┬───── step
             0                      20
        epoch  training loss  validation loss
        ─────  ─────────────  ───────────────
            1          0.637            0.942
            2          0.207            0.059
            3          0.038            0.028
        not enough room for 3 more: accuracy, F…
        Best epoch 3: accuracy 1.000 on 3 rows,
        trained on 29 in #.
        Saved in run 1, #
        ! New, from random values: classifier.weight, classifier.bias.
        """)
  }

  @Test func curvesInWords() throws {
    try typing(
      Self.train, style: .accessible,
      shows: """
        Loss and accuracy:
        training loss, smoothed starts 0.73 at step 1, ends 0.14 at step 24, lowest 0.14
        at step 24
        validation loss starts 0.94 at step 8, ends 0.028 at step 24, lowest 0.028 at
        step 24
        accuracy starts 0.33 at step 8, ends 1.00 at step 24, highest 1.00 at step 16
        epoch 1; training loss: 0.637; validation loss: 0.942; accuracy: 0.333; F1:
        0.500; time:  #
        epoch 2; training loss: 0.207; validation loss: 0.059; accuracy: 1.000; F1:
        1.000; time:  #
        epoch 3; training loss: 0.038; validation loss: 0.028; accuracy: 1.000; F1:
        1.000; time:  #
        Best epoch 3: accuracy 1.000 on 3 rows, trained on 29 in #.
        Saved in run 1, #
        ! New, from random values: classifier.weight, classifier.bias.
        """)
  }

  @Test func twoRunsInOnePlot() throws {
    try typing(
      Self.train, Self.train + " --from-scratch --beside 1",
      shows: """
        Accuracy on the validation rows
          •• pre-trained minilm  last 1.00, highest 1.00 at epoch 2
          ×× random weights  last 0.33, highest 0.33 at epoch 1
        1.0 ┤                                •••••••••••••••••••••••••••••••••••••
            │                           •••••
        0.8 ┤                      •••••
            │                  ••••
        0.6 ┤             •••••
            │        •••••
        0.4 ┤   •••••
            │×××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××
        0.2 ┤
            └┬─────────────────────────────────┬─────────────────────────────────┬ epoch
             1                                 2                                 3
        epoch  training loss  validation loss  accuracy     F1  #
        ─────  ─────────────  ───────────────  ────────  ─────  #
            1          0.691            0.756     0.333  0.500  #
            2          0.719            0.846     0.333  0.500  #
            3          0.700            0.748     0.333  0.500  #
        Best epoch 3: accuracy 0.333 on 3 rows, trained on 29 in #.
        Saved in run 2, #
        """)
  }

  @Test func aClassifierIsMeasured() throws {
    try typing(
      Self.train, "evaluate --data ~/words.tsv",
      shows: """
        accuracy 1.000, F1 1.000, loss 0.027 on 32 rows, by run 1
        label     precision  recall     F1  rows
        ────────  ─────────  ──────  ─────  ────
        NEGATIVE      1.000   1.000  1.000    16
        POSITIVE      1.000   1.000  1.000    16
        Confusion: rows are the truth, columns what was said
                  NEGATIVE  POSITIVE
        ────────  ────────  ────────
        NEGATIVE        16         0
        POSITIVE         0        16
        Calibration: it is off by 0.027 on average from how sure it says it is.
        """)
  }

  /// Keeps every picture that was to be drawn in place of the one before.
  private final class LiveScreen: Screen {
    var style = TerminalStyle()
    private(set) var pictures: [Drawing] = []
    func show(_ lines: [String]) {}
    func notice(_ line: String) {}
    func live(_ drawing: Drawing, followsEnd: Bool) { pictures.append(drawing) }
    func endLive() {}
  }

  @Test func thePlotGrowsInPlace() throws {
    let sitting = try Sitting(NotebookCommands.rows)
    let screen = LiveScreen()
    sitting.session.screen = screen
    let data = try sitting.file("words.tsv", Self.data)
    sitting.run(Self.train.replacing("~/words.tsv", with: data))
    #expect(screen.pictures.count == 24)
    for style in [TerminalStyle.plain, .narrow, .ascii, .color(.truecolor)] {
      let heights = Set(screen.pictures.map { $0.lines(style).count })
      #expect(heights.count == 1)
      #expect(heights.allSatisfy { $0 < 24 })
    }
    let first = try #require(screen.pictures.first?.lines(.plain).last)
    let last = try #require(screen.pictures.last?.lines(.plain).last)
    #expect(first.hasPrefix("epoch 1/3 "), "\(first)")
    #expect(first.contains("1/24 steps"), "\(first)")
    #expect(last.hasPrefix("epoch 3/3, accuracy 1.000 "), "\(last)")
    #expect(last.contains("24/24 steps"), "\(last)")
  }
}
