import Checkpoints
import Foundation
import Testing
import Tokenizers
import Training

/// Tokenized data on the disk: equal to what it was made from, found again, and never trusted when damaged.
@Suite struct FeatureCacheTests {
  private final class Setting {
    let file: DataFile
    let cache: FeatureCache
    let folder: URL

    init(rows: Int = 3000) throws {
      file = try DataFile("a.tsv", Self.text(rows))
      folder = file.url.deletingLastPathComponent().appendingPathComponent("cache")
      cache = FeatureCache(folder, smallest: 1)
    }

    static func text(_ rows: Int) -> String {
      "text\tpair\tlabel\n"
        + (0..<rows).map { "the row \($0)\t\(String(repeating: "of ", count: $0 % 7 + 1))\tl\($0 % 3)\n" }.joined()
    }

    func features(limit: Int = 32, labels: [String] = ["l0", "l1", "l2"]) throws -> Features {
      let texts = try LabelledTexts.read(file.url)
      return try Features(
        texts.rows,
        SequenceFeatures(texts, labels: labels, tokenizer: try FeatureTests.tokenizer(), limit: limit), cache: cache)
    }

    func inMemory() throws -> Features {
      let texts = try LabelledTexts.read(file.url)
      return try Features(
        texts.rows,
        SequenceFeatures(texts, labels: ["l0", "l1", "l2"], tokenizer: try FeatureTests.tokenizer(), limit: 32))
    }
  }

  private func all(_ features: Features) -> [Example] {
    (0..<features.examples.count).map { features.examples.example($0) }
  }

  @Test func theSameExamplesAsInMemory() throws {
    let setting = try Setting()
    let expected = try setting.inMemory()
    let made = try setting.features()
    let found = try setting.features()
    #expect(!made.isFromCache && found.isFromCache)
    for features in [made, found] {
      #expect(all(features) == all(expected))
      #expect(features.facts == expected.facts)
      #expect(features.examples.length(2999) == expected.examples.length(2999))
      #expect(features.examples.row(2999) == 2999)
    }
    #expect(all(found).contains { $0.typeIDs.contains(1) })
  }

  @Test(arguments: [
    Target.label(3), .labels([0, 1, 0.5]), .value(-2.25), .tags([-100, 4, 0]), .span(start: 1, end: 2), .words,
  ])
  func everyKindOfTarget(target: Target) throws {
    struct Fixed: Featurizer {
      let tokenizer: Tokenizer
      let target: Target
      let limit = 8
      let settings: [String] = []
      func featured(_ row: Document, at index: Int) throws -> Featured {
        Featured([Example(ids: [5, 6, Int32(index)], typeIDs: [0, 0, 1], target: target, row: index)], isCut: false)
      }
    }
    let file = try DataFile("a.txt", "a\n\nb\n")
    let cache = FeatureCache(file.url.deletingLastPathComponent().appendingPathComponent("cache"), smallest: 1)
    let featurizer = Fixed(tokenizer: try FeatureTests.tokenizer(), target: target)
    _ = try Features(try Documents.read(file.url).rows, featurizer, cache: cache)
    let found = try Features(try Documents.read(file.url).rows, featurizer, cache: cache)
    #expect(found.isFromCache)
    #expect(
      all(found) == [0, 1].map { Example(ids: [5, 6, $0], typeIDs: [0, 0, 1], target: target, row: Int($0)) })
  }

  @Test func anythingThatMattersMakesItNew() throws {
    let setting = try Setting(rows: 20)
    _ = try setting.features()
    #expect(try !setting.features(limit: 16).isFromCache)
    #expect(try !setting.features(labels: ["l2", "l1", "l0"]).isFromCache)
    #expect(try setting.features().isFromCache)
    try Data(Setting.text(21).utf8).write(to: setting.file.url)
    let changed = try setting.features()
    #expect(!changed.isFromCache)
    #expect(changed.examples.count == 21)
    #expect(setting.cache.entries().count == 4)
    #expect(setting.cache.entries().allSatisfy { $0.source == setting.file.path && $0.facts != nil })
    #expect(try setting.cache.clear().files == 4)
    #expect(setting.cache.entries().isEmpty)
  }

  @Test func aDamagedFileIsMadeAgain() throws {
    let setting = try Setting(rows: 20)
    let expected = all(try setting.features())
    let file = try #require(setting.cache.entries().first).file
    let good = [UInt8](try Data(contentsOf: file))
    for place in stride(from: 0, to: good.count, by: 37) {
      var damaged = good
      damaged[place] ^= 0x10
      for variant in [damaged, Array(good[..<place])] {
        try Data(variant).write(to: file)
        let made = try setting.features()
        #expect(!made.isFromCache)
        #expect(all(made) == expected)
      }
    }
    #expect([UInt8](try Data(contentsOf: file)) == good)
  }

  @Test func nothingIsLeftOfWorkThatWasStopped() throws {
    struct Stop: Error {}
    let setting = try Setting()
    let texts = try LabelledTexts.read(setting.file.url)
    let featurizer = SequenceFeatures(
      texts, labels: texts.labelNames, tokenizer: try FeatureTests.tokenizer(), limit: 32)
    #expect(throws: Stop.self) {
      try Features(texts.rows, featurizer, cache: setting.cache) { done, _ in if done > 1000 { throw Stop() } }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: setting.folder.path).isEmpty)
  }

  @Test func smallFilesAreNotKept() throws {
    let setting = try Setting(rows: 20)
    let texts = try LabelledTexts.read(setting.file.url)
    let featurizer = SequenceFeatures(
      texts, labels: texts.labelNames, tokenizer: try FeatureTests.tokenizer(), limit: 32)
    let features = try Features(texts.rows, featurizer, cache: FeatureCache(setting.folder))
    #expect(features.examples.count == 20)
    #expect(!FileManager.default.fileExists(atPath: setting.folder.path))
  }
}
