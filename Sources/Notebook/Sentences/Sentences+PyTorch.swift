import Checkpoints
import Drawing

extension PyTorchError: Explained {
  package var status: ExitStatus { .malformed }

  package var sentence: String { "\(file) \(problem.words) \(problem.way)" }
}

extension PyTorchProblem {
  /// What is wrong, as the end of a sentence that begins with the file.
  fileprivate var words: String {
    switch self {
    case .oldFormat: "is in the format that PyTorch wrote before version 1.6, which is not read here."
    case .notAnArchive: "is no file of PyTorch's: it is no zip archive."
    case .torchScript: "is a TorchScript program, and weights are needed."
    case .bigEndian: "was written on a machine of the other byte order."
    case .brokenArchive(let part): "is damaged: \(sanitized(part)) leads outside of the archive."
    case .duplicateEntry(let name): "holds \(sanitized(name)) twice."
    case .missingEntry(let name): "has no \(sanitized(name)) in it."
    case .compressedEntry(let name): "has \(sanitized(name)) compressed or encrypted, which PyTorch never does."
    case .entryTooLarge(let name, let count, let limit):
      "has \(bytes(count)) in \(sanitized(name)), and \(bytes(limit)) is the most there may be."
    case .cutShort(let offset): "is cut off: its list of tensors ends at byte \(offset)."
    case .instruction(let code, let offset):
      "has the instruction \(String(code, radix: 16)) at byte \(offset) of its pickle, which no list of tensors needs; it was not followed."
    case .foreignCode(let name, let offset):
      "asks at byte \(offset) of its pickle for \(sanitized(name)) to be run; nothing was run."
    case .nonsense(let offset): "has a pickle that makes no sense at byte \(offset)."
    case .noTensors: "holds no dictionary of tensors."
    case .outsideOfStorage(let tensor, let end, let available):
      "lets \(sanitized(tensor)) end at element \(end) of a storage that has \(available)."
    case .tooLarge(let tensor, let shape): "gives \(sanitized(tensor)) a shape that its numbers do not fill: \(shape)."
    case .noSuchTensor(let name): "has no tensor \(sanitized(name))."
    case .shortStorage(let tensor, let expected, let found):
      "has \(found) bytes for \(sanitized(tensor)), and \(expected) are needed."
    }
  }

  /// What to do about it.
  fileprivate var way: String {
    switch self {
    case .oldFormat:
      "Write it anew in Python: torch.save(torch.load(FILE, weights_only=True), FILE)."
    case .foreignCode, .instruction, .compressedEntry:
      "Use it only if you trust who made it, in Python; better take the same model as safetensors."
    case .torchScript, .noTensors: "Save model.state_dict() instead."
    case .bigEndian: "Save it again as safetensors there."
    default: "Fetch or save it again."
    }
  }
}
