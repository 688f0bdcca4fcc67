import Foundation

extension Tokenizer {
  /// By id, whether a piece goes on with the word before it: as `##` says, or by the want of a mark for the space before
  /// a word (`Ġ`, `▁`). Pieces that begin with neither a letter nor a digit stand for themselves.
  package var continuations: [Bool] {
    (0..<vocabularySize).map { id in
      guard let piece = token(of: id), added.text(of: id) == nil else { return false }
      if marksContinuations { return piece.hasPrefix("##") }
      guard let first = piece.unicodeScalars.first, first != "Ġ", first != "▁" else { return false }
      return first.properties.isAlphabetic || first.properties.numericType != nil
    }
  }

  /// The files for the folder of a new model: those that the tokenizer was made from, and beside a bare tokenizer.json
  /// what Hugging Face's classes ask for.
  /// - Parameter maximumLength: tokens that the model reads
  package func folderFiles(maximumLength: Int) -> [(name: String, data: Data)] {
    let name = "tokenizer_config.json"
    guard files.map(\.name) == ["tokenizer.json"] else { return files }
    // The class that takes tokenizer.json as it is: others build the stages anew from options of their own.
    var object: [String: Any] = ["tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": maximumLength]
    for (path, key, _) in SpecialTokens.roles { object[key] = special[keyPath: path].flatMap(token) }
    guard
      let data = try? JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    else { return files }
    return files + [(name, data)]
  }
}
