import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// `finetune` and what is done with its runs afterwards: the values that lessons check, and the folders that are left.
@Suite(.takingTurns) struct TrainingRunTests {
  private let sitting: Sitting
  private let data: String
  private var folder: String { sitting.folder.path }

  init() throws {
    sitting = try Sitting(NotebookCommands.rows)
    data = try sitting.file("words.tsv", Self.rows)
  }

  private static let rows =
    "text\tlabel\n"
    + ["film", "book", "meal", "song"].map { "a good \($0)\tPOSITIVE\na bad \($0)\tNEGATIVE\n" }.joined()

  private func train(_ options: String = "") -> String {
    "finetune --data \(data) --validation \(data) --epochs 2 --batch-size 2 --learning-rate 1e-2 \(options)"
  }

  /// The value of a line that must pass.
  private func value(_ line: String, at location: SourceLocation = #_sourceLocation) throws -> Value {
    let (cell, _, notices) = sitting.run(line)
    #expect(cell?.status == .passed, "\(line): \(notices)", sourceLocation: location)
    return try #require(cell?.value, sourceLocation: location)
  }

  private func file(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

  private func names(_ place: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted()
  }

  // MARK: runs

  @Test func runsAreListedShownAndRemoved() throws {
    #expect(try value("runs") == Value(json: Data(#"{"runs": [], "unfinished": []}"#.utf8)))
    _ = try value(train())
    _ = try value(train("--lora"))
    let list = try value("runs")
    for (place, method) in ["full", "lora"].enumerated() {
      let row = list["runs"]?[place]
      #expect(row?["run"] == .integer(place + 1) && row?["method"] == .string(method))
      #expect(row?["task"] == .string("sentiment") && row?["base"] == .string("minilm"))
      #expect(row?["data"] == .string("words.tsv") && row?["metric"] == .string("accuracy"))
      #expect((row?["score"]?.number ?? -1) >= 0 && (row?["peak_memory"]?.number ?? 0) > 0)
    }
    let one = try value("runs show 1")
    #expect(one["record"]?["method"] == .string("full") && one["record"]?["examples"] == .integer(8))
    guard case .array(let losses)? = one["record"]?["losses"], case .array(let epochs)? = one["record"]?["epochs"]
    else {
      Issue.record("no curves")
      return
    }
    #expect(losses.count == 8 && epochs.count == 2)
    #expect(one["report"]?["confusion"] != nil)
    #expect(try value("runs show last")["record"]?["method"] == .string("lora"))
    #expect(try value("runs show \(folder)/home/runs/1")["record"]?["method"] == .string("full"))
    #expect(try value("runs remove 1")["removed"] == .integer(1))
    #expect(names(folder + "/home/runs") == ["2"])
    #expect(try value("runs")["runs"]?[0]?["run"] == .integer(2))
  }

  @Test func gradientsThatAreNeverCutAreRecordedSo() throws {
    _ = try value(train("--max-grad-norm 0"))
    #expect(try value("runs show 1")["record"]?["recipe"]?["max_grad_norm"]?.number == 0)
  }

  // MARK: compare

  @Test func runsAreComparedInOneTable() throws {
    _ = try value(train())
    _ = try value(train("--lora --lora-rank 2"))
    let answer = try value("compare 1 last")
    #expect(answer["metric"] == .string("accuracy"))
    #expect(answer["runs"]?[0]?["run"] == .string("1") && answer["runs"]?[1]?["run"] == .string("2"))
    for place in 0..<2 {
      let record = try value("runs show \(place + 1)")["record"]
      let row = answer["runs"]?[place]
      let best = record?["best"]?.number.map(Int.init).flatMap { record?["epochs"]?[$0] }
      #expect(row?["score"] == best?["accuracy"] && row?["eval_loss"] == best?["eval_loss"])
      #expect(row?["trained_parameters"] == record?["trained_parameters"])
      let weights = ["model.safetensors", "adapter_model.safetensors"][place]
      #expect(row?["saved"] == file("\(folder)/home/runs/\(place + 1)/\(weights)").map { .integer($0.count) })
    }
    let loss = try value("compare 1 2 --metric eval_loss")["runs"]?[0]?["score"]?.number ?? -1
    #expect(abs(loss - (answer["runs"]?[0]?["eval_loss"]?.number ?? 1)) < 1e-6)
  }

  @Test func runsOfOtherTasksAreComparedAndEvaluatedByTheirData() throws {
    let rated = Self.rows.replacing("POSITIVE", with: "1.5").replacing("NEGATIVE", with: "0.5")
    let numbers = try sitting.file("numbers.tsv", rated)
    _ = try value(train())
    _ = try value("finetune --task ratings --data \(numbers) --validation \(numbers) --epochs 2")
    let compared = sitting.run("compare 1 2")
    #expect(compared.cell?.value?["runs"]?[1]?["score"] == nil)
    #expect(!compared.lines.contains { $0.contains("nan") || $0.contains("no points") })
    #expect(try value("evaluate --data \(data)")["task"] == .string("sentiment"))
    #expect(try value("evaluate --data \(numbers)")["task"] == .string("ratings"))
  }

  // MARK: merge and export

  @Test func aMergedAdapterAnswersAsBefore() throws {
    for method in ["", "--lora"] { _ = try value(train(method)) }
    let before = try value("classify 'a good song' --model 2")
    let merged = try value("merge 2")
    #expect(merged["run"] == .integer(3) && (merged["merged"]?.number ?? 0) > 0)
    let after = try value("classify 'a good song' --model 3")
    #expect(after["label"] == before["label"])
    #expect(abs((after["score"]?.number ?? 0) - (before["score"]?.number ?? 1)) < 1e-5)
    #expect(try value("info 3")["parameters"] == value("info 1")["parameters"])
    #expect(!names(folder + "/home/runs/3").contains("adapter_config.json"))
    let other = try value("merge 2 --output \(folder)/merged")
    #expect(other["run"] == nil && other["output"] == .string(folder + "/merged"))
    #expect(file(folder + "/merged/model.safetensors") == file(folder + "/home/runs/3/model.safetensors"))
  }

  @Test func whereALessonGoesOnItsOwnModelAnswers() throws {
    sitting.run(train("--epochs 1"))
    sitting.run(train("--epochs 1"))
    let later = sitting.session.child(screen: sitting.screen)
    later.trainedBefore = ["\(folder)/home/runs/2", "\(folder)/home/runs/1", "\(folder)/gone"]
    #expect(later.execute("evaluate --data \(folder)/words.tsv")?.value?["model"] == .string("run 1"))
  }

  @Test(arguments: ["", "--lora"]) func halfPrecisionTakesHalfTheSpace(_ method: String) throws {
    _ = try value(train(method))
    let whole = try value("export last --output \(folder)/whole")
    let half = try value("export last --half --output \(folder)/half")
    let name = method.isEmpty ? "model.safetensors" : "adapter_model.safetensors"
    let sizes = ["whole", "half"].map { file("\(folder)/\($0)/\(name)")?.count ?? 0 }
    #expect(sizes[1] < sizes[0] * 6 / 10 && sizes[1] > 0)
    #expect(file("\(folder)/whole/\(name)") == file("\(folder)/home/runs/1/\(name)"))
    for (answer, place) in [(whole, "whole"), (half, "half")] {
      let bytes = names("\(folder)/\(place)").reduce(0) { $0 + (file("\(folder)/\(place)/\($1)")?.count ?? 0) }
      #expect(answer["bytes"] == .integer(bytes) && answer["output"] == .string("\(folder)/\(place)"))
    }
    let scores = try ["last", folder + "/whole", folder + "/half"].map {
      try value("classify 'a bad song' --model \($0)")["score"]?.number ?? -1
    }
    #expect(scores[0] == scores[1] && abs(scores[0] - scores[2]) < 2e-3)
  }

  @Test func anAdapterMayLeaveItsTokenizerToTheBase() throws {
    _ = try value(train("--lora"))
    _ = try value("export 1 --without-tokenizer --output \(folder)/bare")
    #expect(!names(folder + "/bare").contains { $0.contains("token") || $0.contains("vocab") })
    #expect(
      try value("classify good --model \(folder)/bare")["score"] == value("classify good --model 1")["score"])
  }

