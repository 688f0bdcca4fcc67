/// How results are made equally long; the engine never needs it, other software may.
package struct PaddingSetting: Equatable, Sendable {
  /// The length that everything is padded to; nil for the longest of a batch.
  package var fixedLength: Int?
  package var direction: Truncation.Direction
  /// Lengths are rounded up to a multiple of this.
  package var multiple: Int?
  package var id: Int
  package var typeID: Int
  package var token: String

  private static let longest = 1 << 24

  package init(
    fixedLength: Int? = nil, direction: Truncation.Direction = .right, multiple: Int? = nil, id: Int = 0,
    typeID: Int = 0, token: String = "[PAD]"
  ) {
    self.fixedLength = fixedLength
    self.direction = direction
    self.multiple = multiple
    self.id = id
    self.typeID = typeID
    self.token = token
  }

  /// Reads the `padding` of a tokenizer.json.
  init(_ json: JSONObject) throws(TokenizerError) {
    let side = try json.string("direction", default: "Right")
    guard let direction = Truncation.Direction(rawValue: side.lowercased()) else { throw json.wrong(.direction) }
    self.init(
      direction: direction, multiple: try json.optional("pad_to_multiple_of")?.integer(),
      id: try json.integer("pad_id", default: 0), typeID: try json.integer("pad_type_id", default: 0),
      token: try json.string("pad_token", default: "[PAD]"))
    if let strategy = json.optional("strategy"), strategy.kind == .object {
      fixedLength = try strategy.object().optional("Fixed")?.integer()
    }
    guard [fixedLength, multiple].allSatisfy({ $0.map { (0...Self.longest).contains($0) } ?? true }) else {
      throw json.wrong(.length)
    }
  }

  /// The encodings, and what truncation cut off them, filled up to one length.
  package func padded(_ encodings: [Encoding]) -> [Encoding] {
    var length = fixedLength ?? encodings.map(\.count).max() ?? 0
    if let multiple, multiple > 0 { length = (length + multiple - 1) / multiple * multiple }
    return encodings.map { padded($0, to: length) }
  }

  private func padded(_ encoding: Encoding, to length: Int) -> Encoding {
    var encoding = encoding
    encoding.overflowing = encoding.overflowing.map { padded($0, to: length) }
    let missing = length - encoding.count
    guard missing > 0 else { return encoding }
    let start = direction == .right ? encoding.count : 0
    let shift = direction == .right ? 0 : missing
    func fill<Element>(_ list: inout [Element], _ element: Element) {
      list.insert(contentsOf: repeatElement(element, count: missing), at: start)
    }
    fill(&encoding.ids, Int32(truncatingIfNeeded: id))
    fill(&encoding.offsets, 0..<0)
    fill(&encoding.typeIDs, Int32(truncatingIfNeeded: typeID))
    fill(&encoding.specialMask, true)
    fill(&encoding.words, -1)
    encoding.sequences = encoding.sequences.map {
      ($0.isSecond, ($0.range.lowerBound + shift)..<($0.range.upperBound + shift))
    }
    encoding.texts = Dictionary(uniqueKeysWithValues: encoding.texts.map { ($0 + shift, $1) })
    for index in start..<(start + missing) where encoding.names.token(of: id) != token {
      encoding.texts[index] = token
    }
    encoding.padding = start..<(start + missing)
    return encoding
  }
}
