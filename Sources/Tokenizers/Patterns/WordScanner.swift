/// The splitting patterns of published byte-level models as plain loops: same words, a fraction of the time.
///
/// All have one shape: contractions, letters, numbers, other visible characters, white space. What differs are the
/// fields.
struct WordScanner: Sendable, Equatable {
  /// Whether `'S` and the like are contractions too.
  var ignoresCase: Bool
  /// Whether any character but a number or line break may lead a run of letters, or only a space.
  var anyLeads: Bool
  /// The longest run of numbers; nil where a space may lead one and it goes on as far as it can.
  var longestNumber: Int?
  /// Whether line breaks end a run of other visible characters and come together with white space before them.
  var gathersBreaks: Bool

  static let gpt2 = WordScanner(ignoresCase: false, anyLeads: false, longestNumber: nil, gathersBreaks: false)
  static let gpt4 = WordScanner(ignoresCase: true, anyLeads: true, longestNumber: 3, gathersBreaks: true)
  static let qwen2 = WordScanner(ignoresCase: true, anyLeads: true, longestNumber: 1, gathersBreaks: true)

  /// The expressions that these scanners stand for, as tokenizer files spell them.
  static let published: [String: WordScanner] = [
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: gpt2,
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#:
      gpt4,
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#:
      qwen2,
  ]

  /// The end of the word that starts at a position inside the text; every scalar belongs to one.
  func end(of start: Int, in text: UnsafeBufferPointer<UInt32>) -> Int {
    let table = ScalarClasses.shared
    let first = text[start]
    if first == 39, let end = contraction(start, text) { return end }
    let kind = table[first]
    if kind == .letter { return run(of: .letter, start + 1, text, table) }
    if kind == .number, let longestNumber { return number(start, longestNumber, text, table) }
    let next = start + 1 < text.count ? table[text[start + 1]] : .nothing
    if next == .letter, anyLeads ? first != 13 && first != 10 && kind != .number : first == 32 {
      return run(of: .letter, start + 2, text, table)
    }
    if kind == .number { return run(of: .number, start + 1, text, table) }
    if first == 32, next == .number, longestNumber == nil { return run(of: .number, start + 2, text, table) }
    if kind == .visible || first == 32 && next == .visible {
      var end = run(of: .visible, start + 1, text, table)
      if gathersBreaks { while end < text.count, text[end] == 13 || text[end] == 10 { end += 1 } }
      return end
    }
    return space(start, text, table)
  }

  @inline(__always)
  private func run(
    of kind: ScalarClass, _ start: Int, _ text: UnsafeBufferPointer<UInt32>, _ table: ScalarClasses
  ) -> Int {
    var end = start
    while end < text.count, table[text[end]] == kind { end += 1 }
    return end
  }

  private func number(
    _ start: Int, _ longest: Int, _ text: UnsafeBufferPointer<UInt32>, _ table: ScalarClasses
  ) -> Int {
    var end = start + 1
    while end < text.count, end - start < longest, table[text[end]] == .number { end += 1 }
    return end
  }

  /// White space up to the last of it, which goes with the word that follows; a lone one stands alone.
  private func space(_ start: Int, _ text: UnsafeBufferPointer<UInt32>, _ table: ScalarClasses) -> Int {
    let end = run(of: .space, start, text, table)
    if gathersBreaks, let last = (start..<end).last(where: { text[$0] == 13 || text[$0] == 10 }) { return last + 1 }
    return end == text.count || end == start + 1 ? end : end - 1
  }

  private func contraction(_ start: Int, _ text: UnsafeBufferPointer<UInt32>) -> Int? {
    let letter = { (index: Int) -> UInt32 in
      guard index < text.count else { return 0 }
      let scalar = text[index]
      guard ignoresCase else { return scalar }
      return scalar == 0x17F ? 115 : scalar &- 65 < 26 ? scalar + 32 : scalar
    }
    switch letter(start + 1) {
    case 115, 116, 109, 100: return start + 2
    case 114, 118: return letter(start + 2) == 101 ? start + 3 : nil
    case 108: return letter(start + 2) == 108 ? start + 3 : nil
    default: return nil
    }
  }
}

/// How the published patterns see a scalar.
enum ScalarClass: UInt8, Sendable {
  case visible, letter, number, space, nothing
}

/// The class of every scalar, from the categories that patterns know.
struct ScalarClasses: Sendable {
  static let shared = ScalarClasses()

  private let table: ScalarTable<UInt8>

  private init() {
    var table = ScalarTable<UInt8>()
    let classes = CategoryTable.names.map { name -> ScalarClass in
      name.hasPrefix("L") ? .letter : name.hasPrefix("N") ? .number : .visible
    }
    for (range, category) in PackedNumbers.valuedRanges(CategoryData.categories) {
      table.set(classes[category].rawValue, range)
    }
    for range in PackedNumbers.ranges(CategoryData.spaces) { table.set(ScalarClass.space.rawValue, range) }
    self.table = table
  }

  @inline(__always)
  subscript(scalar: UInt32) -> ScalarClass { ScalarClass(rawValue: table[scalar]) ?? .visible }
}
