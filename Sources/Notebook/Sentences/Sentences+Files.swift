import Checkpoints
import Drawing
import Foundation

extension FileError: Explained {
  package var sentence: String {
    switch self {
    case .missing(let path): "There is no file \(path); check the path."
    case .missingFromFolder(let folder, let file):
      "The folder \(folder) has no \(file); a model's folder needs config.json, model.safetensors and a tokenizer."
    case .notAFile(let path): "\(path) is a folder, and a file is needed."
    case .notAFolder(let path): "\(path) is a file, and a folder is needed."
    case .cannotRead(let path, let code): "\(path) cannot be read: \(FileError.reason(code)); check its permissions."
    case .cannotWrite(let path, let code) where code == ENOSPC || code == EDQUOT:
      "The disk is full: \(path) was not written, and nothing that was there has changed; free some space and run it again."
    case .cannotWrite(let path, let code):
      "\(path) cannot be written: \(FileError.reason(code)); what was there has not changed. Choose another place or fix the permissions."
    case .holdsOtherFiles(let folder, let file):
      "\(folder) is not replaced, because it holds \(file), which is no part of a saved model; give an empty or new folder."
    }
  }

  package var status: ExitStatus {
    switch self {
    case .missing, .missingFromFolder, .notAFile, .notAFolder: .fileMissing
    case .cannotRead: .fileMissing
    case .cannotWrite, .holdsOtherFiles: .cannotWrite
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}

extension SafetensorsError: Explained {
  package var status: ExitStatus { problem.isMissingFile ? .fileMissing : .malformed }

  package var sentence: String { "\(file): \(problem.words) \(problem.way)" }
}

extension SafetensorsProblem {
  var isMissingFile: Bool { if case .shardMissing = self { true } else { false } }

  /// What is wrong, as the end of a sentence that begins with the file.
  fileprivate var words: String {
    switch self {
    case .tooShort(let count): "has \(count) bytes, too few for a safetensors file."
    case .headerTooLong(let claimed, let limit):
      "claims a header of \(claimed) bytes; \(limit) is the most there may be."
    case .headerPastEnd(let claimed, let available):
      "is cut off inside its header: it claims \(claimed) bytes and has \(available)."
    case .notJSON(let offset, let fault): "has a header that is not JSON at byte \(offset): \(fault.words)."
    case .duplicateName(let name): "names the tensor \(sanitized(name)) twice."
    case .duplicateField(let tensor, let field):
      "gives \(sanitized(field)) twice for \(SafetensorsProblem.place(tensor))."
    case .missingField(let tensor, let field): "has no \(sanitized(field)) for \(SafetensorsProblem.place(tensor))."
    case .badField(let tensor, let field):
      "has a \(sanitized(field)) that makes no sense for \(SafetensorsProblem.place(tensor))."
    case .unknownType(let tensor, let type):
      "stores \(sanitized(tensor)) as \(sanitized(type)), a type this format does not have."
    case .shapeTooLarge(let tensor, let shape): "gives \(sanitized(tensor)) the shape \(shape), which no memory holds."
    case .sizeMismatch(let tensor, let shape, let type, let expected, let found):
      "gives \(sanitized(tensor)) \(found) bytes, and \(type) \(shape) needs \(expected)."
    case .offsetsReversed(let tensor, let begin, let end):
      "lets \(sanitized(tensor)) end at \(end), before it begins at \(begin)."
    case .outOfBounds(let tensor, let end, let available):
      "is cut off: \(sanitized(tensor)) ends at byte \(end) of the data, and there are \(available)."
    case .overlap(let tensor, let other, let offset):
      "lets \(sanitized(tensor)) and \(sanitized(other)) overlap at byte \(offset) of the data."
    case .hole(let offset, let count): "has \(count) bytes at \(offset) of the data that belong to no tensor."
    case .noSuchTensor(let name): "has no tensor \(sanitized(name))."
    case .notReadable(let tensor, let type, let wanted):
      "stores \(sanitized(tensor)) as \(type), which cannot be read as \(wanted)."
    case .shardOutsideFolder(let shard): "names the shard \(sanitized(shard)) outside of its folder."
    case .shardMissing(let shard): "names the shard \(sanitized(shard)), which is not there."
    case .missingInShard(let tensor, let shard): "says \(sanitized(tensor)) is in \(sanitized(shard)), and it is not."
    case .notInIndex(let tensor, let shard): "does not list \(sanitized(tensor)), which \(sanitized(shard)) holds."
    }
  }

  /// What to do about it.
  fileprivate var way: String {
    switch self {
    case .tooShort, .headerPastEnd, .outOfBounds, .shardMissing, .headerTooLong, .hole:
      "The download or copy broke off; fetch it again."
    default: "Save or fetch the checkpoint again."
    }
  }

  private static func place(_ tensor: String) -> String { tensor.isEmpty ? "the file" : sanitized(tensor) }
}

extension JSONFault {
  fileprivate var words: String {
    switch self {
    case .end: "it ends too early"
    case .expected(let what): "expected \(what)"
    case .badNumber: "a number is malformed"
    case .badEscape: "an escape is malformed"
    case .controlCharacter: "a control character stands in a text"
    case .badUTF8: "the text is not UTF-8"
    case .tooDeep(let limit): "it is nested deeper than \(limit)"
    }
  }
}

extension StoreError: Explained {
  package var sentence: String {
    switch self {
    case .notInstalled(let name): "The model \(sanitized(name)) is not on this machine, so there is nothing to remove."
    case .ships(let name): "\(name) came with attune and stays; it takes no room in the cache."
    }
  }
  package var status: ExitStatus { .modelAbsent }
}
