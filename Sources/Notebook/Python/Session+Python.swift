import Checkpoints
import Drawing
import Foundation
import Models
import Pipelines

extension Session {
  /// A model as `from_pretrained` wants it: its name where Python's cache holds it under one, else its folder.
  func pythonPlace(_ folder: URL) -> String {
    let parts = folder.standardizedFileURL.pathComponents
    guard let place = parts.lastIndex(of: "snapshots"), place > 0, place + 1 < parts.count,
      parts[place - 1].hasPrefix("models--")
    else { return besideHome(folder.path) }
    let repository = parts[..<place].joined(separator: "/").replacing("//", with: "/")
    let main = try? String(contentsOfFile: "\(repository)/refs/main", encoding: .utf8)
    guard main?.trimmingCharacters(in: .whitespacesAndNewlines) == parts[place + 1] else {
      return besideHome(folder.path)
    }
    return String(parts[place - 1].dropFirst("models--".count).replacing("--", with: "/"))
  }

  /// The home of a pinned session is gone afterwards: its runs lie where Python itself begins.
  private func besideHome(_ path: String) -> String {
    let home = home.folder.path + "/"
    return isPinned && path.hasPrefix(home) ? String(path.dropFirst(home.count)) : path
  }

  /// The file of a command line as Python opens it.
  func pythonFile(_ name: String) throws -> String { try file(name).standardizedFileURL.path }

  /// What the hub calls a model that lies here under another name, as a remark; nil where it needs none.
  private func hubRemark(_ repository: Repository, _ place: String) -> String? {
    let bases = [repository.name, shelf.store.catalogue.first { $0.hubRepository == repository.baseName }?.name]
    guard let name = bases.compactMap({ $0 }).compactMap({ shelf.store.entry($0) }).first, let hub = name.hubRepository,
      hub != place
    else { return nil }
    return "# On the hub: \(hub)"
  }

  /// Opens a model as `model` and its tokenizer as `tokenizer`.
  /// - Parameters:
  ///   - kind: the head to open it with; nil takes its own
  ///   - given: further arguments of its `from_pretrained`
  /// - Throws: `Failure` for a kind of file that transformers does not read
  func open(
    _ repository: Repository, as kind: Head.Kind? = nil, options given: [String] = [], in code: inout PythonCode
  ) throws {
    guard !repository.isMarian else { throw noMarian(repository) }
    let automatic = PythonModel.automatic[kind ?? repository.kind] ?? "AutoModel"
    code.use("transformers", automatic, "AutoTokenizer")
    // transformers takes the precision that a file was saved in; attune always computes in this one.
    let options = given + ["dtype=\"float32\""]
    let place = pythonPlace(repository.weightsPlace)
    let isFile = place.lowercased().hasSuffix(".gguf")
    var lines = hubRemark(repository, place).map { [$0] } ?? []
    let folder = isFile ? (place as NSString).deletingLastPathComponent : place
    lines += PythonText.assign("folder = ", folder)
    let file = PythonModel.fileArgument(place)
    if isFile {
      lines += [
        "# transformers unpacks quantised weights before it multiplies. attune",
        "# multiplies them as they are, so the digits behind the first may differ.",
      ]
    }
    guard repository.adaptation != nil else {
      lines += PythonText.call("tokenizer = AutoTokenizer.from_pretrained", ["folder"] + file)
      lines += PythonText.call("model = \(automatic).from_pretrained", ["folder"] + file + options)
      code.open(["folder", "tokenizer", "model"], (lines).joined(separator: "\n"))
      return
    }
    code.use("peft", "PeftModel")
    lines += PythonText.assign("adapter = ", pythonPlace(repository.folder))
    lines += PythonText.call(
      "tokenizer = AutoTokenizer.from_pretrained", repository.hasTokenizer ? ["adapter"] : ["folder"] + file)
    var arguments = ["folder"] + file + options
    if repository.describesAdapted {
      code.use("transformers", "AutoConfig")
      arguments.append("config=AutoConfig.from_pretrained(adapter)")
    }
    lines += PythonText.call("model = \(automatic).from_pretrained", arguments)
    lines.append("model = PeftModel.from_pretrained(model, adapter)")
    code.open(["folder", "adapter", "tokenizer", "model"], lines.joined(separator: "\n"))
  }

