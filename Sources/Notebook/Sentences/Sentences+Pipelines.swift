import Drawing
import Pipelines

extension WritingError: Explained {
  package var status: ExitStatus { .usage }

  package var sentence: String {
    switch self {
    case .doesNotWrite(let model):
      "The model \(sanitized(model)) does not continue texts; name a decoder such as smollm2 with --model."
    case .nothingToContinue(let model):
      "There is no text, and \(sanitized(model)) has no token to begin with; give at least one word."
    }
  }
}

extension FillError: Explained {
  package var status: ExitStatus { .usage }

  package var sentence: String {
    switch self {
    case .noMask(let text, let mask):
      "'\(sanitized(String(text.prefix(60))))' has no gap that this model sees; write \(sanitized(mask)) where a word is missing."
    case .noMaskToken(let model):
      "The tokenizer of \(sanitized(model)) has no token for a gap; name a model for masked words with --model."
    case .emptyTarget(let word): "'\(sanitized(word))' is no word that could fill a gap; give another one to --targets."
    }
  }
}
