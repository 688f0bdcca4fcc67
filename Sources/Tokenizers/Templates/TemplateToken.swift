/// What a chat template consists of: text, tags, and the words inside tags.
struct TemplateToken: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case text(String)
    /// `{{`, `}}`, `{%`, `%}`
    case tag(String)
    case name(String)
    case string(String)
    case integer(Int)
    case number(Double)
    case sign(String)
    case end
  }

  var kind: Kind
  var line: Int

  /// As a sentence shows it.
  var shown: String {
    switch kind {
    case .text: "text"
    case .tag(let tag), .sign(let tag): "'\(tag)'"
    case .name(let name): "'\(name)'"
    case .string: "a text in quotes"
    case .integer, .number: "a number"
    case .end: "the end of the template"
    }
  }
}

/// Cuts a chat template into tokens.
///
/// White space goes as Hugging Face sets Jinja up: `trim_blocks` takes the line break after a block, `lstrip_blocks` the
/// indentation before one, and a minus sign all white space on its side. Source: Jinja's documentation.
struct TemplateScanner {
  private let source: [UInt8]
  private var position = 0
  private(set) var line = 1
  private(set) var tokens: [TemplateToken] = []

  init(_ template: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(template.utf8.count)
    var isAfterReturn = false
    for byte in template.utf8 {
      if byte == 13 { bytes.append(10) } else if byte != 10 || !isAfterReturn { bytes.append(byte) }
      isAfterReturn = byte == 13
    }
    if bytes.last == 10 { bytes.removeLast() }
    source = bytes
  }

  mutating func scan() throws(TemplateProblem) {
    var startsLine = true
    while position < source.count {
      let start = position
      let opening = nextTag()
      var text = source[start..<opening]
      let isBlock = opening < source.count && source[opening + 1] != UInt8(ascii: "{")
      let mark = opening + 2 < source.count ? source[opening + 2] : 0
      if opening < source.count, mark == UInt8(ascii: "-") {
        while let last = text.last, Self.isSpace(last) { text.removeLast() }
      } else if isBlock, mark != UInt8(ascii: "+") {
        let lineStart = text.lastIndex(of: 10).map { $0 + 1 } ?? text.startIndex
        let isIndentation = text[lineStart...].allSatisfy { $0 == 32 || $0 == 9 }
        if isIndentation, lineStart > text.startIndex || startsLine { text = text[..<lineStart] }
      }
      if !text.isEmpty { add(.text(String(decoding: text, as: UTF8.self))) }
      move(to: opening)
      guard opening < source.count else { break }
      try scanTag(isMarked: mark == UInt8(ascii: "-") || mark == UInt8(ascii: "+"))
      startsLine = position > 0 && source[position - 1] == 10
    }
    add(.end)
  }

  private mutating func add(_ kind: TemplateToken.Kind) { tokens.append(TemplateToken(kind: kind, line: line)) }

