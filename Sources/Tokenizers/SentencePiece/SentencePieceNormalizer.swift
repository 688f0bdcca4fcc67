/// What SentencePiece does to a text before it cuts it: replaces characters, gathers spaces and marks them.
///
/// Of the character map's keys the longest wins, unlike in `Precompiled`, which follows Hugging Face. A prefix goes
/// before the text; before what follows an added token only where spaces at the ends are dropped, as in T5.
struct SentencePieceNormalizer: Normalizer {
  private let map: CharacterMap?
  /// Pieces that no rule may change.
  private let atoms: PieceTrie?
  private let addsPrefix: Bool
  private let removesExtraSpaces: Bool
  private let marksEnds: Bool
  private let space: UInt32
  let allowsCutting: Bool

  static let mark: UInt32 = 0x2581
  let name = "SentencePiece"

  /// Throws `damaged` for a character map that does not hold together.
  init(_ model: SentencePieceModel, atoms: PieceTrie?, file: String) throws(TokenizerError) {
    if model.characterMap.isEmpty {
      map = nil
    } else {
      guard let map = CharacterMap(model.characterMap) else {
        throw .damaged(file: file, problem: .characterMap)
      }
      self.map = map
    }
    self.atoms = atoms
    addsPrefix = model.addsPrefix
    removesExtraSpaces = model.removesExtraSpaces
    marksEnds = model.marksEnds
    space = model.marksSpaces ? Self.mark : 32
    allowsCutting = model.marksSpaces && !model.marksEnds && atoms == nil && map?.spansSpaces != true
  }

  func normalize(_ text: inout AlignedText) {
    let isStart = text.base == 0
    let kept = lengthsOfAtoms(in: text.scalars)
    var index = 0
    if removesExtraSpaces, isStart || addsPrefix {
      while index < text.count, let chunk = chunk(at: index, of: text, kept), chunk.isSpace { index += chunk.count }
    }
    var output: [(scalar: UInt32, place: Place)] = []
    output.reserveCapacity(text.count - index + 1)
    let adds = addsPrefix && (isStart || removesExtraSpaces) && index < text.count
    // Inside a text, the prefix is the space that was there.
    if adds, !marksEnds { output.append((space, text.places[isStart || index == 0 ? index : index - 1])) }
    var isAfterSpace = removesExtraSpaces && (isStart || addsPrefix)
    func take(_ scalar: UInt32, _ place: Place) { output.append((scalar == 32 ? space : scalar, place)) }
    while index < text.count {
      let chunk = chunk(at: index, of: text, kept)
      let count = chunk?.count ?? 1
      if let new = chunk?.text {
        let place = Place(start: text.places[index].start, end: text.places[index + count - 1].end)
        let rest = isAfterSpace ? new.drop { $0 == 32 } : new[...]
        for scalar in rest { take(scalar, place) }
        if let last = rest.last { isAfterSpace = last == 32 && removesExtraSpaces }
      } else {
        for place in index..<(index + count) {
          let scalar = text.scalars[place]
          if scalar == 32, isAfterSpace { continue }
          take(scalar, text.places[place])
          isAfterSpace = scalar == 32 && removesExtraSpaces && place == index + count - 1
        }
      }
      index += count
    }
    if removesExtraSpaces { while output.last?.scalar == space { output.removeLast() } }
    if adds, marksEnds, let last = text.places.last { output.append((space, last)) }
    for (scalar, place) in output { text.emit(scalar, place) }
    text.commit()
  }

  /// What is taken at once: so many scalars, and what they become where that is not themselves.
  private struct Chunk {
    var count: Int
    var text: [UInt32]?
    var isSpace = false
  }

  /// What is taken at a position; nil for a scalar that stays and is no space.
  @inline(__always)
  private func chunk(at index: Int, of text: AlignedText, _ kept: [Int32]) -> Chunk? {
    if !kept.isEmpty, kept[index] > 0 { return Chunk(count: Int(kept[index])) }
    if let match = map?.longest(at: index, in: text.scalars), let new = map?.scalars(at: match.text) {
      return Chunk(count: match.count, text: new, isSpace: new == [32])
    }
    return text.scalars[index] == 32 ? Chunk(count: 1, isSpace: true) : nil
  }

  /// For each scalar that a kept piece starts at, how many scalars that has; empty where there are none.
  private func lengthsOfAtoms(in scalars: [UInt32]) -> [Int32] {
    guard let atoms else { return [] }
    var lengths = [Int32](repeating: 0, count: scalars.count)
    let bytes = Array<UInt8>(scalars: scalars)
    bytes.withUnsafeBufferPointer { bytes in
      var (position, scalar) = (0, 0)
      while position < bytes.count {
        var longest = position
        atoms.forEachPiece(startingAt: position, in: bytes) { _, end in longest = end }
        lengths[scalar] = Int32(truncatingIfNeeded: bytes[position..<longest].count { !$0.isContinuation })
        _ = bytes.scalar(at: &position)
        scalar += 1
      }
    }
    return lengths
  }
}

/// Starts a word at every run of the mark `▁`, where no piece has one after something else.
struct MarkedWords: PreTokenizer {
  var cutting: Cutting { .endsWord }
  let name = "▁ starts a word"

  func split(_ text: inout AlignedText) {
    text.splitWords { scalars, word, parts in
      var start = word.lowerBound
      for index in word.dropFirst()
      where scalars[index] == SentencePieceNormalizer.mark && scalars[index - 1] != SentencePieceNormalizer.mark {
        parts.append(start..<index)
        start = index
      }
      parts.append(start..<word.upperBound)
    }
  }
}
