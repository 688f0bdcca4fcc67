import Foundation
import Lessons
import Notebook
import TestSupport
import Testing

/// `search`, `info`, `pull` and `data pull`, typed against a hub on this machine.
@Suite(.takingTurns) struct HubCommandTests {
  private static let labels = "{\"names\": [\"neg\", \"pos\"], \"_type\": \"ClassLabel\"}"
  private static let text = "{\"dtype\": \"string\", \"_type\": \"Value\"}"

  private static func features(_ columns: [(String, String)]) -> String {
    "["
      + columns.enumerated().map { "{\"feature_idx\": \($0), \"name\": \"\($1.0)\", \"type\": \($1.1)}" }
      .joined(separator: ", ") + "]"
  }

  /// As on the hub: the first half of it is negative, the second positive.
  private static func reviews(_ count: Int) -> LoopbackHub.Split {
    LoopbackHub.Split(
      features: features([("text", text), ("label", labels)]),
      rows: (0..<count).map { "{\"text\": \"review \\\"\($0)\\\"\\nso\", \"label\": \($0 * 2 / count)}" })
  }

  private static func model(_ config: String? = nil) throws -> LoopbackHub.Repository {
    func file(_ path: String) throws -> Data {
      try Data(contentsOf: Sitting.fixtures.appendingPathComponent("pipelines/\(path)"))
    }
    var repository = LoopbackHub.Repository([
      "config.json": try config.map { Data($0.utf8) } ?? file("classify/config.json"),
      "model.safetensors": try file("classify/model.safetensors"),
      "tokenizer.json": try file("entities/tokenizer.json"),
      "README.md": Data("# It\n".utf8), "tf_model.h5": Data("other".utf8), "pytorch_model.bin": Data("again".utf8),
    ])
    repository.large = ["model.safetensors", "tf_model.h5", "pytorch_model.bin"]
    repository.facts = """
      {"cardData": {"license": "mit", "language": "en"}, "pipeline_tag": "text-classification", "downloads": 1234567,
       "config": {"model_type": "\(config == nil ? "bert" : "mamba")", "architectures": ["It"]}}
      """
    return repository
  }

  private func hub(
    _ change: @escaping @Sendable (LoopbackServer.Request, LoopbackServer.Reply) -> LoopbackServer.Reply = { $1 }
  ) throws -> LoopbackHub {
    try LoopbackHub(
      models: ["org/judge": try Self.model(), "org/mamba": try Self.model("{\"model_type\": \"mamba\"}")],
      datasets: ["imdb": .init([:]), "org/glue": .init([:])],
      splits: [
        "imdb plain_text train": Self.reviews(2500), "imdb plain_text test": Self.reviews(50),
        "org/glue sst2 train": Self.reviews(3), "org/glue cola train": Self.reviews(3),
        "org/tags default train": LoopbackHub.Split(features: "[]", rows: []),
      ], change: change)
  }

  private func sitting(_ hub: LoopbackHub, _ more: [String: String] = [:]) throws -> Sitting {
    let sitting = try Sitting(
      NotebookCommands.rows + LessonCommands.rows, environment: ["HF_ENDPOINT": hub.address].merging(more) { $1 })
    sitting.company.append(hub)
    return sitting
  }

