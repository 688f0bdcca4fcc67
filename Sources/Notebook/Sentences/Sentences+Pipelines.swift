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
    case .needsLanguages(let model, let known):
      "\(sanitized(model)) translates between several languages; name two with --source-language and "
        + "--target-language. It has \(known.map { sanitized($0) }.joined(separator: ", "))."
    case .unknownLanguage(let language, let model, let known):
      "\(sanitized(model)) knows no language '\(sanitized(language))'; it has "
        + "\(known.prefix(60).map { sanitized($0) }.joined(separator: " "))."
    case .hasNoLanguages(let model):
      "\(sanitized(model)) has no tokens that name languages; leave out --source-language and --target-language."
    case .onlyTranslates(let model):
      "\(sanitized(model)) only translates; name a model that summarizes or follows instructions, such as smollm2, with "
        + "--model."
    case .noByteArithmetic(let model):
      "\(model) has no factors for 8-bit arithmetic; models in Marian's own format do, such as en-pt."
    case .doesNotTranslate(let model):
      "\(sanitized(model)) answers no text with another one; name a model with an encoder and a decoder, such as en-pt, "
        + "with --model."
    }
  }
}

extension AttendingError: Explained {
  package var status: ExitStatus { .usage }

  package var sentence: String {
    switch self {
    case .hasNoEncoder(let model):
      "\(sanitized(model)) has one stack and no cross-attention; name a model with an encoder and a decoder, such as en-pt."
    case .doesNotLookBack(let model):
      "The decoder of \(sanitized(model)) remembers what it wrote in recurrent cells and has no attention to it; "
        + "--cross shows where it looks in the source."
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

extension QuantizingError: Explained {
  package var status: ExitStatus { .usage }

  package var sentence: String {
    switch self {
    case .family(let model, let family, let known):
      "\(sanitized(model)) is of the family \(sanitized(family)), and GGUF files are written for \(known.joined(separator: ", "))."
    case .head(let model):
      "\(sanitized(model)) does not continue texts, and GGUF files are written for models that do."
    case .positions(let model):
      "\(sanitized(model)) stretches its positions in a way that is not written to GGUF files yet."
    }
  }
}
