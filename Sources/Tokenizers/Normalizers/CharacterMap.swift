/// What characters are replaced by: a double array from UTF-8 to replacement texts (Darts; Aoe 1989).
///
/// This is how a SentencePiece file holds its rules: the array's size in bytes, the array, texts ended by 0.
struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let texts: [UInt8]

  /// Nil where the sizes do not add up.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    let word = { (start: Int) in (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) } }
    let size = Int(word(0))
    guard size > 0, size % 4 == 0, size <= bytes.count - 4 else { return nil }
    units = (0..<size / 4).map { word(4 + 4 * $0) }
    texts = Array(bytes[(4 + size)...])
  }

  /// A place inside the array, between the bytes of a key.
  struct Node: Hashable, Sendable {
    fileprivate var position: Int
  }

  var root: Node { Node(position: Self.offset(units[0])) }

  private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }

  /// Goes on with a key by a byte; nil where no key goes on so. The text is set where a key ends there.
  @inline(__always)
  func step(_ node: Node, _ byte: UInt8) -> (node: Node, text: Int?)? {
    let position = node.position ^ Int(byte)
    guard byte != 0, units.indices.contains(position) else { return nil }
    let unit = units[position]
    guard unit & 0x8000_00FF == UInt32(byte) else { return nil }
    let next = position ^ Self.offset(unit)
    guard unit >> 8 & 1 == 1, units.indices.contains(next) else { return (Node(position: next), nil) }
    return (Node(position: next), Int(units[next] & 0x7FFF_FFFF))
  }

  /// The longest replacement in bytes; Unicode's own has 33. A longer one would let a file fill the memory.
  private static let longestText = 1024

  /// The scalars of the text that starts at a place; nil where there is none.
  func scalars(at start: Int) -> [UInt32]? {
    guard start <= texts.count else { return nil }
    let rest = texts[start...].prefix(Self.longestText)
    let end = rest.firstIndex(of: 0) ?? rest.endIndex
    return String(decoding: texts[start..<end], as: UTF8.self).unicodeScalars.map(\.value)
  }

  /// The longest key that the text has at a position, in scalars, and what replaces it.
  func longest(at start: Int, in text: [UInt32]) -> (count: Int, text: Int)? {
    var node = root
    var best: (count: Int, text: Int)?
    for index in start..<text.count {
      guard let scalar = Unicode.Scalar(text[index]), let encoded = UTF8.encode(scalar) else { return best }
      for byte in encoded {
        guard let (next, text) = step(node, byte) else { return best }
        node = next
        if let text { best = (index + 1 - start, text) }
      }
    }
    return best
  }

  /// Whether a cut before a space may change what becomes of the text.
  ///
  /// A key may lie over a space that has something before it, or a visible character of Europe behind it. Or such a
  /// character becomes nothing or a space: then the spaces around it meet, and cuts keep them apart.
  var spansSpaces: Bool {
    struct Path: Hashable {
      var node: Node
      var beginsVisibly = false
      var isEuropean = false
    }
    var open: [(path: Path, isStart: Bool)] = [(Path(node: root), true)]
    var seen: Set<Path> = [Path(node: root)]
    while let (path, isStart) = open.popLast() {
      for byte in UInt8.min...UInt8.max {
        guard let (next, text) = step(path.node, byte), next != path.node else { continue }
        if byte == 32 {
          guard isStart else { return true }
          let goesOn = (UInt8.min...UInt8.max).contains { $0 > 32 && $0 < 0xCC && step(next, $0) != nil }
          if goesOn { return true }
        }
        let isVisible = byte > 32 && byte < 127
        let beginsVisibly = isStart ? isVisible || Stretch.isEuropean(byte) : path.beginsVisibly
        let endsVisibly = isVisible || byte & 0xC0 == 0x80 && path.isEuropean
        if let text, beginsVisibly || endsVisibly, scalars(at: text)?.last ?? 32 == 32 { return true }
        let longer = Path(node: next, beginsVisibly: beginsVisibly, isEuropean: Stretch.isEuropean(byte))
        if seen.insert(longer).inserted { open.append((longer, false)) }
      }
    }
    return false
  }
}