  @Test func searchingTellsWhatRunsHere() throws {
    let sitting = try sitting(try hub())
    let (_, lines, _) = sitting.run("search org")
    #expect(
      lines == [
        "name       task                 runs  licence  downloads",
        "─────────  ───────────────────  ────  ───────  ─────────",
        "org/judge  text-classification  yes   mit          1.2 M",
        "org/mamba  text-classification  no    mit          1.2 M",
        "`info NAME` tells more, `pull NAME` fetches one.",
      ])
    #expect(sitting.run("search nothing").lines == ["The hub has no model with 'nothing' in its name."])
    #expect(try sitting.value("search imdb --data")["found"]?[0]?["name"] == .string("imdb"))
  }

  @Test func informationComesBeforeAFetch() throws {
    let sitting = try sitting(try hub())
    let answer = try sitting.value("info org/judge")
    #expect(answer["licence"] == .string("mit") && answer["runs"] == .bool(true))
    #expect(answer["files"]?[1]?["name"] == .string("config.json"))
    let other = try sitting.value("info org/mamba")
    #expect(other["runs"] == .bool(false))
    guard case .string(let reason)? = other["reason"] else {
      Issue.record("no reason")
      return
    }
    #expect(reason.contains("model_type is 'mamba'"))
    #expect(sitting.run("info org/judge").lines.contains { $0.contains("`pull org/judge` fetches it") })
    #expect(!FileManager.default.fileExists(atPath: sitting.folder.path + "/hf/hub/models--org--judge"))
  }

  @Test func whatWasPulledAnswers() throws {
    let hub = try hub()
    let sitting = try sitting(hub)
    #expect(try sitting.value("pull org/judge")["fetched"] == .bool(true))
    #expect(!(hub.requests + hub.storeRequests).contains { $0.path.contains("h5") || $0.path.contains("pytorch") })
    #expect(try sitting.value("pull org/judge")["fetched"] == .bool(false))
    #expect(sitting.run("classify \"good\" --model org/judge").cell?.status == .passed)
    #expect(sitting.run("models").lines.contains { $0.hasPrefix("org/judge") })
    #expect(sitting.run("remove org/judge").cell?.status == .passed)
    #expect(sitting.run("classify \"good\" --model org/judge").cell?.status == .modelAbsent)
  }

  @Test(arguments: [
    ("pull org/none", 69, "no public model org/none"), ("info org/none", 69, "no public model org/none"),
    ("pull org/judge@v9", 69, "no revision v9"), ("pull nonesuch", 69, "`search nonesuch` looks for it"),
    ("data pull nonesuch", 69, "no public data set nonesuch"), ("data pull ../x", 64, "names no data set"),
    ("data pull imdb --split train[", 64, "--split is a split such as"),
    ("data pull imdb --split dev", 64, "has no split dev: there are test, train"),
    ("data pull org/glue", 64, "several configurations: there are cola, sst2"),
    ("data pull org/glue --config mnli", 64, "no configuration mnli"),
    ("data pull imdb --split train[9000:]", 64, "none of them is in that slice"),
    ("data show nonesuch:train", 69, "no public data set nonesuch"),
  ]) func eachFailureHasItsSentence(line: String, status: Int32, words: String) throws {
    let (cell, _, notices) = try sitting(try hub()).run(line)
    #expect(cell?.status.rawValue == status)
    #expect(notices.count == 1 && notices[0].contains(words), "\(notices)")
  }

  @Test func noMessageHoldsAToken() throws {
    let sitting = try sitting(try hub { _, _ in .init(status: 403) }, ["HF_TOKEN": "hf_secret"])
    for line in ["pull org/judge", "info org/judge", "search x", "data pull imdb", "models --json", "history"] {
      let (_, lines, notices) = sitting.run(line)
      #expect(!(lines + notices).joined().contains("hf_secret"))
    }
  }

  @Test func withoutTheNetworkThatIsSaid() throws {
    let sitting = try sitting(try hub(), ["HF_HUB_OFFLINE": "1"])
    let (cell, _, notices) = sitting.run("pull org/judge")
    #expect(cell?.status == .modelAbsent)
    #expect(
      notices == [
        "org/judge could not be fetched: HF_HUB_OFFLINE forbids the network. Unset HF_HUB_OFFLINE, or use what is here: `models` lists it."
      ])
  }

  // MARK: Rows of data sets

  @Test func aSplitIsFetchedFromAllOverIt() throws {
    let hub = try hub()
    let sitting = try sitting(hub)
    let data = try #require(try sitting.value("data pull imdb --split train[~40] --split test")["data"])
    #expect(data[0]?["name"] == .string("imdb-train") && data[0]?["rows"] == .integer(40))
    #expect(data[0]?["task"] == .string("sentiment") && data[0]?["split_rows"] == .integer(2500))
    #expect(data[0]?["labels"]?[0]?["label"] == .string("neg"))
    let counts = [data[0]?["labels"]?[0]?["count"], data[0]?["labels"]?[1]?["count"]]
    #expect(counts == [.integer(22), .integer(18)], "of sixteen stretches, nine are negative")
    #expect(data[1]?["rows"] == .integer(50))
    #expect(sitting.run("data show imdb-train --rows 1").lines.contains { $0.contains("review") && $0.contains("so") })
    let (cell, _, notices) = sitting.run("data pull imdb --split train[:5]")
    #expect(cell?.status == .usage && notices[0].contains("imdb-train already"))
  }

  @Test func aSortedSplitIsNoticed() throws {
    let (_, lines, _) = try sitting(try hub()).run("data pull imdb --split train[:200]")
    #expect(
      lines.joined(separator: " ").contains(
        "Every row has the label neg: the split is sorted. --split train[~200] takes rows from all over it."))
  }

  @Test func pagesThatCameAreNotFetchedAgain() throws {
    let turns = Counter()
    let hub = try hub { request, reply in
      guard request.path == "/rows" else { return reply }
      return turns.next() == 3 ? .init(status: 404) : reply
    }
    let sitting = try sitting(hub)
    #expect(sitting.run("data pull imdb --split train[:400]").cell?.status == .modelAbsent)
    #expect(sitting.run("data list").lines.allSatisfy { !$0.contains("imdb") })
    #expect(sitting.run("data pull imdb --split train[:400]").cell?.status == .passed)
    #expect(sitting.run("data pull imdb --split train[:600] --replace").cell?.status == .passed)
    let offsets = hub.requests.filter { $0.path == "/rows" }.compactMap { $0.query["offset"] }
    #expect(offsets == ["0", "100", "200", "200", "300", "400", "500"])
    #expect(try sitting.value("data clear")["files"] == .integer(6))
  }

  @Test func dataMayBeNamedWhereAFileIs() throws {
    let hub = try hub()
    let sitting = try sitting(hub)
    let line = "finetune --data imdb:train[~40] --validation imdb:test[~8] --epochs 1"
    #expect(sitting.run(line).cell?.status == .passed, "\(sitting.screen.notices)")
    let asked = hub.requests.count
    #expect(sitting.run("evaluate --data imdb:test[~8] --model last").cell?.status == .passed)
    #expect(hub.requests.count == asked, "what came once is on the shelf")
  }

  @Test func otherTasksKeepTheirColumns() throws {
    let tags =
      "{\"feature\": {\"names\": [\"O\", \"B-PER\", \"I-PER\"], \"_type\": \"ClassLabel\"}, \"_type\": \"Sequence\"}"
    let words = "{\"feature\": \(Self.text), \"_type\": \"Sequence\"}"
    let answers =
      "{\"feature\": {\"text\": \(Self.text), \"answer_start\": {\"dtype\": \"int32\", \"_type\": \"Value\"}}, \"_type\": \"Sequence\"}"
    let hub = try LoopbackHub(
      datasets: ["org/ner": .init([:]), "org/squad": .init([:]), "org/pictures": .init([:])],
      splits: [
        "org/ner default train": .init(
          features: Self.features([("id", Self.text), ("tokens", words), ("ner_tags", tags)]),
          rows: ["{\"id\": \"0\", \"tokens\": [\"Ada\", \"Byron\", \"wrote\"], \"ner_tags\": [1, 2, 0]}"]),
        "org/squad default train": .init(
          features: Self.features([
            ("id", Self.text), ("context", Self.text), ("question", Self.text), ("answers", answers),
          ]),
          rows: [
            "{\"id\": \"a\", \"context\": \"Ada wrote.\", \"question\": \"Who?\", \"answers\": {\"text\": [\"Ada\"], \"answer_start\": [0]}}"
          ]),
        "org/pictures default train": .init(
          features: Self.features([("image", "{\"_type\": \"Image\"}")]), rows: ["{\"image\": {\"src\": \"x\"}}"]),
      ])
    let sitting = try sitting(hub)
    #expect(try sitting.value("data pull org/ner --format conll")["data"]?[0]?["task"] == .string("entities"))
    let file = sitting.folder.appendingPathComponent("home/data/ner-train.conll")
    #expect(try String(contentsOf: file, encoding: .utf8) == "Ada\tB-PER\nByron\tI-PER\nwrote\tO\n\n")
    #expect(try sitting.value("data pull org/squad")["data"]?[0]?["task"] == .string("answer"))
    let (cell, _, notices) = sitting.run("data pull org/pictures")
    #expect(cell?.status == .malformed && notices[0].contains("nothing but image"))
  }
}

/// Counts from 1, whoever asks.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  func next() -> Int {
    lock.withLock {
      count += 1
      return count
    }
  }
}
