import Layers

/// The header of a safetensors file, checked in full: what it lists covers the file's bytes exactly once.
struct SafetensorsHeader {
  struct Place {
    let type: ElementType
    let shape: [Int]
    /// From the beginning of the file.
    let offset: Int
    let count: Int
    let bytes: Int
  }

  /// The reference implementation's limit.
  static let limit = 100_000_000

  private(set) var places: [String: Place] = [:]
  private(set) var metadata: [String: String] = [:]
  private var dataStart = 0
  private var dataBytes = 0

  /// Reads and checks the header of a whole file. An error is the first problem found.
  init(_ file: UnsafeRawBufferPointer) throws(SafetensorsProblem) {
    guard file.count >= 8 else { throw .tooShort(bytes: file.count) }
    let claimed = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard claimed <= UInt64(Self.limit) else { throw .headerTooLong(claimed: claimed, limit: Self.limit) }
    let length = Int(claimed)
    guard length <= file.count - 8 else { throw .headerPastEnd(claimed: length, available: file.count - 8) }
    dataStart = 8 + length
    dataBytes = file.count - dataStart
    guard length > 0, file[8] == UInt8(ascii: "{") else { throw .notJSON(offset: 0, .expected("{")) }

    var scanner = JSONScanner(Array(file[8..<dataStart]))
    try scanner.expect("{")
    var first = true
    var hasMetadata = false
    while let name = try scanner.name(first: &first) {
      if name == "__metadata__" {
        if hasMetadata { throw .duplicateName(name) }
        hasMetadata = true
        metadata = try scanner.textMap(field: name)
      } else {
        let place = try readPlace(name, &scanner)
        if places.updateValue(place, forKey: name) != nil { throw .duplicateName(name) }
      }
    }
    try scanner.end()
    try checkCover()
  }

  private func readPlace(
    _ tensor: String, _ scanner: inout JSONScanner
  ) throws(SafetensorsProblem) -> Place {
    var seen: Set<String> = []
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    var first = true
    try scanner.expect("{")
    while let field = try scanner.name(first: &first) {
      if !seen.insert(field).inserted { throw .duplicateField(tensor: tensor, field: field) }
      switch field {
      case "dtype": typeName = try scanner.optionalString()
      case "shape": shape = try scanner.naturals()
      case "data_offsets": offsets = try scanner.naturals()
      default: try scanner.skipValue()
      }
    }
    for field in ["dtype", "shape", "data_offsets"] where !seen.contains(field) {
      throw .missingField(tensor: tensor, field: field)
    }
    guard let typeName else { throw .badField(tensor: tensor, field: "dtype") }
    guard let shape else { throw .badField(tensor: tensor, field: "shape") }
    guard let offsets, offsets.count == 2 else { throw .badField(tensor: tensor, field: "data_offsets") }
    guard let type = ElementType(rawValue: typeName) else {
      throw .unknownType(tensor: tensor, type: typeName)
    }
    return try checked(tensor, type, shape, begin: offsets[0], end: offsets[1])
  }

  private func checked(
    _ tensor: String, _ type: ElementType, _ shape: [Int], begin: Int, end: Int
  ) throws(SafetensorsProblem) -> Place {
    guard let count = ShapeSize.elements(shape) else { throw .shapeTooLarge(tensor: tensor, shape: shape) }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.width)
    if overflow { throw .shapeTooLarge(tensor: tensor, shape: shape) }
    guard begin <= end else { throw .offsetsReversed(tensor: tensor, begin: begin, end: end) }
    guard end <= dataBytes else { throw .outOfBounds(tensor: tensor, end: end, available: dataBytes) }
    guard end - begin == bytes else {
      throw .sizeMismatch(
        tensor: tensor, shape: shape, type: type.rawValue, expected: bytes, found: end - begin)
    }
    return Place(type: type, shape: shape, offset: dataStart + begin, count: count, bytes: bytes)
  }

  private func checkCover() throws(SafetensorsProblem) {
    let ordered = places.sorted { a, b in
      (a.value.offset, a.value.bytes, a.key) < (b.value.offset, b.value.bytes, b.key)
    }
    var reached = dataStart
    var last = ""
    for (name, place) in ordered {
      if place.offset < reached {
        throw .overlap(tensor: name, other: last, offset: place.offset - dataStart)
      }
      if place.offset > reached {
        throw .hole(offset: reached - dataStart, bytes: place.offset - reached)
      }
      reached += place.bytes
      last = name
    }
    let rest = dataStart + dataBytes - reached
    if rest > 0 { throw .hole(offset: reached - dataStart, bytes: rest) }
  }
}

extension JSONScanner {
  /// An object whose values are all strings: `__metadata__`, and an index's `weight_map`.
  mutating func textMap(field: String) throws(SafetensorsProblem) -> [String: String] {
    var map: [String: String] = [:]
    var first = true
    try expect("{")
    while let key = try name(first: &first) {
      guard let text = try optionalString() else { throw .badField(tensor: field, field: key) }
      if map.updateValue(text, forKey: key) != nil { throw .duplicateName(key) }
    }
    return map
  }
}
