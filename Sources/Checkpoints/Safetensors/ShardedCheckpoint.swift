import Foundation
import Layers
import Tensors

/// A checkpoint in several files, held together by an index such as `model.safetensors.index.json`.
package final class ShardedCheckpoint: ParameterSource {
  package let url: URL
  package let entries: [String: ParameterEntry]
  /// The metadata of all shards; the first shard by name wins.
  package let metadata: [String: String]

  private let shards: [String: any ParameterSource]
  private let map: [String: String]

  /// Opens every shard and holds it against the index, both ways.
  ///
  /// Throws `FileError` for the index itself, `SafetensorsError` for everything in it, and what `open` throws.
  package init(index url: URL, open: (URL) throws -> any ParameterSource = { try SafetensorsFile($0) }) throws {
    self.url = url
    func refuse(_ problem: SafetensorsProblem) -> SafetensorsError {
      SafetensorsError(file: url.path, problem: problem)
    }
    let map: [String: String]
    do {
      map = try Self.weightMap(of: MappedFile(url))
    } catch let problem as SafetensorsProblem {
      throw refuse(problem)
    }
    let folder = url.deletingLastPathComponent()
    var shards: [String: any ParameterSource] = [:]
    for shard in Set(map.values).sorted() {
      guard !shard.isEmpty, !shard.hasPrefix("."),
        !shard.utf8.contains(where: { [0, 0x2f, 0x5c].contains($0) })
      else { throw refuse(.shardOutsideFolder(shard: shard)) }
      do {
        shards[shard] = try open(folder.appendingPathComponent(shard))
      } catch FileError.missing {
        throw refuse(.shardMissing(shard: shard))
      }
    }
    var entries: [String: ParameterEntry] = [:]
    for (tensor, shard) in map.sorted(by: { $0.key < $1.key }) {
      guard let entry = shards[shard]?.entries[tensor] else {
        throw refuse(.missingInShard(tensor: tensor, shard: shard))
      }
      entries[tensor] = entry
    }
    var metadata: [String: String] = [:]
    for (shard, file) in shards.sorted(by: { $0.key < $1.key }) {
      if let extra = file.entries.keys.sorted().first(where: { map[$0] != shard }) {
        throw refuse(.notInIndex(tensor: extra, shard: shard))
      }
      if let file = file as? SafetensorsFile { metadata.merge(file.metadata) { first, _ in first } }
    }
    self.map = map
    self.shards = shards
    self.entries = entries
    self.metadata = metadata
  }

  package func values(_ name: String) throws -> Buffer {
    try shard(of: name).values(name)
  }

  private func shard(of name: String) throws -> any ParameterSource {
    guard let shard = map[name], let file = shards[shard] else {
      throw SafetensorsError(file: url.path, problem: .noSuchTensor(name))
    }
    return file
  }

  private static func weightMap(of file: MappedFile) throws(SafetensorsProblem) -> [String: String] {
    guard file.count <= SafetensorsHeader.limit else {
      throw .headerTooLong(claimed: UInt64(file.count), limit: SafetensorsHeader.limit)
    }
    var scanner = JSONScanner(file.withBytes { Array($0) })
    var map: [String: String]?
    var seen: Set<String> = []
    var first = true
    try scanner.expect("{")
    while let field = try scanner.name(first: &first) {
      if !seen.insert(field).inserted { throw .duplicateField(tensor: "", field: field) }
      if field == "weight_map" {
        map = try scanner.textMap(field: field)
      } else {
        try scanner.skipValue()
      }
    }
    try scanner.end()
    guard let map else { throw .missingField(tensor: "", field: "weight_map") }
    return map
  }
}

/// The weights of a model folder, in one file or in several.
package enum Safetensors {
  /// Opens `model.safetensors`, or else what `model.safetensors.index.json` lists.
  ///
  /// Throws `FileError.missingFromFolder` when neither is there.
  package static func open(folder: URL) throws -> any ParameterSource {
    let files = RepositoryFiles(folder)
    if let single = files[.weights] { return try SafetensorsFile(single) }
    if let index = files[.weightsIndex] { return try ShardedCheckpoint(index: index) }
    throw FileError.missingFromFolder(folder: folder.path, file: RepositoryFile.weights.rawValue)
  }
}
