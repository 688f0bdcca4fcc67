/// Reads `[…]` and the escapes that stand for one scalar or a set of them.
struct SetParser {
  enum Item {
    case scalar(UInt32)
    case node(ScalarSet.Node)
  }

  private let source: [UInt32]
  private(set) var position: Int
  private var depth = 0

  private static let deepest = 32

  init(_ source: [UInt32], _ position: Int) {
    self.source = source
    self.position = position
  }

  private var next: Unicode.Scalar? { position < source.count ? Unicode.Scalar(source[position]) : nil }

  /// Reads from behind the opening bracket to behind the closing one.
  mutating func parse() throws(PatternProblem) -> ScalarSet.Node {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.deepest else { throw .tooLarge }
    let start = position - 1
    var isNegative = false
    if next == "^" {
      isNegative = true
      position += 1
    }
    var intersected: [ScalarSet.Node] = []
    var parts: [ScalarSet.Node] = []
    var isFirst = true
    while let scalar = next {
      if scalar == "]", !isFirst || !hasLaterBracket {
        position += 1
        intersected.append(.union(parts))
        let node = intersected.count == 1 ? intersected[0] : .intersection(intersected)
        return isNegative ? .not(node) : node
      }
      isFirst = false
      if scalar == "&", position + 1 < source.count, source[position + 1] == 38 {
        position += 2
        intersected.append(.union(parts))
        parts = []
        continue
      }
      parts.append(try element())
    }
    throw .malformed(position: start)
  }

  /// Whether another bracket closes a set that starts with one.
  private var hasLaterBracket: Bool { source.dropFirst(position + 1).contains(93) }

  private mutating func element() throws(PatternProblem) -> ScalarSet.Node {
    let start = position
    let low: UInt32
    switch try item() {
    case .node(let node): return node
    case .scalar(let scalar): low = scalar
    }
    guard next == "-", position + 1 < source.count, source[position + 1] != 93 else { return .range(low, low) }
    let mark = position
    position += 1
    guard case .scalar(let high) = try item() else {
      position = mark + 1
      return .union([.range(low, low), .range(45, 45)])
    }
    guard low <= high else { throw .malformed(position: start) }
    return .range(low, high)
  }

  private mutating func item() throws(PatternProblem) -> Item {
    guard let scalar = next else { throw .malformed(position: position) }
    position += 1
    if scalar == "\\" { return try escape() }
    guard scalar == "[" else { return .scalar(scalar.value) }
    if next == ":", let node = try bracketClass() { return .node(node) }
    return .node(try parse())
  }

  /// `[:alpha:]`, or nil where the colon is text.
  private mutating func bracketClass() throws(PatternProblem) -> ScalarSet.Node? {
    let rest = source[(position + 1)...]
    guard let end = rest.firstIndex(of: 58), end + 1 < source.count, source[end + 1] == 93 else { return nil }
    let name = String(String.UnicodeScalarView(rest[..<end].compactMap(Unicode.Scalar.init)))
    position = end + 2
    return try name.hasPrefix("^") ? .not(property(String(name.dropFirst()))) : property(name)
  }

  private static let simple: [Unicode.Scalar: UInt32] = [
    "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "a": 7, "e": 27,
  ]

  private static let classes: [Unicode.Scalar: ScalarSet.Node] = [
    "d": .categories(CategoryTable.mask(["Nd"])), "s": .space, "w": .word,
    "h": .union([.range(48, 57), .range(65, 70), .range(97, 102)]),
  ]

  /// Inside brackets `\w` has no fractions and superscripts of Latin-1, in Oniguruma.
  private static let wordInside: ScalarSet.Node = .intersection([
    .word, .not(.union([.range(0xB2, 0xB3), .range(0xB9, 0xB9), .range(0xBC, 0xBE)])),
  ])

  private func classNode(_ scalar: Unicode.Scalar) -> ScalarSet.Node? {
    scalar == "w" && depth > 0 ? Self.wordInside : Self.classes[scalar]
  }

  /// Reads an escape from behind its backslash.
  mutating func escape() throws(PatternProblem) -> Item {
    guard let scalar = next else { throw .malformed(position: position - 1) }
    position += 1
    if let value = Self.simple[scalar] { return .scalar(value) }
    if let node = classNode(scalar) { return .node(node) }
    if let lower = Unicode.Scalar(scalar.value | 32), scalar.value < 91, let node = classNode(lower) {
      return .node(.not(node))
    }
    switch scalar {
    case "b": return .scalar(8)
    case "x": return .scalar(next == "{" ? try braced(8) : try hexadecimal(1...2))
    case "u": return .scalar(next == "{" ? try braced(6) : try hexadecimal(4...4))
    case "0": return .scalar(octal())
    case "p", "P": return .node(try namedProperty(isNegative: scalar == "P"))
    default:
      guard scalar.value > 127 || !scalar.properties.isAlphabetic else {
        throw .unsupported(construct: "\\\(scalar)")
      }
      return .scalar(scalar.value)
    }
  }

