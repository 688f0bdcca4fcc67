import Checkpoints
import Foundation

extension FeatureFile {
  /// Writes all examples of a stream, whole or not at all.
  /// - Parameter advance: told how many rows are done; stops the work by throwing
  static func write<Maker>(
    _ stream: FeatureStream<Maker>, to url: URL, source: String, key: String, vocabulary: Int,
    advance: (Int) throws -> Void
  ) throws {
    var writer = BlockWriter(stream, vocabulary: vocabulary)
    var failure: (any Error)?
    do {
      try AtomicFile.write(to: url) { sink throws(FileError) in
        var hash = SHA256()
        do {
          while let block = try writer.nextBlock(advance) {
            block.withUnsafeBytes { hash.update($0) }
            try sink.write(block)
          }
          let end = try writer.end(source: source, key: key)
          end.withUnsafeBytes { hash.update($0) }
          try sink.write(end)
          try sink.write(Array(hash.hex().utf8) + signature)
        } catch {
          failure = error
          throw (error as? FileError) ?? .cannotWrite(path: url.path, code: ECANCELED)
        }
      }
    } catch {
      throw failure ?? error
    }
  }
}

/// Lays a stream's examples out in blocks.
private struct BlockWriter<Maker: Featurizer> {
  private var stream: FeatureStream<Maker>
  private let vocabulary: Int
  private var shape: ExampleShape?
  private var waiting: [Example] = []
  private var blocks: [Int] = []
  private var offset = 0

  init(_ stream: FeatureStream<Maker>, vocabulary: Int) {
    self.stream = stream
    self.vocabulary = vocabulary
  }

  /// nil when all examples are written.
  mutating func nextBlock(_ advance: (Int) throws -> Void) throws -> [UInt8]? {
    while waiting.count < FeatureFile.blockSize, let more = try stream.next() {
      waiting += more
      try advance(stream.facts.rows)
    }
    guard let first = waiting.first else { return nil }
    let shape = shape ?? ExampleShape(first.target, vocabulary: vocabulary)
    self.shape = shape
    let bytes = Self.block(waiting.prefix(FeatureFile.blockSize), shape)
    waiting.removeFirst(min(FeatureFile.blockSize, waiting.count))
    blocks.append(offset)
    offset += bytes.count
    return bytes
  }

  /// The description, and where it begins.
  func end(source: String, key: String) throws -> [UInt8] {
    let description = FeatureFile.Description(
      source: source, key: key, facts: stream.facts,
      shape: shape ?? ExampleShape(.words, vocabulary: vocabulary), blocks: blocks)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var bytes = [UInt8](try encoder.encode(description))
    bytes.append(number: UInt64(offset))
    return bytes
  }

  private static func block(_ examples: ArraySlice<Example>, _ shape: ExampleShape) -> [UInt8] {
    var table: [UInt8] = []
    var data: [UInt8] = []
    let start = examples.count * FeatureFile.entrySize
    for example in examples {
      let hasTypes = example.typeIDs.contains { $0 != 0 }
      table.append(number: UInt32(truncatingIfNeeded: start + data.count))
      table.append(number: UInt32(truncatingIfNeeded: example.ids.count) | (hasTypes ? FeatureFile.hasTypes : 0))
      table.append(number: UInt32(truncatingIfNeeded: example.row))
      shape.append(example.target, to: &data)
      for id in example.ids {
        if shape.hasWideIDs {
          data.append(number: UInt32(truncatingIfNeeded: id))
        } else {
          data.append(number: UInt16(truncatingIfNeeded: id))
        }
      }
      if hasTypes { data += example.typeIDs.map { UInt8(truncatingIfNeeded: $0) } }
    }
    return table + data
  }
}
