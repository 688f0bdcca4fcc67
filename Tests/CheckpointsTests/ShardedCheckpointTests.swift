import Checkpoints
import Foundation
import Tensors
import Testing

@Suite struct ShardedCheckpointTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (shard, names) in ["one.safetensors": ["a", "b"], "two.safetensors": ["c"]] {
      let items = names.map { name -> SafetensorsWriter.Item in
        let buffer = Buffer(count: 1)
        buffer.base[0] = Float(name.utf8.first ?? 0)
        return .init(name, [1], buffer)
      }
      try SafetensorsWriter.write(items, to: folder(shard))
    }
  }

  func index(_ map: String) throws -> URL {
    try folder.write(
      "model.safetensors.index.json", "{\"metadata\":{\"total_size\":12},\"weight_map\":\(map)}")
  }

  @Test func readsFromEveryShard() throws {
    _ = try index("{\"a\":\"one.safetensors\",\"b\":\"one.safetensors\",\"c\":\"two.safetensors\"}")
    let source = try Safetensors.open(folder: folder.url)
    #expect(source.entries.keys.sorted() == ["a", "b", "c"])
    #expect(try floats(source.values("c")) == [99])
    #expect((source as? ShardedCheckpoint)?.metadata == ["format": "pt"])
  }

  @Test func oneFileIsPreferredAndNoneIsNamed() throws {
    #expect(throws: FileError.missingFromFolder(folder: folder.url.path, file: "model.safetensors")) {
      try Safetensors.open(folder: folder.url)
    }
    try FileManager.default.copyItem(at: folder("two.safetensors"), to: folder("model.safetensors"))
    #expect(try Safetensors.open(folder: folder.url).entries.keys.sorted() == ["c"])
  }

  static let refused: [(map: String, problem: SafetensorsProblem)] = [
    (
      "{\"a\":\"one.safetensors\",\"b\":\"one.safetensors\",\"c\":\"three.safetensors\"}",
      .shardMissing(shard: "three.safetensors")
    ),
    ("{\"a\":\"../one.safetensors\"}", .shardOutsideFolder(shard: "../one.safetensors")),
    ("{\"a\":\"/one.safetensors\"}", .shardOutsideFolder(shard: "/one.safetensors")),
    ("{\"a\":\"..\"}", .shardOutsideFolder(shard: "..")),
    ("{\"a\":\"\"}", .shardOutsideFolder(shard: "")),
    (
      "{\"a\":\"one.safetensors\",\"b\":\"one.safetensors\",\"d\":\"two.safetensors\"}",
      .missingInShard(tensor: "d", shard: "two.safetensors")
    ),
    ("{\"a\":\"one.safetensors\",\"a\":\"two.safetensors\"}", .duplicateName("a")),
    (
      "{\"a\":\"one.safetensors\",\"c\":\"two.safetensors\"}",
      .notInIndex(tensor: "b", shard: "one.safetensors")
    ),
    ("{\"a\":1}", .badField(tensor: "weight_map", field: "a")),
    ("{},\"weight_map\":{}", .duplicateField(tensor: "", field: "weight_map")),
    ("{}}", .notJSON(offset: 46, .expected(""))),
  ]

  @Test(arguments: 0..<refused.count) func isRefused(number: Int) throws {
    let (map, problem) = Self.refused[number]
    let url = try index(map)
    #expect(throws: SafetensorsError(file: url.path, problem: problem)) { try ShardedCheckpoint(index: url) }
  }

  @Test func anIndexWithoutAMapIsRefused() throws {
    let url = try folder.write("model.safetensors.index.json", "{\"metadata\":{}}")
    #expect(throws: SafetensorsError(file: url.path, problem: .missingField(tensor: "", field: "weight_map"))) {
      try ShardedCheckpoint(index: url)
    }
  }
}
