import Checkpoints
import Drawing

extension MarianError: Explained {
  package var status: ExitStatus { .malformed }

  package var sentence: String { "\(file): \(problem.words) \(problem.way)" }
}

extension MarianProblem {
  /// What is wrong, as the end of a sentence that begins with the file.
  fileprivate var words: String {
    switch self {
    case .unknownVersion(let version): "begins with version \(version), and Marian's models are version 1."
    case .cutShort(let part, let offset): "is cut off at byte \(offset), inside \(sanitized(part))."
    case .tooMany(let part, let claimed, let available):
      "claims \(claimed) entries or bytes for \(sanitized(part)), and \(available) bytes are left."
    case .badName(let offset): "has a tensor's name that is no text at byte \(offset)."
    case .duplicateTensor(let name): "names the tensor \(sanitized(name)) twice."
    case .shapeTooLarge(let tensor, let shape): "gives \(sanitized(tensor)) the shape \(shape), which makes no sense."
    case .unsupportedType(let tensor, let type):
      "stores \(sanitized(tensor)) as type 0x\(String(type, radix: 16)), which is not read here."
    case .sizeMismatch(let tensor, let shape, let expected, let found):
      "gives \(sanitized(tensor)) \(found) bytes, and its shape \(shape) needs \(expected)."
    case .badMultiplier(let tensor):
      "divides the weights of \(sanitized(tensor)) by something that is no positive number."
    case .noSuchTensor(let name): "has no tensor \(sanitized(name))."
    case .missingSetting(let key): "has no \(sanitized(key)) among its settings."
    case .unsupportedSetting(let key, let value, let supported):
      "sets \(sanitized(key)) to '\(sanitized(value))', and only \(supported) is understood."
    case .notShortlist: "is not a shortlist of Marian's."
    case .badChecksum: "does not have the content that its checksum stands for."
    case .badOffsets(let word): "places the list of word \(word) where it cannot be."
    case .wordOutOfRange(let word, let words): "speaks of word \(word), and the model has \(words)."
    }
  }

  /// What to do about it.
  fileprivate var way: String {
    switch self {
    case .cutShort, .tooMany, .badChecksum: "The download or copy broke off; fetch it again."
    case .unsupportedType, .unsupportedSetting: "Take another model."
    default: "Fetch the model again."
    }
  }
}
