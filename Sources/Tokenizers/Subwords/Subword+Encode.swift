extension Subword {
  /// The longest ASCII word that is cut without the stages; a longer one takes them.
  private var longestQuickWord: Int { 256 }

  package func encode(_ segment: Segment, with stages: Stages, into state: inout SequenceState) {
    if state.record != nil {
      encodeStagewise(segment.bytes, origin: segment.start, with: stages, into: &state)
    } else if let plan = stages.plan {
      encode(segment, plan: plan, with: stages, into: &state)
    } else if stages.allowsCutting, stages.normalizer.allowsCutting(segment.bytes) {
      encodeStretches(segment, with: stages, into: &state)
    } else {
      encodeStagewise(segment.bytes, origin: segment.start, with: stages, into: &state)
    }
  }

  /// Takes the stretches of a segment one by one, those that were met before from memory if that holds.
  private func encodeStretches(
    _ segment: Segment, with stages: Stages, into state: inout SequenceState
  ) {
    var cache = StretchCache()
    swap(&cache, &state.workspace.stretches)
    if isDeterministic { cache.open() }
    defer { swap(&cache, &state.workspace.stretches) }
    let bytes = segment.bytes
    var beginning: StretchCache.Beginning = segment.start == 0 ? .textStart : .segmentStart
    var start = 0
    while start < bytes.count {
      let range = start..<Stretch.end(of: start, in: bytes)
      let origin = Int32(truncatingIfNeeded: segment.start + start - state.continuations)
      let (first, word) = (state.tokens.count, state.word)
      if isDeterministic,
        cache.recall(
          bytes, range, beginning, size: size(of: state.score), origin: origin, into: &state.tokens, &state.word,
          &state.continuations)
      {
        recount(state.tokens[first...], into: &state)
      } else {
        state.reach = Reach.endless
        let (texts, continuations) = (state.texts.count, state.continuations)
        encodeStagewise(
          UnsafeBufferPointer(rebasing: bytes[range]), origin: segment.start + start, with: stages, into: &state)
        if isDeterministic, state.texts.count == texts, state.failure == nil {
          cache.remember(
            bytes, range, beginning, reach: state.reach, origin: origin, state.tokens[first...], firstWord: word,
            words: state.word - word, continuations: state.continuations - continuations)
        }
      }
      start = range.upperBound
      beginning = .space
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
      base: Int32(truncatingIfNeeded: start - state.continuations), into: &state)
    state.word += 1
  }

  /// Takes a stretch through normaliser, pre-tokenizer and model.
  private func encodeStagewise(
    _ bytes: UnsafeBufferPointer<UInt8>, origin: Int, with stages: Stages,
    into state: inout SequenceState
  ) {
    var text = AlignedText()
    swap(&text, &state.workspace.text)
    text.removeAll()
    let count = text.append(utf8: bytes, origin: origin - state.continuations)
    state.continuations += bytes.count - count
    stages.normalize(&text, noting: &state.record)
    encode(&text, with: stages, into: &state)
    swap(&text, &state.workspace.text)
  }

  package func encode(
    _ text: inout AlignedText, with stages: Stages, into state: inout SequenceState
  ) {
    stages.split(&text, noting: &state.record)
    if let pattern = text.slowPattern {
      text.slowPattern = nil
      state.failure = .patternTooSlow(pattern: pattern)
      return
    }
    var bytes: [UInt8] = []
    swap(&bytes, &state.workspace.bytes)
    for word in text.words {
      bytes.removeAll(keepingCapacity: true)
      text.appendUTF8(word, to: &bytes)
      let first = state.tokens.count
      bytes.withUnsafeBufferPointer {
        tokenize($0, base: 0, into: &state)
        place(state.tokens[first...].indices, of: word, $0, in: text, &state)
      }
      state.record?.add(text.string(word), text.origin(of: word), isAdded: false)
      state.word += 1
    }
    swap(&bytes, &state.workspace.bytes)
  }

  /// Turns the byte offsets of a word's pieces into scalars of the original.
  ///
  /// A piece may start or end inside a scalar, where bytes are pieces: the whole scalar then counts.
  private func place(
    _ pieces: Range<Int>, of word: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, in text: AlignedText,
    _ state: inout SequenceState
  ) {
    let isPlain = bytes.count == word.count
    if !isPlain {
      state.workspace.scalarOfByte.removeAll(keepingCapacity: true)
      var scalar: Int32 = -1
      for byte in bytes {
        if !byte.isContinuation { scalar += 1 }
        state.workspace.scalarOfByte.append(scalar)
      }
    }
    for index in pieces {
      let token = state.tokens[index]
      var (start, end) = (Int(token.start), min(Int(token.end), bytes.count))
      guard start < end else { continue }
      if !isPlain {
        start = Int(state.workspace.scalarOfByte[start])
        end = Int(state.workspace.scalarOfByte[end - 1]) + 1
      }
      let origin = text.origin(of: (word.lowerBound + start)..<(word.lowerBound + end))
      state.tokens[index].start = Int32(truncatingIfNeeded: origin.lowerBound)
      state.tokens[index].end = Int32(truncatingIfNeeded: origin.upperBound)
    }
  }
}

extension Stages {
  /// Normalises a text; a record is told of every step.
  func normalize(_ text: inout AlignedText, noting record: inout SequenceTrace?) {
    guard record != nil else { return normalizer.normalize(&text) }
    for (index, step) in normalizer.steps.enumerated() {
      step.normalize(&text)
      record?.add(step: index, step.name, splits: false, [text.string(0..<text.count)])
    }
    record?.normalized += text.string(0..<text.count)
  }

  /// Splits a normalised text into words; a record is told of every step.
  func split(_ text: inout AlignedText, noting record: inout SequenceTrace?) {
    text.beginWords()
    guard record != nil else { return preTokenizer.split(&text) }
    for (index, step) in preTokenizer.steps.enumerated() {
      step.split(&text)
      let words = text.words.map { text.string($0) }
      record?.add(step: normalizer.steps.count + index, step.name, splits: true, words)
    }
  }
}
