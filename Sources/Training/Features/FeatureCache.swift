import Checkpoints
import Foundation
import Tokenizers

/// Tokenized data on the disk, found again when text, tokenizer and options are the same.
package struct FeatureCache: Sendable {
  package let folder: URL
  /// Bytes of a data file below which keeping its tokens is not worth a file.
  package let smallest: Int
  static let ending = "features"

  package init(_ folder: URL, smallest: Int = 1 << 20) {
    self.folder = folder
    self.smallest = smallest
  }

  func features<Row>(
    _ rows: DataRows<Row>, _ featurizer: some Featurizer<Row>, advance: (Int, Int) throws -> Void
  ) throws -> Features {
    let key = try Self.key(rows, featurizer) { _ in try advance(0, rows.count) }
    let url = folder.appendingPathComponent(key).appendingPathExtension(Self.ending)
    if let file = FeatureFile(url), file.description.key == key { return Features(file, isFromCache: true) }
    try AtomicFolder.makeFolder(folder)
    let stream = try FeatureStream(rows, featurizer)
    try FeatureFile.write(
      stream, to: url, source: rows.file, key: key, vocabulary: featurizer.tokenizer.vocabularySize
    ) { try advance($0, rows.count) }
    guard let file = FeatureFile(url) else { throw FileError.cannotRead(path: url.path, code: EIO) }
    return Features(file, isFromCache: false)
  }

  /// SHA-256 over everything that decides the examples: the file's content, the tokenizer's files, the options.
  private static func key<Row>(
    _ rows: DataRows<Row>, _ featurizer: some Featurizer<Row>, advance: (Int) throws -> Void
  ) throws -> String {
    var parts = ["attune features 1", "\(Row.self)", String(rows.count), String(featurizer.limit)]
    parts.append(try SHA256.hex(of: URL(fileURLWithPath: rows.file), advance: advance))
    for (name, data) in featurizer.tokenizer.files { parts += [name, SHA256.hex(of: data)] }
    parts += featurizer.settings
    return SHA256.hex(of: Data(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
  }
}

extension FeatureCache {
  /// One file of the cache.
  package struct Entry: Sendable, Equatable {
    package let file: URL
    /// Its size on the disk.
    package let bytes: Int
    /// The data file that it was made from; nil for a file that is damaged or of another version.
    package let source: String?
    package let facts: FeatureFacts?
  }

  /// What is in the folder, by name.
  package func entries() -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".\(Self.ending)") }.sorted().map { name in
      let url = folder.appendingPathComponent(name)
      let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size]) as? Int
      let description = FeatureFile(url)?.description
      return Entry(file: url, bytes: size ?? 0, source: description?.source, facts: description?.facts)
    }
  }

  /// Takes every file of the cache away; a training that reads one goes on with it.
  /// - Returns: how many, and their size
  package func clear() throws(FileError) -> (files: Int, bytes: Int) {
    let entries = entries()
    for entry in entries where unlink(entry.file.path) != 0 && errno != ENOENT {
      throw .cannotWrite(path: entry.file.path, code: errno)
    }
    return (entries.count, entries.reduce(0) { $0 + $1.bytes })
  }
}
