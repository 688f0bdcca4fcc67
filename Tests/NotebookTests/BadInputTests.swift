import Foundation
import Notebook
import TestSupport
import Testing

/// What a user, a file or a disk can have wrong: one sentence that names it, and the exit status of the table.
@Suite(.takingTurns) struct BadInputTests {
  private let sitting: Sitting
  private var folder: String { sitting.folder.path }
  init() throws { sitting = try Sitting(NotebookCommands.rows) }

  /// Runs a line that must fail and gives its only sentence, with the sitting's folder as `~`.
  private func failure(_ line: String, _ status: Notebook.ExitStatus) -> String {
    let (cell, lines, notices) = sitting.run(line)
    #expect(cell?.status == status, "\(line)")
    #expect(cell?.value == nil)
    #expect(lines.isEmpty)
    #expect(notices.count == 1, "\(notices)")
    return (notices.first ?? "").replacing(folder, with: "~")
  }

  private func spoil(_ name: String, _ change: (inout Data) throws -> Void) throws -> String {
    let model = try sitting.model()
    let file = model.appendingPathComponent(name)
    var data = try Data(contentsOf: file)
    try change(&data)
    try data.write(to: file)
    return model.path
  }

  // MARK: Models

  @Test func aTruncatedCheckpoint() throws {
    let model = try spoil("model.safetensors") { $0 = $0.prefix(300_000) }
    let sentence = failure("load \(model)", .malformed)
    #expect(
      sentence.wholeMatch(
        of: /~\/model\/model.safetensors: is cut off: bert\..* ends at byte \d+ of the data, and there are \d+\. .*/)
        != nil, "\(sentence)")
    #expect(sentence.hasSuffix("The download or copy broke off; fetch it again."))
  }

  @Test func aHeaderOfTwoToTheSixtyThree() throws {
    let model = try spoil("model.safetensors") { $0.replaceSubrange(0..<8, with: [0, 0, 0, 0, 0, 0, 0, 0x80]) }
    #expect(
      failure("load \(model)", .malformed)
        == "~/model/model.safetensors: claims a header of 9223372036854775808 bytes; 100000000 is the most there may be. "
        + "The download or copy broke off; fetch it again.")
  }

  @Test func aConfigurationWithoutItsWidth() throws {
    let model = try spoil("config.json") { data in
      let text = String(decoding: data, as: UTF8.self)
      data = Data(text.split(separator: "\n").filter { !$0.contains("hidden_size") }.joined(separator: "\n").utf8)
    }
    #expect(
      failure("load \(model)", .malformed)
        == "~/model/config.json has no hidden_size, so the model's shape is unknown; add it or fetch the file again.")
  }

  @Test func aVocabularyThatLostALine() throws {
    let model = try sitting.model()
    let json = try #require(
      Value(json: Data(contentsOf: model.appendingPathComponent("tokenizer.json")))?["model"]?["vocab"])
    guard case .object(let members) = json else { return }
    let tokens = members.compactMap { member -> (String, Int)? in
      guard case .integer(let id) = member.value else { return nil }
      return (member.key, id)
    }.sorted { $0.1 < $1.1 }.map(\.0)
    try FileManager.default.removeItem(at: model.appendingPathComponent("tokenizer.json"))
    let vocabulary = model.appendingPathComponent("vocab.txt")
    // The tiny table has 2000 rows, a multiple of 8 that tables are padded to: one row more shows the missing line.
    try Data((tokens.dropLast(3).joined(separator: "\n") + "\n").utf8).write(to: vocabulary)
    let config = model.appendingPathComponent("config.json")
    let text = try String(contentsOf: config, encoding: .utf8)
    try Data(text.replacing("\"vocab_size\": 2000", with: "\"vocab_size\": 1999").utf8).write(to: config)
    #expect(
      failure("tokens Hello --model \(model.path)", .malformed)
        == "~/model/vocab.txt has \(tokens.count - 3) lines and config.json a vocab_size of 1999: a line is missing, and "
        + "every id after it would be wrong. Fetch vocab.txt again.")
  }

  @Test(arguments: [
    ("tokens x --model mniilm", "There is no model 'mniilm'; did you mean `minilm`?"),
    ("load nothing", "There is no model 'nothing'; `models` lists the names, and a folder works too."),
    (
      "load nobody/nothing",
      "The model nobody/nothing is neither in the Hugging Face cache nor a folder here; `pull nobody/nothing` fetches it from the hub."
    ),
    ("remove nothing", "The model nothing is not on this machine, so there is nothing to remove."),
    (
      "pull nothing",
      "There is no model 'nothing' in the catalogue, which has minilm, smollm2, en-pt, pt-en; one of the hub is called ORG/NAME, and `search nothing` looks for it."
    ),
  ])
  func anUnknownModel(_ line: String, _ sentence: String) {
    #expect(failure(line, .modelAbsent) == sentence)
  }

  @Test func aModelThatIsNotFetchedYet() throws {
    sitting.run("remove minilm")
    #expect(
      failure("tokens x --model minilm", .modelAbsent)
        == "The model minilm is not on this machine yet; `pull minilm` fetches it (92 MB, Apache-2.0).")
  }

  // MARK: Data

  @Test func anEmptyDataFile() throws {
    let file = try sitting.file("empty.tsv", "")
    #expect(
      failure("finetune --data \(file)", .malformed)
        == "~/empty.tsv has no rows; it needs at least one, and a table its header above.")
  }

  @Test func aLabelNeverSeen() throws {
    let file = try sitting.file("new.tsv", "text\tlabel\nfine\tPOSITIVE\nodd\tSTRANGE\n")
    #expect(
      failure("evaluate --data \(file) --model minilm", .malformed)
        == "~/new.tsv:3, column label: the label 'STRANGE' was never seen in training; the model knows "
        + "NEGATIVE, NEUTRAL, POSITIVE.")
  }

  @Test(arguments: [
    (
      "bad.tsv", "text\tlabel\ngood\tPOSITIVE\nno label\n",
      ":3, column 2: the row has 1 column, and 2 are due; check its separators."
    ),
    ("bad.csv", "text,label\n\"good,POSITIVE\n", ":2, character 1: the quote opened here is never closed."),
    (
      "bad.jsonl", "{\"text\": \"good\", \"label\": 1}\n{\"text\": 5, \"label\": 0}\n",
      ":2, column text: this is number, and text is needed."
    ),
    (
      "one.tsv", "text\tlabel\na\tx\nb\tx\n",
      ": every row has the label 'x', so there is nothing to tell apart; add rows of another."
    ),
  ])
  func aBadRowIsNamed(_ name: String, _ text: String, _ sentence: String) throws {
    let file = try sitting.file(name, text)
    #expect(failure("finetune --data \(file)", .malformed) == "~/\(name)" + sentence)
  }

  @Test func tooFewRowsToHoldSomeBack() throws {
    let file = try sitting.file("two.tsv", "text\tlabel\na\tx\nb\ty\n")
    #expect(
      failure("finetune --data \(file)", .malformed)
        == "~/two.tsv has 2 rows, too few to hold some back for the evaluation; add rows, or give others with --validation."
    )
  }

  @Test func aMissingFile() {
    #expect(
      failure("finetune --data nowhere.tsv", .fileMissing)
        == "There is no file nowhere.tsv; check the path and the working folder, or `data list`.")
  }

  // MARK: Output

  private static let train = "finetune --data samples/reviews/train.tsv --rows 8 --epochs 1 --output"

  @Test func aPlaceThatCannotBeWritten() throws {
    let file = try sitting.file("occupied", "a file, no folder")
    let sentence =
      "~/occupied cannot be written: not a directory; what was there has not changed. "
      + "Choose another place or fix the permissions."
    #expect(failure("\(Self.train) \(file)/x", .cannotWrite) == sentence)
    #expect(failure("\(Self.train) \(file)", .cannotWrite) == sentence)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "a file, no folder")
  }

  @Test func aFolderThatHoldsOtherThings() throws {
    let other = sitting.folder.appendingPathComponent("thesis")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    let thesis = try sitting.file("thesis/thesis.tex", "years of work")
    #expect(
      failure("\(Self.train) \(other.path)", .cannotWrite)
        == "~/thesis is not replaced, because it holds thesis.tex, which is no part of a saved model; "
        + "give an empty or new folder.")
    #expect(try String(contentsOfFile: thesis, encoding: .utf8) == "years of work")
  }

  // MARK: Usage

  @Test(arguments: [
    ("tokenz Hello", "There is no command 'tokenz'; did you mean `tokens`?"),
    ("frobnicate", "There is no command 'frobnicate'; `help` lists the commands."),
    ("help frobnicate", "There is no command 'frobnicate'; `help` lists the commands."),
    ("tokens", "Missing expected argument '<text>'. `help tokens` shows how to call it."),
    (
      "tokens a b",
      "Unexpected argument 'b'. A text of several words stands in quotes. `help tokens` shows how to call it."
    ),
    ("attention x --layr 1", "Unknown option '--layr'. Did you mean '--layer'? `help attention` shows how to call it."),
    (
      "data split x --shar 1",
      "Unknown option '--shar'. Did you mean '--seed'? `help data split` shows how to call it."
    ),
    ("finetune --data x --epochs 0", "--epochs is 1 to 1000, not 0. `help finetune` shows how to call it."),
    ("attention it --from was", "'was' is no token of this text; it has [CLS] it [SEP]."),
    ("tokens 'open", "The line ends inside a quote; close it with '."),
    ("set colour never", "There is no setting 'colour'; did you mean `color`?"),
  ])
  func awrongLine(_ line: String, _ sentence: String) {
    #expect(failure(line, .usage) == sentence)
  }

  @Test func controlCharactersOfOthersAreNotPassedOn() {
    let sentence = failure("tokens x --model '\u{1B}[2J\u{7}'", .modelAbsent)
    #expect(!sentence.unicodeScalars.contains { $0.value < 0x20 })
  }
}