  /// Opens nothing but a tokenizer, as `tokenizer`.
  /// - Parameter named: as a command names it: a model, a file, a folder; nil takes the session's model
  func openTokenizer(
    _ named: String?, _ common: CommonOptions, as variable: String = "tokenizer", in code: inout PythonCode
  )
    throws
  {
    if let named, !modelNames().contains(named), !Runs.isName(named), named.contains(where: { $0 == "/" || $0 == "." })
    {
      let path = try pythonFile(named)
      switch (path as NSString).pathExtension.lowercased() {
      case "json":
        code.use("transformers", "PreTrainedTokenizerFast")
        let lines = PythonText.assign("file = ", path) + ["\(variable) = PreTrainedTokenizerFast(tokenizer_file=file)"]
        return code.open(["file", variable], lines.joined(separator: "\n"))
      case "model":
        throw Failure(
          "A bare SentencePiece file has no counterpart in transformers; a folder with its tokenizer_config.json has.",
          .usage)
      default: break
      }
    }
    let repository = try named.map { try model($0) } ?? repository(common)
    guard !repository.isMarian else { throw noMarian(repository) }
    code.use("transformers", "AutoTokenizer")
    let place = pythonPlace(repository.weightsPlace)
    var lines = hubRemark(repository, place).map { [$0] } ?? []
    guard place.lowercased().hasSuffix(".gguf") else {
      lines += PythonText.assign("folder = ", place) + ["\(variable) = AutoTokenizer.from_pretrained(folder)"]
      return code.open(["folder", variable], lines.joined(separator: "\n"))
    }
    lines += PythonText.assign("folder = ", (place as NSString).deletingLastPathComponent)
    lines += PythonText.call(
      "\(variable) = AutoTokenizer.from_pretrained", ["folder"] + PythonModel.fileArgument(place))
    code.open(["folder", variable], lines.joined(separator: "\n"))
  }

  private func noMarian(_ repository: Repository) -> Failure {
    Failure(
      "\(sanitized(repository.name)) is in the file format of the program Marian, which transformers does not read; its own translators are the models Helsinki-NLP/opus-mt-….",
      .usage)
  }

  /// `texts = …` of a command's texts or of its file.
  func pythonTexts(_ texts: [String], _ input: InputOptions, in code: inout PythonCode) throws -> [String] {
    guard let path = input.file else { return PythonText.list("texts = ", texts) }
    guard path != "-" else {
      code.use(module: "sys")
      return ["texts = [line.strip() for line in sys.stdin if line.strip()]"]
    }
    let file = try pythonFile(path)
    let lines = PythonText.assign("file = ", file)
    guard ["json", "jsonl", "ndjson"].contains((file as NSString).pathExtension.lowercased()) else {
      return lines + ["texts = [line.strip() for line in open(file) if line.strip()]"]
    }
    code.use(module: "json")
    return lines + ["texts = [json.loads(line)[\"text\"] for line in open(file)]"]
  }
}

/// The classes of transformers that open a model.
enum PythonModel {
  static let automatic: [Head.Kind: String] = [
    .body: "AutoModel", .sequenceClassification: "AutoModelForSequenceClassification",
    .tokenClassification: "AutoModelForTokenClassification", .questionAnswering: "AutoModelForQuestionAnswering",
    .maskedWords: "AutoModelForMaskedLM", .causalWords: "AutoModelForCausalLM", .targetWords: "AutoModelForSeq2SeqLM",
  ]

  /// What names a GGUF file beside its folder; nothing for a folder of weights.
  static func fileArgument(_ place: String) -> [String] {
    guard place.lowercased().hasSuffix(".gguf") else { return [] }
    return ["gguf_file=\(PythonText.quoted((place as NSString).lastPathComponent))"]
  }
}
