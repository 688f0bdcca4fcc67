/// The header of a GGUF file (ggml's docs/gguf.md, versions 2 and 3), checked in full before any tensor is used.
struct GGUFHeader {
  struct Place {
    let type: GGUFTensorType
    /// The slowest dimension first: a file lists them the other way round.
    let shape: [Int]
    /// From the beginning of the file.
    let offset: Int
    let count: Int
    let bytes: Int
  }

  static let magic: UInt32 = 0x4655_4747
  /// Lists may hold lists, and those no more.
  static let deepestList = 2
  /// ggml's limit.
  static let mostDimensions = 4
  static let alignmentKey = "general.alignment"
  static let defaultAlignment = 32

  /// In the file's order.
  private(set) var keys: [String] = []
  private(set) var metadata: [String: GGUFValue] = [:]
  private(set) var places: [String: Place] = [:]

  private struct Claim {
    let name: String
    let type: GGUFTensorType
    let shape: [Int]
    let count: Int
    let bytes: Int
    let offset: UInt64
  }

  /// Reads and checks the header of a whole file. An error is the first problem found.
  init(_ file: UnsafeRawBufferPointer) throws(GGUFProblem) {
    var cursor = GGUFCursor(file)
    guard file.count >= 4, try cursor.number("magic", UInt32.self) == Self.magic else { throw .notGGUF }
    let version: UInt32 = try cursor.number("version")
    guard (2...3).contains(version) else {
      throw (1...3).contains(version.byteSwapped) ? .bigEndian : .unknownVersion(version)
    }
    let tensors: UInt64 = try cursor.number("tensor count")
    let keys: UInt64 = try cursor.number("metadata count")
    try cursor.check(keys, "metadata", of: 8 + 4 + 1)
    for _ in 0..<keys { try readPair(&cursor, file) }
    let alignment = try alignment()
    try cursor.check(tensors, "tensors", of: 8 + 4 + 4 + 8)
    var claims: [Claim] = []
    for _ in 0..<tensors { claims.append(try readClaim(&cursor)) }
    let start = (cursor.offset + alignment - 1) / alignment * alignment
    try place(claims, alignment, start: start, available: max(0, file.count - start))
  }

  private mutating func readPair(_ cursor: inout GGUFCursor, _ file: UnsafeRawBufferPointer) throws(GGUFProblem) {
    let key = try cursor.text("metadata key")
    let type = try cursor.valueType(key)
    let range = try cursor.value(type, key: key)
    guard metadata.updateValue(GGUFValue(type, payload: Array(file[range])), forKey: key) == nil else {
      throw .duplicateKey(key)
    }
    keys.append(key)
  }

  private func alignment() throws(GGUFProblem) -> Int {
    guard let value = metadata[Self.alignmentKey] else { return Self.defaultAlignment }
    guard let number = value.integer else { throw .wrongValue(key: Self.alignmentKey, expected: "a whole number") }
    guard (1...1 << 20).contains(number), number.nonzeroBitCount == 1 else {
      throw .badAlignment(UInt64(bitPattern: Int64(number)))
    }
    return number
  }

  private func readClaim(_ cursor: inout GGUFCursor) throws(GGUFProblem) -> Claim {
    let name = try cursor.text("tensor name")
    let dimensions: UInt32 = try cursor.number(name)
    guard dimensions <= Self.mostDimensions else {
      throw .tooManyDimensions(tensor: name, claimed: dimensions, limit: Self.mostDimensions)
    }
    var sizes: [UInt64] = []
    for _ in 0..<dimensions { sizes.append(try cursor.number(name)) }
    let number: UInt32 = try cursor.number(name)
    guard let type = GGUFTensorType.byNumber[number] else { throw .unsupportedType(tensor: name, type: number) }
    let offset: UInt64 = try cursor.number(name)
    let shape = sizes.reversed().map { Int(exactly: $0) ?? -1 }
    guard let count = ShapeSize.elements(shape), let bytes = type.bytes(count) else {
      throw .shapeTooLarge(tensor: name, dimensions: sizes)
    }
    let width = shape.last ?? 1
    guard width % type.blockCount == 0 else {
      throw .brokenBlock(tensor: name, width: width, type: type.name, block: type.blockCount)
    }
    return Claim(name: name, type: type, shape: shape, count: count, bytes: bytes, offset: offset)
  }

  private mutating func place(
    _ claims: [Claim], _ alignment: Int, start: Int, available: Int
  ) throws(GGUFProblem) {
    for claim in claims {
      guard claim.offset % UInt64(alignment) == 0 else {
        throw .misaligned(tensor: claim.name, offset: claim.offset, alignment: alignment)
      }
      let (end, overflow) = claim.offset.addingReportingOverflow(UInt64(claim.bytes))
      guard !overflow, end <= UInt64(available) else {
        throw .outOfBounds(tensor: claim.name, end: overflow ? .max : end, available: available)
      }
      let place = Place(
        type: claim.type, shape: claim.shape, offset: start + Int(claim.offset), count: claim.count,
        bytes: claim.bytes)
      guard places.updateValue(place, forKey: claim.name) == nil else { throw .duplicateTensor(claim.name) }
    }
    let ordered = places.sorted {
      ($0.value.offset, $0.value.bytes, $0.key) < ($1.value.offset, $1.value.bytes, $1.key)
    }
    for (first, second) in zip(ordered, ordered.dropFirst())
    where first.value.offset + first.value.bytes > second.value.offset {
      throw .overlap(tensor: second.key, other: first.key)
    }
  }
}