  // MARK: memory

  @Test func memoryIsToldBeforehand() throws {
    let answer = try value("memory --batch-size 4 --length 32")
    guard case .array(let rows)? = answer["methods"] else {
      Issue.record("no rows")
      return
    }
    #expect(rows.map { $0["method"] } == ["full", "full", "lora", "lora", "probe"].map(Value.string))
    #expect(rows.map { $0["gradient_checkpointing"] } == [false, true, false, true, false].map(Value.bool))
    for row in rows {
      let parts = ["weights", "optimizer", "gradients", "activations"].compactMap { row[$0]?.number }
      let total = row["total"]?.number ?? 0
      #expect(parts.count == 4 && total > parts[0] + parts[1] + max(parts[2], parts[3]))
    }
    #expect(answer["length"] == .integer(32) && answer["batch_size"] == .integer(4))
    let large = try value("memory --config samples/configs/bert-base.json --batch-size 16 --length 256")
    #expect(large["parameters"]?.number ?? 0 > 1.09e8)
    #expect(try value(train())["estimated_memory"]?.number ?? 0 > 0)
  }

  /// What earlier commands of a session have left lying about is none of a run's memory.
  @Test func aRunCountsItsOwnMemory() throws {
    let first = try value(train())["peak_memory"]?.number ?? 0
    for _ in 0..<3 { _ = try value(train("--lora")) }
    let last = try value(train())["peak_memory"]?.number ?? 0
    #expect(last > 0 && last < first * 1.25)
  }

  // MARK: resume

