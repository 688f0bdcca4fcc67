import Foundation

/// What a SentencePiece model says, as plain values (Kudo and Richardson 2018).
package struct SentencePieceModel: Sendable {
  /// How a text is cut; the raw values are those of the file.
  package enum Algorithm: UInt64, Sendable {
    case unigram = 1
    /// Byte-pair encoding, whose merges follow from the pieces' scores.
    case pairs, words, characters
  }

  package var algorithm: Algorithm
  /// The pieces by id, and for each its score and what it is for.
  package var texts = PackedTexts()
  package var scores: [Float] = []
  package var kinds: [PieceKind] = []
  /// Whether a text gets a space in front.
  package var addsPrefix = true
  /// Whether spaces at the ends are dropped and several between words count as one.
  package var removesExtraSpaces = true
  /// Whether a space becomes the mark `▁`.
  package var marksSpaces = true
  /// Whether the mark ends a word rather than starting it.
  package var marksEnds = false
  /// What characters are replaced by, as `Precompiled` reads it; empty where they stay.
  package var characterMap: [UInt8] = []
  /// The names of the tokens for unknown text, beginning, end and padding, by their keys in a Hugging Face configuration.
  package var specialNames = [
    "unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>",
  ]

  package init(_ algorithm: Algorithm) { self.algorithm = algorithm }

  /// Reads a `.model` file.
  ///
  /// Source: sentencepiece_model.proto. Throws `damaged`, `emptyVocabulary`, and `unknownKind` for an algorithm that is
  /// none of the four.
  package init(_ data: Data, file: String) throws(TokenizerError) {
    self.init(.unigram)
    let bytes = [UInt8](data)
    var scanner = ProtobufScanner(bytes, range: 0..<bytes.count, file: file)
    while let (field, value) = try scanner.next() {
      guard case .bytes(let range) = value else { continue }
      switch field {
      case 1: try readPiece(bytes, range, file)
      case 2: try readTraining(bytes, range, file)
      case 3: try readNormalizing(bytes, range, file)
      default: break
      }
    }
    guard !texts.isEmpty else { throw .emptyVocabulary(file: file) }
  }

  private mutating func readPiece(_ bytes: [UInt8], _ range: Range<Int>, _ file: String) throws(TokenizerError) {
    var scanner = ProtobufScanner(bytes, range: range, file: file)
    var text = range.lowerBound..<range.lowerBound
    var (score, kind): (Float, PieceKind) = (0, .normal)
    while let (field, value) = try scanner.next() {
      switch (field, value) {
      case (1, .bytes(let range)): text = range
      case (2, .fixed32(let bits)): score = Float(bitPattern: bits)
      case (3, .number(let number)): kind = PieceKind(rawValue: Int32(truncatingIfNeeded: number)) ?? .normal
      default: break
      }
    }
    guard !text.isEmpty else { throw .damaged(file: file, problem: .emptyPiece(id: texts.count)) }
    texts.append(bytes[text])
    scores.append(score.isNaN ? -.greatestFiniteMagnitude : score)
    kinds.append(kind)
  }

  private mutating func readTraining(_ bytes: [UInt8], _ range: Range<Int>, _ file: String) throws(TokenizerError) {
    let names = [45: "unk_token", 46: "bos_token", 47: "eos_token", 48: "pad_token"]
    var scanner = ProtobufScanner(bytes, range: range, file: file)
    while let (field, value) = try scanner.next() {
      switch (field, value) {
      case (3, .number(let number)):
        guard let found = Algorithm(rawValue: number) else {
          throw .unknownKind(file: file, stage: "model_type", kind: String(number))
        }
        algorithm = found
      case (24, .number(let number)): marksEnds = number != 0
      case (_, .bytes(let range)):
        if let key = names[field] { specialNames[key] = String(decoding: bytes[range], as: UTF8.self) }
      default: break
      }
    }
  }

  private mutating func readNormalizing(_ bytes: [UInt8], _ range: Range<Int>, _ file: String) throws(TokenizerError) {
    var scanner = ProtobufScanner(bytes, range: range, file: file)
    while let (field, value) = try scanner.next() {
      switch (field, value) {
      case (2, .bytes(let range)): characterMap = Array(bytes[range])
      case (3, .number(let number)): addsPrefix = number != 0
      case (4, .number(let number)): removesExtraSpaces = number != 0
      case (5, .number(let number)): marksSpaces = number != 0
      default: break
      }
    }
  }
}
