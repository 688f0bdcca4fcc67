import Checkpoints
import Drawing

extension GGUFError: Explained {
  package var status: ExitStatus { .malformed }

  package var sentence: String { "\(file): \(problem.words) \(problem.way)" }
}

extension GGUFProblem {
  /// What is wrong, as the end of a sentence that begins with the file.
  fileprivate var words: String {
    switch self {
    case .notGGUF: "does not begin as a GGUF file does."
    case .unknownVersion(let version): "is GGUF version \(version); versions 2 and 3 are read."
    case .bigEndian: "was written for big-endian machines; only little-endian files are read."
    case .cutShort(let part, let offset): "is cut off at byte \(offset), inside \(sanitized(part))."
    case .tooMany(let part, let claimed, let available):
      "claims \(claimed) entries or bytes for \(sanitized(part)), and \(available) bytes are left."
    case .badText(let part, let offset): "holds a text that is not UTF-8 in \(sanitized(part)), at byte \(offset)."
    case .duplicateKey(let key): "has the metadata key \(sanitized(key)) twice."
    case .unknownValueType(let key, let type):
      "stores \(sanitized(key)) as type \(type), which metadata do not have."
    case .badTruth(let key, let byte): "stores \(byte) as a truth value in \(sanitized(key))."
    case .nestedTooDeep(let key, let limit): "nests the lists in \(sanitized(key)) deeper than \(limit)."
    case .badAlignment(let alignment):
      "aligns its tensors to \(alignment) bytes; a power of two up to 2^20 makes sense."
    case .duplicateTensor(let name): "names the tensor \(sanitized(name)) twice."
    case .tooManyDimensions(let tensor, let claimed, let limit):
      "gives \(sanitized(tensor)) \(claimed) dimensions; \(limit) is the most there may be."
    case .shapeTooLarge(let tensor, let sizes):
      "gives \(sanitized(tensor)) the dimensions \(sizes), which no memory holds."
    case .unsupportedType(let tensor, let type):
      "stores \(sanitized(tensor)) as ggml type \(type), which is not read here."
    case .brokenBlock(let tensor, let width, let type, let block):
      "gives \(sanitized(tensor)) rows of \(width), and \(type) packs \(block) at a time."
    case .misaligned(let tensor, let offset, let alignment):
      "places \(sanitized(tensor)) at byte \(offset) of the data, which is no multiple of \(alignment)."
    case .outOfBounds(let tensor, let end, let available):
      "is cut off: \(sanitized(tensor)) ends at byte \(end) of the data, and there are \(available)."
    case .overlap(let tensor, let other): "lets \(sanitized(tensor)) and \(sanitized(other)) overlap."
    case .noSuchTensor(let name): "has no tensor \(sanitized(name))."
    case .missingKey(let key): "has no \(sanitized(key)) in its metadata."
    case .unsupportedArchitecture(let name, let supported):
      "holds a model of the kind \(sanitized(name)); \(supported.joined(separator: ", ")) are understood."
    case .brokenHeads(let tensor, let rows, let heads):
      "gives \(sanitized(tensor)) \(rows) rows, which \(heads) heads cannot share."
    case .wrongValue(let key, let expected): "needs \(expected) under \(sanitized(key)) in its metadata."
    }
  }

  /// What to do about it.
  fileprivate var way: String {
    switch self {
    case .cutShort, .tooMany, .outOfBounds: "The download or copy broke off; fetch it again."
    case .unsupportedType: "Fetch it in Q4_0 to Q8_0, Q4_K to Q6_K, F16, BF16 or F32."
    case .unknownVersion, .bigEndian: "Convert it with llama.cpp."
    case .unsupportedArchitecture: "Take another model."
    default: "Fetch or convert the model again."
    }
  }
}
