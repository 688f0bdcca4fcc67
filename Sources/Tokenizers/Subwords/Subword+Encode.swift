extension Subword {
  /// The longest ASCII word that is cut without the stages; a longer one takes them.
  private var longestQuickWord: Int { 256 }

  package func encode(_ segment: Segment, with stages: Stages, into state: inout SequenceState) {
    if let plan = stages.plan, state.record == nil {
      encode(segment, plan: plan, with: stages, into: &state)
    } else {
      encodeStagewise(segment.bytes, origin: segment.start, with: stages, into: &state)
    }
  }

  /// Runs through the bytes once: ASCII words go to the model directly, others through the stages.
  private func encode(
    _ segment: Segment, plan: ASCIIPlan, with stages: Stages, into state: inout SequenceState
  ) {
    let bytes = segment.bytes
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longestQuickWord) { buffer in
      var position = 0
      while position < bytes.count {
        switch plan.action(of: bytes[position]) {
        case .separator:
          position += 1
          continue
        case .alone:
          buffer[0] = plan.outcome(of: bytes[position])
          quick(buffer, 1, segment.start + position, into: &state)
          position += 1
          continue
        case .word:
          var count = 0
          var end = position
          while end < bytes.count, count < buffer.count, plan.action(of: bytes[end]) == .word {
            buffer[count] = plan.outcome(of: bytes[end])
            count += 1
            end += 1
          }
          if end == bytes.count || count < buffer.count && plan.action(of: bytes[end]) != .careful {
            quick(buffer, count, segment.start + position, into: &state)
            position = end
            continue
          }
        case .careful: break
        }
        var end = position
        while end < bytes.count, !plan.action(of: bytes[end]).endsWord { end += 1 }
        let stretch = UnsafeBufferPointer(rebasing: bytes[position..<end])
        encodeStagewise(stretch, origin: segment.start + position, with: stages, into: &state)
        position = end
      }
    }
  }

  /// Cuts an ASCII word that starts at a byte of the original.
  @inline(__always)
  private func quick(
    _ buffer: UnsafeMutableBufferPointer<UInt8>, _ count: Int, _ start: Int,
    into state: inout SequenceState
  ) {
    tokenize(
      UnsafeBufferPointer(rebasing: buffer[..<count]),
      base: Int32(truncatingIfNeeded: start - state.continuations), number: state.word,
      into: &state.tokens)
    state.word += 1
  }

  /// Takes a stretch through normaliser, pre-tokenizer and model.
  private func encodeStagewise(
    _ bytes: UnsafeBufferPointer<UInt8>, origin: Int, with stages: Stages,
    into state: inout SequenceState
  ) {
    var text = AlignedText()
    swap(&text, &state.scratch)
    text.removeAll()
    let count = text.append(utf8: bytes, origin: origin - state.continuations)
    state.continuations += bytes.count - count
    stages.normalizer.normalize(&text)
    state.record?.normalized += text.string(0..<text.count)
    encode(&text, with: stages, into: &state)
    swap(&text, &state.scratch)
  }

  package func encode(
    _ text: inout AlignedText, with stages: Stages, into state: inout SequenceState
  ) {
    var words = state.words
    state.words = []
    words.removeAll(keepingCapacity: true)
    stages.preTokenizer.split(&text, into: &words)
    for word in words {
      state.bytes.removeAll(keepingCapacity: true)
      text.appendUTF8(word, to: &state.bytes)
      let first = state.tokens.count
      let number = state.word
      state.bytes.withUnsafeBufferPointer {
        tokenize($0, base: 0, number: number, into: &state.tokens)
      }
      place(state.tokens[first...].indices, of: word, in: text, &state)
      state.record?.add(text.string(word), text.origin(of: word), isAdded: false)
      state.word += 1
    }
    state.words = words
  }

  /// Turns the byte offsets of a word's pieces into scalars of the original.
  private func place(
    _ pieces: Range<Int>, of word: Range<Int>, in text: AlignedText, _ state: inout SequenceState
  ) {
    let isPlain = state.bytes.count == word.count
    var (byte, scalar) = (0, word.lowerBound)
    func advance(to target: Int32) -> Int {
      if isPlain { return word.lowerBound + Int(target) }
      while byte < Int(target) {
        if !state.bytes[byte].isContinuation { scalar += 1 }
        byte += 1
      }
      return scalar
    }
    for index in pieces {
      let start = advance(to: state.tokens[index].start)
      let end = advance(to: state.tokens[index].end)
      let origin = text.origin(of: start..<end)
      state.tokens[index].start = Int32(truncatingIfNeeded: origin.lowerBound)
      state.tokens[index].end = Int32(truncatingIfNeeded: origin.upperBound)
    }
  }
}
