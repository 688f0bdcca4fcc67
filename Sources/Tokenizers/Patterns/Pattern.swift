/// What text is split at or replaced: a literal text, a regular expression, or one that has a scanner of its own.
package struct Pattern: Sendable {
  enum Kind: Sendable {
    case literal([UInt32])
    case expression(Expression)
    case scanner(WordScanner)
  }

  let kind: Kind

  /// As it stands in a file, except for a published one that has a scanner of its own.
  var source: String {
    switch kind {
    case .literal(let scalars): String(String.UnicodeScalarView(scalars.compactMap(Unicode.Scalar.init)))
    case .expression(let expression): expression.source
    case .scanner: ""
    }
  }

  init(literal: String) { kind = .literal(literal.unicodeScalars.map(\.value)) }

  /// Throws `unsupportedPattern` for a construct that is not supported.
  init(expression source: String, file: String) throws(TokenizerError) {
    if let scanner = WordScanner.published[source] {
      kind = .scanner(scanner)
    } else {
      kind = .expression(try Expression(source, file: file))
    }
  }

  /// Reads `{"String": …}`, `{"Regex": …}` or a plain text, which is literal.
  init(_ json: JSONSlice) throws(TokenizerError) {
    guard json.kind == .object else {
      self.init(literal: try json.string())
      return
    }
    let object = try json.object()
    if let source = try object.optional("Regex")?.string() {
      try self.init(expression: source, file: json.file)
    } else {
      self.init(literal: try object.required("String").string())
    }
  }

  /// How long a text becomes when each match is replaced by so many scalars.
  static func length(of text: Int, _ matches: [Range<Int>], replacedBy count: Int) -> Int {
    matches.reduce(text) { $0 + count - $1.count }
  }

  /// Calls the body with every match from left to right, none overlapping another.
  ///
  /// Returns the source of an expression that took too many steps and was given up, else nil.
  @discardableResult
  func forEachMatch(in text: UnsafeBufferPointer<UInt32>, _ body: (Range<Int>) -> Void) -> String? {
    switch kind {
    case .literal(let literal): Self.forEach(literal, in: text, body)
    case .expression(let expression):
      if !expression.forEachMatch(in: text, body) { return expression.source }
    case .scanner(let scanner):
      var start = 0
      while start < text.count {
        let end = scanner.end(of: start, in: text)
        body(start..<end)
        start = end
      }
    }
    return nil
  }

  private static func forEach(
    _ literal: [UInt32], in text: UnsafeBufferPointer<UInt32>, _ body: (Range<Int>) -> Void
  ) {
    guard let first = literal.first else { return }
    var start = 0
    while start + literal.count <= text.count {
      if text[start] == first, (1..<literal.count).allSatisfy({ text[start + $0] == literal[$0] }) {
        body(start..<(start + literal.count))
        start += literal.count
      } else {
        start += 1
      }
    }
  }

  /// Whether a literal may lie over a cut before a lone space between visible characters.
  static func spansCut(_ literal: [UInt32]) -> Bool {
    zip(literal, literal.dropFirst()).contains { $0 != 32 && $1 == 32 }
  }
}
