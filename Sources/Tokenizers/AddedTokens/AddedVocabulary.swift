/// The added tokens of a tokenizer, by id and by content, and where they occur in a text.
struct AddedVocabulary: Sendable {
  let tokens: [AddedToken]
  private let indexOfID: [Int: Int]
  /// The text that each token is shown as: its content, normalised where it is looked for so.
  private let shown: [String]
  private let specialTexts: Set<[UInt8]>
  private let indexOfContent: [[UInt8]: Int]
  private let raw: AddedTokenMatcher
  private let rawTokens: [AddedToken]
  private let normalized: AddedTokenMatcher
  private let normalizedTokens: [AddedToken]

  init(_ tokens: [AddedToken], normalizer: any Normalizer) {
    self.tokens = tokens
    indexOfID = Dictionary(tokens.enumerated().map { ($1.id, $0) }) { $1 }
    indexOfContent = Dictionary(tokens.enumerated().map { (Array($1.content.utf8), $0) }) { $1 }
    specialTexts = Set(tokens.lazy.filter(\.isSpecial).map { Array($0.content.utf8) })
    shown = tokens.map { $0.isNormalized ? normalizer.normalized($0.content) : $0.content }
    rawTokens = tokens.filter { !$0.isNormalized }
    normalizedTokens = tokens.filter(\.isNormalized)
    raw = AddedTokenMatcher(rawTokens, contents: rawTokens.map { Array($0.content.utf8) })
    normalized = AddedTokenMatcher(
      normalizedTokens,
      contents: zip(tokens, shown).filter(\.0.isNormalized).map { Array($1.utf8) })
  }

  /// The text of an added token's id.
  func text(of id: Int) -> String? { indexOfID[id].map { shown[$0] } }

  /// Whether decoding without special tokens leaves a text out; what counts is the text, not the id.
  func isSpecial(_ text: String) -> Bool { specialTexts.contains(Array(text.utf8)) }

  func id(of content: String) -> Int? {
    indexOfContent.isEmpty ? nil : indexOfContent[Array(content.utf8)].map { tokens[$0].id }
  }

  /// Encodes a sequence: added tokens as themselves, what lies between them through the stages.
  func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, with stages: Stages, subword: any Subword,
    into state: inout SequenceState
  ) {
    encode(0..<bytes.count, of: bytes, raw, rawTokens, &state) { range, state in
      guard !normalized.isEmpty else { return plain(range, of: bytes, stages, subword, &state) }
      guard !stages.normalizer.isIdentity else {
        return encode(range, of: bytes, normalized, normalizedTokens, &state) { range, state in
          plain(range, of: bytes, stages, subword, &state)
        }
      }
      let part = UnsafeBufferPointer(rebasing: bytes[range])
      var text = AlignedText()
      let count = text.append(utf8: part, origin: range.lowerBound - state.continuations)
      state.continuations += part.count - count
      stages.normalize(&text, noting: &state.record)
      encodeNormalized(text, stages, subword, &state)
    }
  }

  private func plain(
    _ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, _ stages: Stages, _ subword: any Subword,
    _ state: inout SequenceState
  ) {
    let part = UnsafeBufferPointer(rebasing: bytes[range])
    subword.encode(Segment(bytes: part, start: range.lowerBound), with: stages, into: &state)
  }

  /// Takes the matches in a range of the original as tokens and hands on what lies between them.
  private func encode(
    _ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, _ matcher: AddedTokenMatcher, _ tokens: [AddedToken],
    _ state: inout SequenceState, between: (Range<Int>, inout SequenceState) -> Void
  ) {
    var end = range.lowerBound
    for match in matcher.matches(in: UnsafeBufferPointer(rebasing: bytes[range])) {
      let matched = (range.lowerBound + match.range.lowerBound)..<(range.lowerBound + match.range.upperBound)
      if end < matched.lowerBound { between(end..<matched.lowerBound, &state) }
      if matched.lowerBound < end {
        state.continuations -= bytes[matched.lowerBound..<end].count { $0.isContinuation }
      }
      let text = UnsafeBufferPointer(rebasing: bytes[matched])
      let start = matched.lowerBound - state.continuations
      state.continuations += text.count { $0.isContinuation }
      add(tokens[match.token], text, start..<(matched.upperBound - state.continuations), &state)
      state.record?.normalized += String(decoding: text, as: UTF8.self)
      end = matched.upperBound
    }
    if end < range.upperBound { between(end..<range.upperBound, &state) }
  }

  private func encodeNormalized(
    _ text: AlignedText, _ stages: Stages, _ subword: any Subword, _ state: inout SequenceState
  ) {
    var utf8: [UInt8] = []
    text.appendUTF8(0..<text.count, to: &utf8)
    utf8.withUnsafeBufferPointer { bytes in
      var (end, scalar) = (0, 0)
      func scalars(upTo target: Int) -> Range<Int> {
        let start = scalar
        while end < target {
          if !bytes[end].isContinuation { scalar += 1 }
          end += 1
        }
        return start..<scalar
      }
      func encode(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var part = text.slice(range)
        subword.encode(&part, with: stages, into: &state)
      }
      for match in normalized.matches(in: bytes) {
        encode(scalars(upTo: match.range.lowerBound))
        let again = match.range.lowerBound < end ? bytes[match.range.lowerBound..<end].count { !$0.isContinuation } : 0
        let range = (scalar - again)..<scalars(upTo: match.range.upperBound).upperBound
        guard !range.isEmpty else { continue }
        let matched = UnsafeBufferPointer(rebasing: bytes[match.range])
        add(normalizedTokens[match.token], matched, text.origin(of: range), &state)
      }
      encode(scalars(upTo: bytes.count))
    }
  }

  private func add(
    _ token: AddedToken, _ text: UnsafeBufferPointer<UInt8>, _ origin: Range<Int>,
    _ state: inout SequenceState
  ) {
    if self.text(of: token.id)?.utf8.elementsEqual(text) != true {
      state.texts[state.tokens.count] = String(decoding: text, as: UTF8.self)
    }
    state.tokens.append(
      Token(
        id: Int32(truncatingIfNeeded: token.id), start: Int32(truncatingIfNeeded: origin.lowerBound),
        end: Int32(truncatingIfNeeded: origin.upperBound), word: state.word))
    state.record?.add(String(decoding: text, as: UTF8.self), origin, isAdded: true)
    state.word += 1
  }
}
