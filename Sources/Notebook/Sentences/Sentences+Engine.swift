import Drawing
import Layers
import Models
import Pipelines
import Tokenizers
import Training

extension ConfigurationError: Explained {
  package var status: ExitStatus { .malformed }

  package var sentence: String {
    switch self {
    case .notJSON(let file): "\(file) is not a JSON object; fetch or save the model again."
    case .missing(let file, let key):
      "\(file) has no \(key), so the model's shape is unknown; add it or fetch the file again."
    case .wrongType(let file, let key, let expected):
      "\(file): \(key) must be \(expected); correct it or fetch the file again."
    case .outOfRange(let file, let key, let value, let allowed):
      "\(file): \(key) is \(sanitized(value)), and must be \(allowed); correct it or fetch the file again."
    case .unsupported(let file, let key, let value, let supported):
      "\(file): \(key) is '\(sanitized(value))', which attune does not have; it has \(supported.joined(separator: ", "))."
    }
  }
}

extension WeightMismatch: Explained {
  package var status: ExitStatus { .malformed }

  package var sentence: String {
    func list(_ names: [String], _ word: String) -> String? {
      guard !names.isEmpty else { return nil }
      let shown = names.prefix(5).map { sanitized($0) }.joined(separator: ", ")
      return "\(names.count) \(word) (\(shown)\(names.count > 5 ? ", …" : ""))"
    }
    let shapes = report.misshaped.map { "\($0.name) is \($0.found), not \($0.expected)" }
    let parts = [
      list(report.missing, "missing"), list(shapes, "of another shape"), list(report.unused, "of no use"),
    ].compactMap { $0 }
    return "The weights do not fit config.json: parameters "
      + parts.joined(separator: "; ") + ". Take both files from the same model."
  }
}

extension HeadError: Explained {
  package var status: ExitStatus { .usage }

  package var sentence: String {
    "Models of the family \(sanitized(family)) are not for \(RepositoryError.task(kind)); name one of another family with --model."
  }
}

extension InputError: Explained {
  package var status: ExitStatus { .malformed }

  package var sentence: String {
    switch self {
    case .empty: "There is no text to look at; give at least one word."
    case .tooLong(let tokens, let limit): "The text has \(tokens) tokens, and this model takes \(limit); shorten it."
    case .idOutOfRange(let id, let vocabulary):
      "The token id \(id) is outside the model's vocabulary of \(vocabulary); tokenizer and model are not of one family."
    case .typeOutOfRange(let type, let segments):
      "The segment \(type) is outside of the \(segments) that the model has; tokenizer and model are not of one family."
    }
  }
}

extension RepositoryError: Explained {
  package var status: ExitStatus {
    if case .noHead = self { .usage } else { .malformed }
  }

  package var sentence: String {
    switch self {
    case .vocabularyTooLarge(let folder, let tokenizer, let model):
      "\(folder): the tokenizer has \(tokenizer) tokens and config.json a vocab_size of \(model); take both from the same model."
    case .vocabularyLineMissing(let folder, let lines, let model):
      "\(folder)/vocab.txt has \(lines) lines and config.json a vocab_size of \(model): a line is missing, and every id after it would be wrong. Fetch vocab.txt again."
    case .noHead(let name, let wanted):
      "The model \(sanitized(name)) was not trained for \(RepositoryError.task(wanted)); `finetune` gives it a head, or name one that has it with --model."
    }
  }

  /// What a head is for, to stand behind "trained for".
  static func task(_ kind: Head.Kind) -> String {
    switch kind {
    case .body: "anything but pre-training"
    case .sequenceClassification: "classifying texts"
    case .tokenClassification: "labelling tokens"
    case .questionAnswering: "answering questions"
    case .maskedWords: "filling in words"
    case .causalWords: "continuing texts"
    case .targetWords: "turning one text into another"
    }
  }
}

extension TokenizerError: Explained {
  package var status: ExitStatus {
    switch self {
    case .unreadable, .noTokenizer: .fileMissing
    case .truncationTooShort, .strideTooLong, .tooManyParts, .noSecondSequence: .usage
    case .patternTooSlow, .badTemplate(_, _, .raised): .failed
    case .noTemplate: .usage
    default: .malformed
    }
  }

