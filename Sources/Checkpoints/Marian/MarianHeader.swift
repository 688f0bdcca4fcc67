/// The header of a model in Marian's binary format, version 1, checked in full before any tensor is used.
struct MarianHeader {
  enum Kind: Equatable {
    case elements(ElementType)
    /// 8-bit weights, and behind them what they are divided by.
    case quantized

    /// By Marian's numbers: a class of types plus the bytes of an element.
    static let byNumber: [UInt64: Kind] = [
      0x101: .elements(.i8), 0x102: .elements(.i16), 0x104: .elements(.i32), 0x108: .elements(.i64),
      0x201: .elements(.u8), 0x202: .elements(.u16), 0x204: .elements(.u32), 0x208: .elements(.u64),
      0x402: .elements(.f16), 0x404: .elements(.f32), 0x408: .elements(.f64), 0x4101: .quantized,
    ]

    var number: UInt64 { Kind.byNumber.first { $0.value == self }?.key ?? 0 }

    /// Bytes that so many elements need.
    func bytes(_ count: Int) -> Int {
      switch self {
      case .elements(let type): count * type.width
      case .quantized: count + MemoryLayout<Float>.size
      }
    }

    var name: String {
      switch self {
      case .elements(let type): type.rawValue
      case .quantized: "intgemm8"
      }
    }
  }

  struct Place {
    let kind: Kind
    let shape: [Int]
    /// From the beginning of the file.
    let offset: Int
    let count: Int
    let bytes: Int
  }

  private(set) var places: [String: Place] = [:]

  private struct Claim {
    let nameBytes, dimensions, bytes: Int
    let type: UInt64
  }

  /// - Throws: the first problem found
  init(_ file: UnsafeRawBufferPointer) throws(MarianProblem) {
    var cursor = MarianCursor(file)
    let version: UInt64 = try cursor.number("version")
    guard version == 1 else { throw .unknownVersion(version) }
    let count = try cursor.count("tensors", of: 32)
    var claims: [Claim] = []
    for _ in 0..<count { claims.append(try readClaim(&cursor)) }
    var names: [String] = []
    for claim in claims { names.append(try cursor.name(claim.nameBytes)) }
    var shapes: [[Int]] = []
    for (claim, name) in zip(claims, names) { shapes.append(try cursor.shape(claim.dimensions, name)) }
    let padding = try cursor.count("padding", of: 1)
    _ = try cursor.skip(padding, "padding")
    for ((claim, name), shape) in zip(zip(claims, names), shapes) {
      let place = try place(claim, name, shape, &cursor)
      guard places.updateValue(place, forKey: name) == nil else { throw .duplicateTensor(name) }
    }
  }

  private func readClaim(_ cursor: inout MarianCursor) throws(MarianProblem) -> Claim {
    let name = try cursor.count("a tensor's name", of: 1)
    let type: UInt64 = try cursor.number("tensors")
    let dimensions = try cursor.count("a tensor's shape", of: 4)
    return Claim(nameBytes: name, dimensions: dimensions, bytes: try cursor.count("a tensor", of: 1), type: type)
  }

  private func place(
    _ claim: Claim, _ name: String, _ shape: [Int], _ cursor: inout MarianCursor
  ) throws(MarianProblem) -> Place {
    guard let kind = Kind.byNumber[claim.type] else { throw .unsupportedType(tensor: name, type: claim.type) }
    guard let count = ShapeSize.elements(shape), count <= 1 << 40 else {
      throw .shapeTooLarge(tensor: name, shape: shape)
    }
    guard kind.bytes(count) <= claim.bytes else {
      throw .sizeMismatch(tensor: name, shape: shape, expected: kind.bytes(count), found: claim.bytes)
    }
    let offset = try cursor.skip(claim.bytes, name)
    return Place(kind: kind, shape: shape, offset: offset, count: count, bytes: claim.bytes)
  }
}

extension MarianProblem: ByteProblem {}

typealias MarianCursor = ByteCursor<MarianProblem>

extension ByteCursor where Problem == MarianProblem {
  /// A name of so many bytes, the last of which is 0.
  mutating func name(_ count: Int) throws(MarianProblem) -> String {
    let start = try skip(count, "a tensor's name")
    let name = UnsafeRawBufferPointer(rebasing: bytes[start..<start + max(0, count - 1)])
    guard count > 0, bytes[start + count - 1] == 0,
      let text = String(validating: name.bindMemory(to: UInt8.self), as: UTF8.self)
    else { throw .badName(offset: start) }
    return text
  }

  mutating func shape(_ dimensions: Int, _ part: String) throws(MarianProblem) -> [Int] {
    var shape: [Int] = []
    for _ in 0..<dimensions { shape.append(Int(try number(part, Int32.self))) }
    return shape
  }
}
