import Checkpoints
import Foundation
import Testing

@Suite struct ModelStoreTests {
  @Test(arguments: [
    (["HOME": "/h"], "/h/.cache/huggingface/hub", "/h/.cache/huggingface/attune-wheels"),
    (["HOME": "/h", "XDG_CACHE_HOME": "/x"], "/x/huggingface/hub", "/x/huggingface/attune-wheels"),
    (["HOME": "/h", "XDG_CACHE_HOME": "/x", "HF_HOME": "/f"], "/f/hub", "/f/attune-wheels"),
    (["HOME": "/h", "HF_HOME": "~/f"], "/h/f/hub", "/h/f/attune-wheels"),
    (["HOME": "/h", "HF_HOME": "/f", "HF_HUB_CACHE": "/c/cache"], "/c/cache", "/c/attune-wheels"),
    (
      ["HOME": "/h", "HF_HOME": "", "HF_HUB_CACHE": ""], "/h/.cache/huggingface/hub",
      "/h/.cache/huggingface/attune-wheels"
    ),
  ]) func theEnvironmentSaysWhere(environment: [String: String], cache: String, wheels: String) {
    let store = ModelStore(environment: environment)
    #expect(store.cacheFolder.path == cache)
    #expect(store.wheelFolder.path == wheels)
  }

  @Test func theCacheComesBeforeTheWheel() throws {
    let tiny = try TinyModel()
    let store = tiny.store()
    #expect(store.locate("tiny") == nil)
    #expect(store.installed().isEmpty)
    try tiny.fillWheels()
    #expect(store.locate("tiny")?.path == tiny.folder("attune-wheels/tiny-1.0").path)
    #expect(store.installed().map(\.origin) == [.wheel])
    try tiny.fillCache()
    let snapshot = tiny.folder("hub/models--org--tiny/snapshots/\(TinyModel.commit)")
    #expect(store.locate("tiny")?.path == snapshot.path)
    #expect(store.locate("org/tiny")?.path == snapshot.path)
    #expect(store.installed().map(\.origin) == [.cache])
    #expect(store.installed().map(\.bytes) == [200_014 + 40], "blobs once, links not at all")
  }

  @Test func otherModelsOfTheCacheAreFoundByRepository() throws {
    let tiny = try TinyModel()
    try tiny.fillCache(repository: "some-body/other.model")
    let store = tiny.store()
    #expect(store.installed().map(\.name) == ["some-body/other.model"])
    #expect(store.locate("some-body/other.model") != nil)
    #expect(store.locate("tiny") == nil)
  }

  @Test func foldersAreTakenByTheirPath() throws {
    let tiny = try TinyModel()
    try tiny.fillWheels()
    let path = tiny.folder("attune-wheels/tiny-1.0").path
    #expect(tiny.store().locate(path)?.path == path)
    #expect(tiny.store(["HOME": tiny.folder.url.path]).locate("~/attune-wheels/tiny-1.0")?.path == path)
    #expect(tiny.store().locate(path + "/config.json") == nil)
  }

  @Test(arguments: ["", "/", "../../..", "org/../x", "a/b/c", "org/", "/etc", ".hidden/x", "org/ti ny"])
  func whatIsNoRepositoryIsNotLookedFor(name: String) throws {
    let tiny = try TinyModel()
    try tiny.fillCache()
    #expect(throws: StoreError.notInstalled(name: name)) { try tiny.store().remove(name) }
    #expect(tiny.store().sizeOnDisk(name) == 0)
    #expect(tiny.store().locate("tiny") != nil)
  }

  @Test(arguments: ["", "../../../..", "/", "main"]) func aBadReferenceIsNotFollowed(reference: String) throws {
    let tiny = try TinyModel()
    try tiny.fillCache(reference: reference)
    #expect(tiny.store().locate("tiny") == nil)
  }

  @Test(arguments: TinyModel.contents.keys.sorted()) func anIncompleteModelIsNotPresent(
    missing: String
  )
    throws
  {
    let tiny = try TinyModel()
    try tiny.fillCache()
    try tiny.fillWheels()
    try FileManager.default.removeItem(
      at: tiny.folder("hub/models--org--tiny/snapshots/\(TinyModel.commit)/\(missing)"))
    #expect(tiny.store().installed().map(\.origin) == [.wheel])
    try tiny.folder.write("attune-wheels/tiny-1.0/\(missing)", "short")
    #expect(tiny.store().locate("tiny") == nil)
  }

  @Test func removingTakesCacheAndWheelAndTellsTheBytes() throws {
    let tiny = try TinyModel()
    try tiny.fillCache()
    try tiny.fillCache(repository: "org/other")
    try tiny.fillWheels()
    try tiny.folder.write("hub/models--org--tiny/blobs/half.incomplete", "12345")
    let store = tiny.store()
    #expect(store.sizeOnDisk("tiny") == 200_014 * 2 + 40 + 5)
    #expect(try store.remove("tiny") == 200_014 * 2 + 40 + 5)
    #expect(store.locate("tiny") == nil)
    #expect(store.sizeOnDisk("tiny") == 0)
    #expect(try tiny.folder.names("hub") == ["models--org--other"])
    #expect(try tiny.folder.names("attune-wheels").isEmpty)
    #expect(throws: StoreError.notInstalled(name: "tiny")) { try store.remove("tiny") }
  }

  @Test func removingNeverFollowsALink() throws {
    let tiny = try TinyModel()
    try tiny.folder.write("precious/thesis.txt", "years of work")
    try tiny.fillWheels()
    try FileManager.default.createSymbolicLink(
      at: tiny.folder("attune-wheels/tiny-1.0/link"), withDestinationURL: tiny.folder("precious"))
    try FileManager.default.createDirectory(at: tiny.folder("hub"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: tiny.folder("hub/models--org--tiny"), withDestinationURL: tiny.folder("precious"))
    #expect(try tiny.store().remove("tiny") == 200_014)
    #expect(try tiny.folder.names("precious") == ["thesis.txt"])
    #expect(try tiny.folder.names("hub").isEmpty)
  }

  @Test func aFolderSaysWhatItLacks() throws {
    let tiny = try TinyModel()
    try tiny.fillWheels()
    let folder = tiny.folder("attune-wheels/tiny-1.0")
    let files = RepositoryFiles(folder)
    #expect(try files.require(.config).lastPathComponent == "config.json")
    #expect(try files.requireWeights().lastPathComponent == "model.safetensors")
    #expect(files[.vocabulary] == nil)
    #expect(throws: FileError.missingFromFolder(folder: folder.path, file: "vocab.txt")) {
      try files.require(.vocabulary)
    }
    #expect(throws: FileError.missing(path: tiny.folder("none").path)) {
      try RepositoryFiles(tiny.folder("none")).require(.config)
    }
    let file = folder.appendingPathComponent("config.json")
    #expect(throws: FileError.notAFolder(path: file.path)) { try RepositoryFiles(file).require(.config) }
  }

  @Test func theCatalogueHoldsTogether() {
    #expect(Catalogue.entries.map(\.name) == ["minilm", "smollm2", "en-pt", "pt-en", "pocket-bert", "pocket-gpt"])
    #expect(Catalogue.entries.filter(\.ships).map(\.name) == ["pocket-bert", "pocket-gpt"])
    for entry in Catalogue.entries where !entry.ships {
      #expect(entry.files.allSatisfy { $0.sha256.count == 64 && $0.bytes > 0 })
      #expect(Set(entry.files.map(\.name)).count == entry.files.count)
      // At least four bits for each.
      #expect(entry.parameters / 2 < entry.bytes)
    }
  }
}