  package var sentence: String {
    switch self {
    case .unreadable(let file): "\(file) is missing or cannot be read; check the path."
    case .noTokenizer(let folder):
      "The folder \(folder) has no tokenizer: neither tokenizer.json nor vocab.txt, vocab.json with merges.txt, or a .model; fetch the model again."
    case .malformed(let file, let line): "\(file):\(line): this is not the JSON it should be; fetch the file again."
    case .missingField(let file, let path): "\(file) has no \(sanitized(path)); fetch the file again."
    case .wrongField(let file, let line, let path, let expected):
      "\(file):\(line): \(sanitized(path)) must be \(expected.rawValue == "object" || expected.rawValue == "array" ? "an" : "a") \(expected.rawValue)."
    case .unknownKind(let file, let stage, let kind):
      "\(file): attune does not know the \(sanitized(stage)) '\(sanitized(kind))'."
    case .unsupportedPattern(let file, let pattern, let problem):
      "\(file): the pattern '\(sanitized(pattern))' \(Self.words(problem))."
    case .patternTooSlow(let pattern):
      "Matching the pattern '\(sanitized(pattern))' takes too long on this text; split the text, or simplify the pattern."
    case .badMerge(let file, let number, let left, let right):
      "\(file): merge \(number) joins '\(sanitized(left))' and '\(sanitized(right))', which the vocabulary does not have so; fetch the file again."
    case .emptyVocabulary(let file): "\(file) has no vocabulary; fetch the file again."
    case .emptyPiece(let file, let line):
      "\(file):\(line): the line is empty, and every line is a token; fetch the file again."
    case .duplicatePiece(let file, let line, let piece):
      "\(file):\(line): the token '\(sanitized(piece))' stands twice; fetch the file again."
    case .duplicateID(let file, let line, let id): "\(file):\(line): the id \(id) is given twice; fetch the file again."
    case .missingID(let file, let id):
      "\(file): no token has the id \(id), although larger ids are taken; a line is missing."
    case .conflictingID(let file, let token, let listed, let found):
      "\(file): the added token '\(sanitized(token))' is listed as \(listed), and the vocabulary says \(found)."
    case .missingToken(let file, let token): "\(file) lacks the token \(sanitized(token)), which this tokenizer needs."
    case .damaged(let file, let problem): "\(file): \(Self.words(problem)); fetch the file again."
    case .badTemplate(let file, let line, let problem): "\(file):\(line): \(Self.words(problem))."
    case .noTemplate(let name):
      name == "default"
        ? "The tokenizer has no chat template; name a model that was trained to chat."
        : "The tokenizer has no chat template '\(sanitized(name))'."
    case .textTooLong(let count): "The text has \(bytes(count)), more than a tokenizer takes at once; split it."
    case .truncationTooShort(let maximum, let needed):
      "A maximum of \(maximum) tokens leaves no room for the text; give at least \(needed + 1)."
    case .strideTooLong(let stride, let room):
      "A stride of \(stride) must be smaller than the \(room) tokens of a part."
    case .tooManyParts(let limit):
      "Every part of one text goes with every part of the other, which makes more than \(limit) parts; allow longer parts, or shorten one text."
    case .noSecondSequence: "only_second needs a second text; give one with --pair."
    case .unknownGoldenField(let file, let line, let field):
      "\(file):\(line): '\(sanitized(field))' is no field of a golden case."
    }
  }
}

extension TokenizerError {
  fileprivate static func words(_ problem: PatternProblem) -> String {
    switch problem {
    case .malformed(let position): "is not well formed from character \(position + 1) on"
    case .unsupported(let construct): "has \(sanitized(construct)), which attune does not match"
    case .tooLarge: "becomes too large when its repetitions are written out"
    }
  }

  fileprivate static func words(_ problem: TemplateProblem) -> String {
    switch problem {
    case .unexpected(let found, let expected): "\(sanitized(found)) stands where \(sanitized(expected)) must"
    case .unclosed(let tag): "\(sanitized(tag)) is opened and never closed"
    case .unsupported(let construct): "attune does not carry out \(sanitized(construct)) in a chat template"
    case .unknown(let kind, let name): "there is no \(kind) '\(sanitized(name))'"
    case .undefined(let name):
      "\(name.isEmpty ? "nothing" : "'\(sanitized(name))'") is used as a value, and the conversation does not give it one"
    case .wrongType(let operation, let found): "\(sanitized(operation)) does not take \(sanitized(found))"
    case .wrongArguments(let name): "'\(sanitized(name))' is called with other arguments than it takes"
    case .raised(let message): "the chat template refuses this conversation: \(sanitized(message))"
    case .tooDeep: "the chat template is nested too deeply"
    case .tooManySteps: "the chat template goes on for ever, or nearly so, and was stopped"
    case .tooLarge: "the chat template makes a text, a list or a number beyond all bounds"
    case .dividesByZero: "the chat template divides by zero"
    }
  }

  fileprivate static func words(_ problem: FileProblem) -> String {
    switch problem {
    case .cutOff(let byte): "the file breaks off, or is none of this kind, at byte \(byte)"
    case .wrongCount(let list, let found, let expected):
      "\(sanitized(list)) has \(found) entries for \(expected) tokens"
    case .repeatedPiece(let piece, let id): "the token '\(sanitized(piece))' stands twice, the second time as \(id)"
    case .emptyPiece(let id): "the token \(id) is empty"
    case .characterMap: "the character map's sizes do not add up"
    case .noUnknownPiece: "no token is for unknown text, which this kind of model needs"
    }
  }
}

extension GoldenError: Explained {
  package var status: ExitStatus { .malformed }

  package var sentence: String {
    switch self {
    case .notJSON(let file): "\(file) is not the JSON of a golden folder; `help verify` says what belongs there."
    case .missing(let file, let key): "\(file) has no \(key); `help verify` says what belongs there."
    case .unsupportedTask(let file, let task, let supported):
      "\(file): the task '\(sanitized(task))' is not one that verify has; it has \(supported.joined(separator: ", "))."
    case .wrongShape(let file, let tensor, let expected, let found):
      "\(file): \(tensor) has the shape \(found), and the model makes \(expected)."
    case .maskNotAtEnd(let file): "\(file): input.attention_mask must be ones followed by zeros in every row."
    }
  }
}

extension TrainingError: Explained {
  /// Rows are counted from 1.
  private static func named(_ rows: [Int]) -> String {
    (rows.count == 1 ? "row " : "rows ") + rows.map { String($0 + 1) }.joined(separator: ", ")
  }

  package var status: ExitStatus {
    if case .damagedCheckpoint = self { .malformed } else { .failed }
  }

  package var sentence: String {
    switch self {
    case .lossNotFinite(let step, let rate, let rows, let areAlone):
      areAlone
        ? "The loss is not a number at step \(step), learning rate \(number(Double(rate))), and that because of \(Self.named(rows)) of the data; correct or remove \(rows.count == 1 ? "it" : "them")."
        : "The loss is not a number at step \(step), learning rate \(number(Double(rate))) (\(Self.named(rows)) of the data); lower --learning-rate, for instance to a tenth, or look at these rows."
    case .damagedCheckpoint(let folder):
      "\(folder) does not fit its run; delete it, and --resume goes on from the checkpoint before."
    }
  }
}
