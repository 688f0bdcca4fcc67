/// A file of Marian's that cannot be used, and why.
package struct MarianError: Error, Equatable, Sendable {
  package let file: String
  package let problem: MarianProblem

  package init(file: String, problem: MarianProblem) {
    self.file = file
    self.problem = problem
  }
}

/// What is wrong inside a model or a shortlist in Marian's binary formats. Offsets count from the beginning of the file.
package enum MarianProblem: Error, Equatable, Sendable {
  /// The file begins with another version than 1.
  case unknownVersion(UInt64)
  /// The file ends inside `part`.
  case cutShort(part: String, offset: Int)
  /// A count or length that the rest of the file cannot hold.
  case tooMany(part: String, claimed: UInt64, available: Int)
  case badName(offset: Int)
  case duplicateTensor(String)
  case shapeTooLarge(tensor: String, shape: [Int])
  case unsupportedType(tensor: String, type: UInt64)
  /// Fewer bytes than the shape needs.
  case sizeMismatch(tensor: String, shape: [Int], expected: Int, found: Int)
  /// What 8-bit weights are divided by is no positive number.
  case badMultiplier(tensor: String)
  case noSuchTensor(String)
  /// Of the settings that the file holds.
  case missingSetting(String)
  case unsupportedSetting(key: String, value: String, supported: String)

  // Of a shortlist
  case notShortlist
  case badChecksum
  /// Lists that run backwards or beyond the end.
  case badOffsets(word: Int)
  case wordOutOfRange(word: Int, words: Int)
}