  @Test(arguments: ["", "--lora --lora-dropout 0.1", "--freeze-body --output ~/out"])
  func anInterruptedRunGoesOnToTheSameWeights(_ options: String) throws {
    let options = options.replacing("~", with: folder)
    let isRun = !options.contains("--output")
    let place = isRun ? folder + "/home/runs/1" : folder + "/out"
    let weights = place + (options.contains("--lora") ? "/adapter_model.safetensors" : "/model.safetensors")
    let whole = try value(train(options))
    let wanted = try #require(file(weights))
    try FileManager.default.removeItem(atPath: place)

    let screen = ImpatientScreen(patience: 5)
    sitting.session.screen = screen
    #expect(sitting.session.execute(train(options))?.status == .interrupted)
    let name = isRun ? "1" : place
    #expect(
      screen.notices.last
        == "Interrupted after step 5 of 8, which is saved; `finetune --resume \(name)` goes on from there.")
    sitting.session.screen = sitting.screen
    #expect(file(weights) == nil)
    if isRun {
      #expect(try value("runs")["unfinished"] == .array([.integer(1)]))
      #expect(sitting.run("runs").lines.last == "Run 1 is unfinished; `finetune --resume 1` goes on with it.")
    }
    let resumed = sitting.run("finetune --resume \(isRun ? "last" : place)")
    #expect(resumed.cell?.status == .passed && resumed.notices.contains("Going on after step 5 of 8."))
    #expect(file(weights) == wanted)
    #expect(resumed.cell?.value?["epochs"]?[1]?["eval_loss"] == whole["epochs"]?[1]?["eval_loss"])
    #expect(resumed.cell?.value?["steps"] == .integer(8))
    #expect(names(folder + "/home/runs") == (isRun ? ["1"] : []) && !names(folder).contains("out.unfinished"))
  }

  // MARK: What is wrong

  @Test func aLineThatCannotBeDoneSaysWhy() throws {
    _ = try value(train())
    let expected: [(String, Notebook.ExitStatus, String)] = [
      ("runs show 7", .fileMissing, "There is no run 7; there are 1."),
      ("runs show", .usage, "Say which run, such as `runs show last`. `help runs` shows how to call it."),
      ("runs remove last-1", .fileMissing, "There is no run last-1; there are 1."),
      (
        "runs show ~/nothing", .fileMissing,
        "~/nothing has no training.json that this version reads; name a folder that `finetune` saved."
      ),
      ("compare 1", .usage, "Give 2 to 12 runs, such as `compare 1 2`. `help compare` shows how to call it."),
      ("compare 1 2", .fileMissing, "There is no run 2; there are 1."),
      (
        "compare 1 1 --metric bleu", .usage,
        "No run measured 'bleu'; they have accuracy, f1, f1_macro, f1_micro, f1_weighted, matthews_correlation, "
          + "precision, recall, eval_loss."
      ),
      ("merge 1", .usage, "run 1 is a plain model, so there is nothing to merge."),
      ("merge 2", .fileMissing, "There is no run 2; there are 1."),
      (
        "export 1 --without-tokenizer", .usage,
        "A plain model needs its tokenizer; --without-tokenizer is for adapters."
      ),
      (
        "export nothing", .modelAbsent, "There is no model 'nothing'; `models` lists the names, and a folder works too."
      ),
      (
        "export 1 --output ~/words.tsv", .cannotWrite,
        "~/words.tsv cannot be written: not a directory; what was there has not changed. Choose another place or fix "
          + "the permissions."
      ),
      ("memory --batch-size 0", .usage, "--batch-size is 1 to 4096, not 0. `help memory` shows how to call it."),
      (
        "memory --config ~/none.json", .fileMissing,
        "There is no file ~/none.json; check the path and the working folder, or `data list`."
      ),
      ("finetune --resume 1", .usage, "Run 1 is finished; there is nothing to go on with."),
      ("finetune --resume last", .fileMissing, "There is no unfinished run last; none was interrupted."),
      ("finetune", .usage, "Give the rows to learn from with --data FILE. `help finetune` shows how to call it."),
    ]
    for (line, status, sentence) in expected {
      let (cell, lines, notices) = sitting.run(line.replacing("~", with: folder))
      #expect(cell?.status == status, "\(line)")
      #expect(lines.isEmpty && notices.map { $0.replacing(folder, with: "~") } == [sentence], "\(line): \(notices)")
    }
    #expect(names(folder + "/home/runs") == ["1"])
  }

  @Test func dataThatChangedIsNotGoneOnWith() throws {
    sitting.session.screen = ImpatientScreen(patience: 3)
    #expect(sitting.session.execute(train())?.status == .interrupted)
    sitting.session.screen = sitting.screen
    try Data((Self.rows + "an odd film\tNEGATIVE\n").utf8).write(to: URL(fileURLWithPath: data))
    let (cell, _, notices) = sitting.run("finetune --resume 1")
    #expect(cell?.status == .malformed)
    #expect(
      notices == ["\(data) has changed since the run began, so it cannot go on as it would have; begin a new run."])
    #expect(try value("runs")["unfinished"] == .array([.integer(1)]))
    try Data("{".utf8).write(to: sitting.folder.appendingPathComponent("home/runs/1.unfinished/run.json"))
    #expect(sitting.run("finetune --resume 1").cell?.status == .malformed)
    #expect(try value("runs remove 1")["removed"] == .integer(1))
    #expect(names(folder + "/home/runs") == [])
  }
}

extension Value {
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