  private mutating func move(to end: Int) {
    while position < min(end, source.count) {
      if source[position] == 10 { line += 1 }
      position += 1
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }

  private func starts(_ text: StaticString, at place: Int) -> Bool {
    place + text.utf8CodeUnitCount <= source.count
      && text.withUTF8Buffer { $0.elementsEqual(source[place..<(place + $0.count)]) }
  }

  /// Where the next `{{`, `{%` or `{#` is, or the end.
  private func nextTag() -> Int {
    var place = position
    while place + 1 < source.count {
      if source[place] == UInt8(ascii: "{"),
        [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(source[place + 1])
      {
        return place
      }
      place += 1
    }
    return source.count
  }

  private mutating func scanTag(isMarked: Bool) throws(TemplateProblem) {
    let kind = source[position + 1]
    move(to: position + (isMarked ? 3 : 2))
    if kind == UInt8(ascii: "#") {
      let start = position
      while position < source.count, !starts("#}", at: position) { move(to: position + 1) }
      guard position < source.count else { throw .unclosed("{#") }
      let mark = position > start ? source[position - 1] : 0
      move(to: position + 2)
      trim(after: mark, isBlock: true)
      return
    }
    if kind == UInt8(ascii: "%"), try scanRaw() { return }
    let (opening, closing) = kind == UInt8(ascii: "{") ? ("{{", "}}") : ("{%", "%}")
    add(.tag(opening))
    var depth: [UInt8] = []
    while true {
      while position < source.count, Self.isSpace(source[position]) { move(to: position + 1) }
      guard position < source.count else { throw .unclosed(opening) }
      let mark = source[position]
      let end = mark == UInt8(ascii: "-") || mark == UInt8(ascii: "+") ? position + 1 : position
      if depth.isEmpty, kind == UInt8(ascii: "{") ? starts("}}", at: end) : starts("%}", at: end) {
        let isMarked = end > position
        add(.tag(closing))
        move(to: end + 2)
        trim(after: isMarked ? mark : 0, isBlock: kind == UInt8(ascii: "%"))
        return
      }
      try scanWord(&depth)
    }
  }

  /// Takes the white space that goes along with a tag that ends here.
  private mutating func trim(after mark: UInt8, isBlock: Bool) {
    if mark == UInt8(ascii: "-") {
      while position < source.count, Self.isSpace(source[position]) { move(to: position + 1) }
    } else if isBlock, mark != UInt8(ascii: "+"), position < source.count, source[position] == 10 {
      move(to: position + 1)
    }
  }

  /// Takes `raw` up to its end as text; false where another block stands.
  private mutating func scanRaw() throws(TemplateProblem) -> Bool {
    func word(_ text: StaticString, at place: Int) -> (end: Int, mark: UInt8)? {
      var place = place
      while place < source.count, Self.isSpace(source[place]) { place += 1 }
      guard starts(text, at: place) else { return nil }
      place += text.utf8CodeUnitCount
      while place < source.count, Self.isSpace(source[place]) { place += 1 }
      let mark = place < source.count ? source[place] : 0
      if mark == UInt8(ascii: "-") || mark == UInt8(ascii: "+") { place += 1 }
      return starts("%}", at: place) ? (place + 2, mark) : nil
    }
    guard let opening = word("raw", at: position) else { return false }
    move(to: opening.end)
    trim(after: opening.mark, isBlock: false)
    let start = position
    var place = position
    while place < source.count {
      let mark = place + 2 < source.count ? source[place + 2] : 0
      let isMarked = mark == UInt8(ascii: "-") || mark == UInt8(ascii: "+")
      if starts("{%", at: place), let closing = word("endraw", at: place + (isMarked ? 3 : 2)) {
        var text = source[start..<place]
        if mark == UInt8(ascii: "-") { while let last = text.last, Self.isSpace(last) { text.removeLast() } }
        add(.text(String(decoding: text, as: UTF8.self)))
        move(to: closing.end)
        trim(after: closing.mark, isBlock: true)
        return true
      }
      place += 1
    }
    throw .unclosed("{% raw %}")
  }

  private static let pairs: [UInt8: UInt8] = [
    UInt8(ascii: "("): UInt8(ascii: ")"), UInt8(ascii: "["): UInt8(ascii: "]"), UInt8(ascii: "{"): UInt8(ascii: "}"),
  ]
  private static let longSigns: [StaticString] = ["**", "//", "==", "!=", ">=", "<="]
  private static let signs = Set("+-*/%~.,:|=<>()[]{}".utf8)

  private mutating func scanWord(_ depth: inout [UInt8]) throws(TemplateProblem) {
    let byte = source[position]
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return try scanString(byte) }
    if byte &- 48 < 10 { return try scanNumber() }
    if Self.isNameByte(byte) {
      let start = position
      while position < source.count, Self.isNameByte(source[position]) { position += 1 }
      return add(.name(String(decoding: source[start..<position], as: UTF8.self)))
    }
    if let long = Self.longSigns.first(where: { starts($0, at: position) }) {
      add(.sign(long.description))
      return move(to: position + 2)
    }
    guard Self.signs.contains(byte) else {
      throw .unexpected(found: "'\(String(decoding: [byte], as: UTF8.self))'", expected: "an expression")
    }
    if let closing = Self.pairs[byte] {
      depth.append(closing)
    } else if Self.pairs.values.contains(byte) {
      guard depth.popLast() == byte else {
        throw .unexpected(found: "'\(String(decoding: [byte], as: UTF8.self))'", expected: "its opening bracket")
      }
    }
    add(.sign(String(decoding: [byte], as: UTF8.self)))
    move(to: position + 1)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == 95 || byte >= 48 && byte <= 57 || byte | 32 >= 97 && byte | 32 <= 122
  }

  private mutating func scanNumber() throws(TemplateProblem) {
    let start = position
    func digits() {
      while position < source.count, source[position] &- 48 < 10 || source[position] == 95 { position += 1 }
    }
    digits()
    var isWhole = true
    if position + 1 < source.count, source[position] == 46, source[position + 1] &- 48 < 10 {
      isWhole = false
      position += 1
      digits()
    }
    if position + 1 < source.count, source[position] | 32 == 101 {
      let sign = source[position + 1] == 43 || source[position + 1] == 45 ? 2 : 1
      if position + sign < source.count, source[position + sign] &- 48 < 10 {
        isWhole = false
        position += sign
        digits()
      }
    }
    let text = String(decoding: source[start..<position].filter { $0 != 95 }, as: UTF8.self)
    if isWhole {
      guard let number = Int(text) else { throw .tooLarge }
      add(.integer(number))
    } else {
      add(.number(Double(text) ?? 0))
    }
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "\\"): 92, UInt8(ascii: "'"): 39,
    UInt8(ascii: "\""): 34, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "v"): 11,
  ]

  private mutating func scanString(_ quote: UInt8) throws(TemplateProblem) {
    let first = line
    var text: [UInt8] = []
    move(to: position + 1)
    while position < source.count, source[position] != quote {
      let byte = source[position]
      guard byte == 92, position + 1 < source.count else {
        text.append(byte)
        move(to: position + 1)
        continue
      }
      let kind = source[position + 1]
      let digits: Int? =
        switch kind {
        case UInt8(ascii: "x"): 2
        case UInt8(ascii: "u"): 4
        case UInt8(ascii: "U"): 8
        default: nil
        }
      if let plain = Self.escapes[kind] {
        text.append(plain)
        move(to: position + 2)
      } else if kind == 10 {
        move(to: position + 2)
      } else if let digits {
        let end = min(position + 2 + digits, source.count)
        guard let code = UInt32(String(decoding: source[(position + 2)..<end], as: UTF8.self), radix: 16) else {
          throw .unexpected(
            found: "'\\\(String(decoding: [kind], as: UTF8.self))'", expected: "\(digits) digits after it")
        }
        text += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        move(to: end)
      } else {
        text += [92, kind]
        move(to: position + 2)
      }
    }
    guard position < source.count else {
      line = first
      throw .unclosed(String(decoding: [quote], as: UTF8.self))
    }
    move(to: position + 1)
    tokens.append(TemplateToken(kind: .string(String(decoding: text, as: UTF8.self)), line: first))
  }
}
