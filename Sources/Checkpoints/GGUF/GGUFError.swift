/// A GGUF file that cannot be used, and why.
package struct GGUFError: Error, Equatable, Sendable {
  package let file: String
  package let problem: GGUFProblem

  package init(file: String, problem: GGUFProblem) {
    self.file = file
    self.problem = problem
  }
}

/// What is wrong inside a GGUF file. Offsets count from the beginning of the file unless something else is said.
package enum GGUFProblem: Error, Equatable, Sendable {
  /// The file does not begin with `GGUF`.
  case notGGUF
  /// Only versions 2 and 3 are read.
  case unknownVersion(UInt32)
  /// Written on a machine with the other order of bytes.
  case bigEndian
  /// The file ends inside `part`.
  case cutShort(part: String, offset: Int)
  /// A count or length that the rest of the file cannot hold.
  case tooMany(part: String, claimed: UInt64, available: Int)
  case badText(part: String, offset: Int)
  case duplicateKey(String)
  case unknownValueType(key: String, type: UInt32)
  /// A truth value that is neither 0 nor 1.
  case badTruth(key: String, byte: UInt8)
  case nestedTooDeep(key: String, limit: Int)
  case badAlignment(UInt64)

  case duplicateTensor(String)
  case tooManyDimensions(tensor: String, claimed: UInt32, limit: Int)
  case shapeTooLarge(tensor: String, dimensions: [UInt64])
  case unsupportedType(tensor: String, type: UInt32)
  /// A row of blocks that does not end with a block.
  case brokenBlock(tensor: String, width: Int, type: String, block: Int)
  case misaligned(tensor: String, offset: UInt64, alignment: Int)
  /// Counted from the beginning of the data.
  case outOfBounds(tensor: String, end: UInt64, available: Int)
  case overlap(tensor: String, other: String)

  case noSuchTensor(String)
  case missingKey(String)
  case wrongValue(key: String, expected: String)
  case unsupportedArchitecture(String, supported: [String])
  /// Rows that do not divide into heads of two halves.
  case brokenHeads(tensor: String, rows: Int, heads: Int)
}
