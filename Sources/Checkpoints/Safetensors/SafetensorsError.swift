/// A checkpoint that cannot be used, and why.
package struct SafetensorsError: Error, Equatable, Sendable {
  package let file: String
  package let problem: SafetensorsProblem

  package init(file: String, problem: SafetensorsProblem) {
    self.file = file
    self.problem = problem
  }
}

/// What is wrong inside a safetensors file or its index. Offsets of tensors count from the end of the header.
package enum SafetensorsProblem: Error, Equatable, Sendable {
  /// Fewer than the 8 bytes that hold the header's length.
  case tooShort(bytes: Int)
  case headerTooLong(claimed: UInt64, limit: Int)
  /// The file ends inside its header.
  case headerPastEnd(claimed: Int, available: Int)
  case notJSON(offset: Int, JSONFault)
  case duplicateName(String)
  case duplicateField(tensor: String, field: String)
  /// `tensor` is empty for a field of the whole file.
  case missingField(tensor: String, field: String)
  /// A field holds something else than the format says, such as a shape with a negative or fractional size.
  case badField(tensor: String, field: String)
  case unknownType(tensor: String, type: String)
  case shapeTooLarge(tensor: String, shape: [Int])
  case sizeMismatch(tensor: String, shape: [Int], type: String, expected: Int, found: Int)
  case offsetsReversed(tensor: String, begin: Int, end: Int)
  /// The tensor ends beyond the file: it is truncated, or the header is wrong.
  case outOfBounds(tensor: String, end: Int, available: Int)
  case overlap(tensor: String, other: String, offset: Int)
  /// Bytes that belong to no tensor.
  case hole(offset: Int, bytes: Int)

  case noSuchTensor(String)
  /// The type is listed, but cannot be read as `wanted` (`floats` or `integers`).
  case notReadable(tensor: String, type: String, wanted: String)

  case shardOutsideFolder(shard: String)
  case shardMissing(shard: String)
  case missingInShard(tensor: String, shard: String)
  /// A shard holds a tensor that the index does not place there.
  case notInIndex(tensor: String, shard: String)
}

/// Why a JSON text is refused at a byte.
package enum JSONFault: Equatable, Sendable {
  case end
  case expected(String)
  case badNumber
  case badEscape
  case controlCharacter
  case badUTF8
  case tooDeep(limit: Int)
}
