import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// `--json` prints one object and nothing else; its keys are those that Hugging Face's libraries use.
@Suite(.takingTurns) struct JSONAnswerTests {
  private func object(_ line: String, _ sitting: Sitting) throws -> (value: Value, notices: [String]) {
    let (cell, lines, notices) = sitting.run(line + " --json")
    #expect(cell?.status == .passed, "\(notices)")
    #expect(lines.count == 1)
    let value = try #require(Value(json: Data(lines.joined(separator: "\n").utf8)))
    #expect(cell?.value.map { Value(json: Data($0.json.utf8)) } == value)
    return (value, notices)
  }

  private func keys(_ value: Value?) -> Set<String> {
    guard case .object(let members)? = value else { return [] }
    return Set(members.map(\.key))
  }

  @Test(arguments: [
    ("tokens \"Hello, world\"", ["tokens", "ids", "pieces", "decoded"]),
    ("attention \"Hello\" --heads", ["tokens", "layer", "top", "weights", "maps"]),
    ("embed \"Hello\"", ["embeddings", "width"]),
    ("similar \"a cat\" \"a dog\"", ["score", "pairs"]),
    ("models", ["models", "folder"]),
    ("info", ["family", "architecture", "task", "labels", "parameters", "files"]),
    ("parameters", ["parameters", "count", "total"]),
    ("load minilm", ["name", "family", "task", "labels", "milliseconds"]),
    ("set", ["model", "seed", "threads", "color", "accessible"]),
    ("history", ["cells"]),
    ("help classify", ["commands", "usage"]),
  ])
  func isOneObject(_ line: String, _ keys: [String]) throws {
    let (value, notices) = try object(line, Sitting(NotebookCommands.rows))
    #expect(self.keys(value).isSuperset(of: keys))
    #expect(notices.isEmpty)
  }

  /// The recorded answers of transformers' `text-classification` pipeline with this very model.
  @Test func classifyAnswersAsThePipelineDoes() throws {
    struct Golden: Decodable {
      struct Score: Decodable {
        let label: String
        let score: Double
      }
      let text: String
      let all: [Score]
    }
    let file = Sitting.fixtures.appendingPathComponent("pipelines/classify/golden.json")
    let sitting = try Sitting(NotebookCommands.rows)
    for golden in try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file)) {
      let (value, _) = try object("classify --model minilm '\(golden.text)'", sitting)
      #expect(value["label"] == golden.all.first.map { .string($0.label) })
      for (place, expected) in golden.all.enumerated() {
        let row = value["results"]?[0]?["scores"]?[place]
        #expect(row?["label"] == .string(expected.label))
        guard case .number(let score)? = row?["score"] else {
          Issue.record("no score for \(expected.label)")
          continue
        }
        #expect(abs(score - expected.score) < 1e-5)
      }
    }
  }

  @Test func trainingTellsItsProgressElsewhere() throws {
    let sitting = try Sitting(NotebookCommands.rows)
    let line = "finetune --data samples/reviews/train.tsv --rows 40 --epochs 2"
    let (value, notices) = try object(line, sitting)
    let evaluation: Set = ["accuracy", "f1", "eval_loss", "train_loss", "best_epoch", "epochs", "output", "labels"]
    #expect(keys(value).isSuperset(of: evaluation))
    let epoch = value["epochs"]?[0]
    #expect(keys(epoch).isSuperset(of: ["epoch", "eval_loss", "accuracy", "f1"]))
    #expect(value["labels"] == .array([.string("NEGATIVE"), .string("POSITIVE")]))
    #expect(notices == ["New, from random values: classifier.weight, classifier.bias."])
    #expect(sitting.screen.liveCount > 0)
    let (measured, _) = try object("evaluate --data samples/reviews/validation.tsv", sitting)
    #expect(keys(measured).isSuperset(of: ["accuracy", "precision", "recall", "f1", "loss", "mistakes"]))
  }

  @Test func aFailurePrintsNoObject() throws {
    let (cell, lines, notices) = try Sitting(NotebookCommands.rows).run("attention Hello --layer 9 --json")
    #expect(cell?.status == .usage)
    #expect(lines.isEmpty)
    #expect(notices == ["There is no layer 9; this model has layers 0 to 1."])
  }
}