  private mutating func octal() -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<2 {
      guard position < source.count, source[position] &- 48 < 8 else { break }
      value = value * 8 + source[position] - 48
      position += 1
    }
    return value
  }

  private mutating func hexadecimal(_ digits: ClosedRange<Int>) throws(PatternProblem) -> UInt32 {
    var (value, count): (UInt32, Int) = (0, 0)
    while count < digits.upperBound, let digit = next?.properties.isASCIIHexDigit == true ? hexDigit : nil {
      value = value << 4 | digit
      position += 1
      count += 1
    }
    guard count >= digits.lowerBound, Unicode.Scalar(value) != nil else { throw .malformed(position: position) }
    return value
  }

  private var hexDigit: UInt32? { next.flatMap { UInt32(String($0), radix: 16) } }

  private mutating func braced(_ most: Int) throws(PatternProblem) -> UInt32 {
    position += 1
    let value = try hexadecimal(1...most)
    guard next == "}" else { throw .malformed(position: position) }
    position += 1
    return value
  }

  private mutating func namedProperty(isNegative: Bool) throws(PatternProblem) -> ScalarSet.Node {
    let start = position
    guard next == "{", let end = source[position...].firstIndex(of: 125) else { throw .malformed(position: start) }
    var name = String(String.UnicodeScalarView(source[(position + 1)..<end].compactMap(Unicode.Scalar.init)))
    position = end + 1
    var isNegative = isNegative
    if name.hasPrefix("^") {
      name.removeFirst()
      isNegative.toggle()
    }
    let node = try property(name)
    return isNegative ? .not(node) : node
  }

  private static let longNames: [String: String] = [
    "letter": "L", "lowercaseletter": "Ll", "uppercaseletter": "Lu", "titlecaseletter": "Lt", "modifierletter": "Lm",
    "otherletter": "Lo", "mark": "M", "nonspacingmark": "Mn", "spacingmark": "Mc", "enclosingmark": "Me", "number": "N",
    "decimalnumber": "Nd", "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "connectorpunctuation": "Pc",
    "dashpunctuation": "Pd", "openpunctuation": "Ps", "closepunctuation": "Pe", "initialpunctuation": "Pi",
    "finalpunctuation": "Pf", "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm", "currencysymbol": "Sc",
    "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs", "lineseparator": "Zl",
    "paragraphseparator": "Zp", "other": "C", "control": "Cc", "format": "Cf", "privateuse": "Co", "unassigned": "Cn",
    "digit": "Nd",
  ]

  private static let sets: [String: ScalarSet.Node] = {
    let letters = CategoryTable.mask
    let graphic = ScalarSet.Node.not(.union([.space, .categories(letters(["Cc", "Cn", "Cs"]))]))
    return [
      "any": .range(0, 0x10FFFF), "ascii": .range(0, 0x7F), "alpha": .alphabetic, "alphabetic": .alphabetic,
      "space": .space, "whitespace": .space, "word": .word, "assigned": .not(.categories(letters(["Cn"]))),
      "alnum": .union([.alphabetic, .categories(letters(["Nd"]))]), "upper": .categories(letters(["Lu"])),
      "lower": .categories(letters(["Ll"])), "punct": .categories(letters(["P", "S"])),
      "cntrl": .categories(letters(["Cc"])), "blank": .union([.range(9, 9), .categories(letters(["Zs"]))]),
      "xdigit": .union([.range(48, 57), .range(65, 70), .range(97, 102)]), "graph": graphic,
      "print": .union([graphic, .categories(letters(["Zs"]))]),
    ]
  }()

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != " " && $0 != "-" }
  }

  private func property(_ name: String) throws(PatternProblem) -> ScalarSet.Node {
    let plain = Self.plain(name)
    if let set = Self.sets[plain] { return set }
    let category = Self.longNames[plain] ?? name
    let mask = CategoryTable.mask([category])
    if mask != 0, category.utf8.count <= 2 { return .categories(mask) }
    if plain.utf8.count <= 2 {
      let mask = CategoryTable.mask([plain.prefix(1).uppercased() + plain.dropFirst()])
      if mask != 0 { return .categories(mask) }
    }
    guard let number = ScriptTable.names.firstIndex(where: { Self.plain($0) == plain }) else {
      throw .unsupported(construct: "\\p{\(name)}")
    }
    return .script(number)
  }
}
