/// What can be wrong with a tokenizer's files or with a request to encode; facts only.
package enum TokenizerError: Error, Equatable, Sendable {
  /// The file is missing or cannot be read.
  case unreadable(file: String)
  /// The folder has neither tokenizer.json nor vocab.txt.
  case noTokenizer(folder: String)
  /// The file is not JSON from this line on.
  case malformed(file: String, line: Int)
  /// A field that must be there is not; the path is dotted, as in `model.vocab`.
  case missingField(file: String, path: String)
  /// A field holds another kind of value than it must.
  case wrongField(file: String, line: Int, path: String, expected: JSONKind)
  /// The file asks for a stage of a kind that is not in the table of that stage.
  case unknownKind(file: String, stage: String, kind: String)
  /// The file asks for a regular expression that cannot be used.
  case unsupportedPattern(file: String, pattern: String, problem: PatternProblem)
  /// Matching the regular expression against a text took too many steps.
  case patternTooSlow(pattern: String)
  /// A merge joins pieces that the vocabulary does not have, together or apart; counted from 1.
  case badMerge(file: String, number: Int, left: String, right: String)
  /// The vocabulary has no pieces at all.
  case emptyVocabulary(file: String)
  /// The vocabulary has an empty piece on this line.
  case emptyPiece(file: String, line: Int)
  /// The vocabulary has the same piece twice.
  case duplicatePiece(file: String, line: Int, piece: String)
  /// Two pieces have the same id.
  case duplicateID(file: String, line: Int, id: Int)
  /// No piece has this id although a larger one is taken.
  case missingID(file: String, id: Int)
  /// An added token is listed with another id than the vocabulary gives it.
  case conflictingID(file: String, token: String, listed: Int, found: Int)
  /// The vocabulary lacks a token that the tokenizer cannot do without.
  case missingToken(file: String, token: String)
  /// A binary file does not hold together.
  case damaged(file: String, problem: FileProblem)
  /// A chat template cannot be read or carried out.
  case badTemplate(file: String, line: Int, problem: TemplateProblem)
  /// The files have no chat template, or none of that name.
  case noTemplate(name: String)
  /// The text is longer than offsets can count, in UTF-8 bytes.
  case textTooLong(bytes: Int)
  /// The maximum leaves no room beside the special tokens or beside the sequence that must stay whole.
  case truncationTooShort(maximumLength: Int, needed: Int)
  /// The stride is not smaller than the tokens that a part may hold.
  case strideTooLong(stride: Int, room: Int)
  /// Both sequences are cut so small that the parts of one with the parts of the other are more than this many.
  case tooManyParts(limit: Int)
  /// Only the second sequence may be truncated and there is none.
  case noSecondSequence
  /// A golden file has a field that is not known.
  case unknownGoldenField(file: String, line: Int, field: String)
}

/// The kinds of JSON value.
package enum JSONKind: String, Sendable {
  case object, array, string, number, boolean, null, strategy, direction, merge
  case behavior = "split behavior"
  case character = "single character"
  case prependScheme = "prepend scheme"
  case characterMap = "character map in base 64"
  case probability = "number from 0 to 1"
  case length = "length from 0 to 16777216"
  case fewSpecialTokens = "list with at most 10000 special tokens"
  case onlyText = "name of the only text, A"
  case eitherText = "name of a text, A or B"
}

/// What is wrong with a binary file that holds a tokenizer.
package enum FileProblem: Error, Equatable, Sendable {
  /// A field says that it goes on past the end of the file, or is none; `byte` counts from 0.
  case cutOff(byte: Int)
  /// A list is not as long as the one that it belongs to.
  case wrongCount(list: String, found: Int, expected: Int)
  /// The piece of this id stood before.
  case repeatedPiece(String, id: Int)
  /// The piece of this id has no text.
  case emptyPiece(id: Int)
  /// The character map's sizes do not add up.
  case characterMap
  /// No piece is of the kind `unknown`, and the model needs one.
  case noUnknownPiece
}
