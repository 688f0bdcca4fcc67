import Drawing
import Foundation
import Pipelines

extension ModelsCommand: SpeaksPython {
  package static let counterpart = "huggingface_hub.scan_cache_dir()"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    code.use("huggingface_hub", "CacheNotFound", "scan_cache_dir")
    code.say(
      """
      try:
          for repository in scan_cache_dir().repos:
              print(repository.repo_id, repository.size_on_disk_str)
      except CacheNotFound:
          print("Nothing has been fetched yet.")
      """)
    return code
  }
}

extension PullCommand: SpeaksPython {
  package static let counterpart = "huggingface_hub.snapshot_download"

  package func python(in session: Session) throws -> PythonCode {
    let entry = session.shelf.store.entry(name)
    guard let repository = entry?.hubRepository ?? (entry == nil ? name : nil) else {
      throw Failure("\(sanitized(name)) is not on the hub, so Python cannot fetch it from there.", .usage)
    }
    var code = PythonCode()
    code.use("huggingface_hub", "snapshot_download")
    code.body = PythonText.assign("repository = ", repository) + ["print(snapshot_download(repository))"]
    return code
  }
}

extension LoadCommand: SpeaksPython {
  package static let counterpart = "AutoModel.from_pretrained"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try session.open(try session.repository(common, named: name), in: &code)
    code.say("print(type(model).__name__, model.num_parameters())")
    return code
  }
}

extension InfoCommand: SpeaksPython {
  package static let counterpart = "AutoConfig.from_pretrained"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try session.open(try session.repository(common, named: name), in: &code)
    code.say(
      """
      print(model.config)
      print(sum(p.numel() for p in model.parameters()))
      """)
    return code
  }
}

extension ParametersCommand: SpeaksPython {
  package static let counterpart = "model.named_parameters()"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try session.open(try session.repository(common, named: name), in: &code)
    let condition = match.map { "    if \(PythonText.quoted($0)) not in name:\n        continue\n" } ?? ""
    code.say(
      """
      total = 0
      for name, parameter in model.named_parameters():
      \(condition)    total += parameter.numel()
          print(name, list(parameter.shape), parameter.numel())
      print(total)
      """)
    return code
  }
}

extension MergeCommand: SpeaksPython {
  package static let counterpart = "PeftModel.merge_and_unload()"

  package func python(in session: Session) throws -> PythonCode {
    var code = PythonCode()
    try session.open(try session.model(adapter), in: &code)
    code.body = PythonText.assign("output = ", output ?? "merged")
    code.say(
      """
      merged = model.merge_and_unload()
      merged.save_pretrained(output)
      tokenizer.save_pretrained(output)
      """)
    return code
  }
}

extension ExportCommand: SpeaksPython {
  package static let counterpart = "model.save_pretrained"

  package func python(in session: Session) throws -> PythonCode {
    guard to == .folder else {
      throw Failure("`export --to \(to.name)` has no counterpart in Hugging Face's libraries.", .usage)
    }
    var code = PythonCode()
    try session.open(try session.model(run), in: &code)
    code.body = PythonText.assign("output = ", output ?? "exported")
    if half { code.body.append("model.half()") }
    code.body.append("model.save_pretrained(output)")
    if !withoutTokenizer { code.body.append("tokenizer.save_pretrained(output)") }
    return code
  }
}
