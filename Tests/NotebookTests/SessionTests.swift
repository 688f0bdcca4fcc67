import Foundation
import Notebook
import TestSupport
import Testing

/// What a line does to the session that it is typed into.
@Suite(.takingTurns) struct SessionTests {
  private let sitting: Sitting
  init() throws { sitting = try Sitting(NotebookCommands.rows) }

  @Test func cellsAreNumberedAndBlankLinesAreNone() {
    #expect(sitting.run("tokens Hello").cell?.number == 1)
    #expect(sitting.run("   ").cell == nil)
    #expect(sitting.run("# a comment").cell == nil)
    #expect(sitting.run("set seed 7").cell?.number == 2)
  }

  @Test func earlierResultsAreInput() {
    sitting.run("tokens 'good film'")
    sitting.run("set seed 7")
    let again = sitting.run("similar _ 'bad film'").cell
    #expect(again?.value?["text"] == .string("good film"))
    sitting.run("tokens another")
    #expect(sitting.run("tokens Out[1]").cell?.value?["text"] == .string("good film"))
    #expect(sitting.run("tokens _").cell?.value?["text"] == .string("good film"))
    #expect(sitting.run("tokens '_'").cell?.value?["text"] == .string("_"))
    #expect(sitting.run("tokens \"Out[1]\"").cell?.value?["text"] == .string("Out[1]"))
  }

  @Test(arguments: ["_", "Out[1]", "Out[99]"]) func whatIsNotThereIsSaid(_ reference: String) {
    let (cell, _, notices) = sitting.run("tokens \(reference)")
    #expect(cell?.status == .usage)
    #expect(notices == ["There is no text in \(reference) yet; `history` lists what ran."])
  }

  @Test func aFailedCommandLeavesTheSessionAsItWas() throws {
    sitting.run("set seed 7")
    sitting.run("load minilm")
    sitting.run("tokens 'good film'")
    let before = sitting.session.settings
    let spoiled = try sitting.model("spoiled")
    try FileManager.default.removeItem(at: spoiled.appendingPathComponent("model.safetensors"))
    for line in [
      "load \(spoiled.path)", "set seed many", "set model nothing", "set threads 0", "nonsense", "tokens 'open",
      "attention x --layer 7 --color never", "finetune --data nothing.tsv", "remove nothing", "set color pink",
    ] {
      #expect(sitting.run(line).cell?.status != .passed, "\(line)")
      #expect(sitting.session.settings == before, "\(line)")
    }
    #expect(sitting.run("tokens _").cell?.value?["text"] == .string("good film"))
    #expect(sitting.run("set").cell?.value?["seed"] == .integer(7))
  }

  @Test func optionsOfOneCommandDoNotOutliveIt() {
    let before = sitting.screen.style
    sitting.run("tokens Hello --accessible --color truecolor")
    #expect(sitting.screen.style == before)
  }

  @Test func runsAreModels() throws {
    let train = "finetune --data samples/reviews/train.tsv --rows 24 --epochs 1 --seed"
    #expect(sitting.run("classify good --model last").cell?.status == .fileMissing)
    #expect(sitting.run("\(train) 1").cell?.value?["run"] == .integer(1))
    #expect(sitting.run("\(train) 2").cell?.value?["run"] == .integer(2))
    #expect(sitting.run("classify good").cell?.value?["model"] == .string("run 2"))
    #expect(sitting.run("classify good --model last").cell?.value?["model"] == .string("run 2"))
    #expect(sitting.run("classify good --model 1").cell?.value?["model"] == .string("run 1"))
    #expect(sitting.run("load last").cell?.status == .passed)
    #expect(sitting.run("\(train) 3 --beside 1 --model minilm").cell?.value?["run"] == .integer(3))
    // The session's model is the run that was loaded, not the newest.
    #expect(sitting.run("classify good").cell?.value?["model"] == .string("run 2"))
    #expect(
      sitting.run("load 9").notices == ["There is no run 9; there are 1, 2, 3."])
  }

  @Test func runsAreCountedBackFromTheLast() throws {
    let train = "finetune --data samples/reviews/train.tsv --rows 24 --epochs 1"
    for options in ["--seed 1", "--layers 1"] { sitting.run("\(train) \(options)") }
    #expect(sitting.run("classify good --model last-1").cell?.value?["model"] == .string("run 1"))
    guard case .array(let rows)? = sitting.run("compare last-1 last").cell?.value?["runs"] else {
      Issue.record("no rows")
      return
    }
    #expect(rows.map { $0["run"] } == [.string("1"), .string("2")])
    #expect(sitting.run("load last-1").cell?.status == .passed)
    sitting.run("\(train) --seed 3 --model minilm")
    // It stays the run that it was.
    #expect(sitting.run("classify good").cell?.value?["model"] == .string("run 1"))
    #expect(sitting.run("load last-3").notices == ["There is no run last-3; there are 1, 2, 3."])
  }

  @Test func aModelCanBeCutToSomeLayers() throws {
    let train = "finetune --data samples/reviews/train.tsv --rows 24 --epochs 1"
    let whole = sitting.run("info").cell?.value?["layers"]
    #expect(sitting.run("\(train) --layers 1").cell?.status == .passed)
    #expect(sitting.run("info last").cell?.value?["layers"] == .integer(1) && whole != .integer(1))
    #expect(sitting.run("\(train) --layers 99").cell?.status == .usage)
    #expect(sitting.run("\(train) --layers 1 --lora").cell?.status == .usage)
  }

  @Test func quitEndsIt() {
    #expect(!sitting.session.isFinished)
    sitting.run("quit")
    #expect(sitting.session.isFinished)
  }
}
