import Drawing
import Notebook
import TestSupport
import Testing

/// What `runs`, `compare`, `merge`, `export`, `memory` and `finetune --resume` show.
@Suite(.takingTurns) struct RunScreens {
  private static let data =
    "text\tlabel\n"
    + ["film", "book", "meal", "song"].map { "a good \($0)\tPOSITIVE\na bad \($0)\tNEGATIVE\n" }.joined()

  private static func train(_ options: String) -> String {
    "finetune --data ~/words.tsv --validation ~/words.tsv --batch-size 2 --learning-rate 1e-2 \(options)"
  }

  /// Lines typed into a fresh session, and what the last of them shows, without times and sizes of memory.
  private func typing(
    _ lines: String..., style: TerminalStyle = .plain, shows expected: String,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let sitting = try Sitting(NotebookCommands.rows, style: style)
    _ = try sitting.file("words.tsv", Self.data)
    var text = ""
    for line in lines { text = shown(sitting.run(line.replacing("~", with: sitting.folder.path)), in: sitting) }
    let found = Self.steady(text)
    #expect(found == expected, "it shows:\n\(found)", sourceLocation: location)
  }

  /// Tables with times and sizes of memory at one space a column; the sentence about a run's memory left out.
  private static func steady(_ screen: String) -> String {
    screen.replacing(/[^\n]*measured on \d+; [^)]*\)\./, with: "…").split(separator: "\n").map { line -> String in
      let line = String(line).replacing(/\s[\d.]+ (m?s|[MG]B)\b/, with: " #")
      guard line.contains(/#|\stime\b|^\s*─/) else { return line }
      return line.replacing(/─+/, with: "─").replacing(/\s+/, with: " ")
    }.joined(separator: "\n")
  }

  @Test func nothingWasTrainedYet() throws {
    try typing("runs", shows: "No runs yet; `finetune` makes the first one.")
  }

  @Test func whatWasTrained() throws {
    try typing(
      Self.train("--epochs 1"), Self.train("--epochs 1 --lora"), "runs",
      shows: """
        run task base method data score time memory
        ─ ─ ─ ─ ─ ─ ─ ─
         1 sentiment minilm full words.tsv accuracy 0.500 # #
         2 sentiment minilm lora words.tsv accuracy 1.000 # #
        """)
  }

  @Test func aRunIsReplayed() throws {
    try typing(
      Self.train("--epochs 2"), "runs show last",
      shows: """
        Loss and accuracy
          •• training loss, smoothed  last 0.66, lowest 0.64 at step 3
          ×× validation loss  last 0.49, lowest 0.49 at step 8
          oo accuracy  last 1.00, highest 1.00 at step 8
        1.0 ┤                                                                 ooooo
            │                                                         oooooooo
            │         ••••                  •••••••••••••••••ooooooooo••••••••
            │             ••••••••••••••••••    ×××××oooooooo××××             •••••
        0.5 ┤                                   ooooo            ××××××××××××××××××
            │
            │
            │
        0.0 ┤
            └┬────────────────┬─────────────────┬────────────────┬────────────────┬ step
             0                2                 4                6                8
        epoch training loss validation loss accuracy F1 time
        ─ ─ ─ ─ ─ ─
         1 0.747 0.665 0.500 0.000 #
         2 0.607 0.494 1.000 1.000 #
        sentiment on minilm, full: 86,434 of 86,434 parameters (100.0%)
        …
        label     precision  recall     F1  rows
        ─ ─ ─ ─ ─
        NEGATIVE      1.000   1.000  1.000     4
        POSITIVE      1.000   1.000  1.000     4
        Confusion: rows are the truth, columns what was said
                  NEGATIVE  POSITIVE
        ─ ─ ─
        NEGATIVE         4         0
        POSITIVE         0         4
        Reliability: how often right, by how sure
          •• as sure as right  last 1.00, lowest 0 at how sure 0
          ×× this model  last 1.00, highest 1.00 at how sure 0.59
        1.0 ┤                                      ××××                    ••••
            │                                                        ••••••
            │                                                 •••••••
            │                                           ••••••
            │                                    •••••••
        0.5 ┤                              ••••••
            │                       •••••••
            │                 ••••••
            │          •••••••
            │    ••••••
        0.0 ┤••••
            └┬────────────┬────────────┬────────────┬────────────┬────────────┬ how sure
            0.0          0.2          0.4          0.6          0.8          1.0
        Calibration: it is off by 0.389 on average from how sure it says it is.
        """)
  }

  @Test func curvesOfTwoRuns() throws {
    try typing(
      Self.train("--epochs 2"), Self.train("--epochs 2 --from-scratch"), "compare 1 2",
      shows: """
        Accuracy on the validation rows
          •• run 1, pre-trained minilm  last 1.00, highest 1.00 at epoch 2
          ×× run 2, random weights  last 0.50, highest 0.50 at epoch 1
        1.0 ┤                                                                •••••
            │                                                        ••••••••
            │                                               •••••••••
        0.8 ┤                                       ••••••••
            │                              •••••••••
            │                      ••••••••
        0.6 ┤             •••••••••
            │     ••••••••
            │×××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××
        0.4 ┤
            └┬───────────────────────────────────────────────────────────────────┬ epoch
             1                                                                   2
        run trained accuracy loss time memory parameters saved
        ─ ─ ─ ─ ─ ─ ─ ─
        1 pre-trained minilm 1.000 0.494 # # 86.4 k 350 kB
        2 random weights 0.500 0.693 # # 86.4 k 350 kB
        """)
  }

  @Test func runsThatWereMeasuredOnceAreBars() throws {
    try typing(
      Self.train("--epochs 1"), Self.train("--epochs 1 --freeze-body"), "compare last-1 last",
      shows: """
        Accuracy on the validation rows
        run 1, pre-trained minilm  ███████████████████████                         0.500
        run 2, new head on minilm  ███████████████████████                         0.500
        run trained accuracy loss time memory parameters saved
        ─ ─ ─ ─ ─ ─ ─ ─
        1 pre-trained minilm 0.500 0.671 # # 86.4 k 350 kB
        2 new head on minilm 0.500 0.670 # # 66 350 kB
        """)
  }

  @Test func aLossThatWasMeasuredOnce() throws {
    try typing(
      Self.train("--epochs 1"), Self.train("--epochs 1 --lora"), "compare 1 2 --metric eval_loss",
      shows: """
        Eval_loss on the validation rows
        run 1, pre-trained minilm  ██████████████████████████████████████████████  0.671
            run 2, LoRA on minilm  █████████████████████████████████████████▏      0.600
        run trained eval_loss loss time memory parameters saved
        ─ ─ ─ ─ ─ ─ ─ ─
        1 pre-trained minilm 0.671 0.671 # # 86.4 k 350 kB
        2 LoRA on minilm 0.600 0.600 # # 7,746 35 kB
        """)
  }

  @Test func twoRunsOfOneEpochBesideEachOther() throws {
    try typing(
      Self.train("--epochs 1"), Self.train("--epochs 1 --from-scratch --beside 1"), style: .wide,
      shows: """
        Accuracy on the validation rows
        pre-trained minilm  █████████████████████████                           0.500
            random weights  █████████████████████████                           0.500
        epoch training loss validation loss accuracy F1 time
        ─ ─ ─ ─ ─ ─
         1 0.716 0.693 0.500 0.667 #
        Best epoch 1: accuracy 0.500 on 8 rows, trained on 8 in #.
        Saved in run 2, ~/home/runs/2
        """)
  }

  /// Where the lines break depends on the path.
  @Test func whereAModelWent() throws {
    let sitting = try Sitting(NotebookCommands.rows, style: .wide)
    _ = try sitting.file("words.tsv", Self.data)
    for (line, expected) in [
      (Self.train("--epochs 1 --lora"), nil), ("merge 1", "13 maps of run 1 are merged; saved in run 2, ~/home/runs/2"),
      ("merge 1 --output ~/plain", "13 maps of run 1 are merged; saved in ~/plain"),
      ("export 2 --half --output ~/half", "run 2 is in ~/half, 224 kB."),
    ] {
      let found = shown(sitting.run(line.replacing("~", with: sitting.folder.path)), in: sitting)
      if let expected { #expect(found == expected) }
    }
  }

  @Test func aRunIsDeleted() throws {
    try typing(Self.train("--epochs 1"), "runs remove 1", shows: "Run 1 is deleted.")
  }
}
