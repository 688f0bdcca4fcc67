import Foundation

/// A model on this disk.
package struct InstalledModel: Sendable, Equatable {
  package enum Origin: String, Sendable {
    case cache
    case wheel
    /// It came with attune.
    case shipped
  }

  /// The catalogue's name, or `ORG/NAME`.
  package let name: String
  package let folder: URL
  package let origin: Origin
  package let bytes: Int

  package init(name: String, folder: URL, origin: Origin, bytes: Int) {
    self.name = name
    self.folder = folder
    self.origin = origin
    self.bytes = bytes
  }
}

/// Where models live: the Hugging Face cache, a folder for wheels beside it, and what came with attune.
///
/// The cache is `HF_HUB_CACHE`, or `hub` in `HF_HOME`, or `huggingface/hub` in `XDG_CACHE_HOME` or
/// `~/.cache`.
package struct ModelStore: Sendable {
  package let cacheFolder: URL
  package let wheelFolder: URL
  /// The models that have a name of their own here.
  package let catalogue: [CatalogueEntry]
  /// The folder of the models that came with attune; nil where an installation has none.
  package let shippedFolder: URL?
  let environment: [String: String]
  /// Seconds before a broken download is taken up again; longer each time.
  let retryPause: Double
  /// Seconds without a byte after which a server is given up.
  let patience: Double
  /// `HF_HOME`: where a login leaves its token.
  let hubHome: URL

  package init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    catalogue: [CatalogueEntry] = Catalogue.entries, shipped: URL? = nil, retryPause: Double = 0.5,
    patience: Double = 30
  ) {
    self.catalogue = catalogue
    shippedFolder = shipped
    self.patience = patience
    self.environment = environment
    self.retryPause = retryPause
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    func folder(_ variable: String) -> URL? {
      guard let path = environment[variable], !path.isEmpty else { return nil }
      let isHome = path == "~" || path.hasPrefix("~/")
      return URL(fileURLWithPath: isHome ? home + path.dropFirst() : path)
    }
    let personal = folder("XDG_CACHE_HOME") ?? URL(fileURLWithPath: home).appendingPathComponent(".cache")
    let base = folder("HF_HOME") ?? personal.appendingPathComponent("huggingface")
    hubHome = base
    cacheFolder =
      folder("HF_HUB_CACHE") ?? folder("HUGGINGFACE_HUB_CACHE") ?? base.appendingPathComponent("hub")
    wheelFolder = cacheFolder.deletingLastPathComponent().appendingPathComponent("attune-wheels")
  }

  var cache: HubCache { HubCache(folder: cacheFolder) }

  package func entry(_ name: String) -> CatalogueEntry? {
    catalogue.first { $0.name == name }
  }

  /// The folder of a model by its catalogue name, its `ORG/NAME` in the cache, or a path; nil when it is not
  /// there. The path may also be that of a GGUF file.
  ///
  /// A catalogue name never means a folder of that name: write `./minilm` for one.
  package func locate(_ name: String) -> URL? {
    if let entry = entry(name) { return installed(entry)?.folder }
    let home = environment["HOME"] ?? NSHomeDirectory()
    let path = name.hasPrefix("~/") ? home + name.dropFirst() : name
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      isFolder.boolValue || RepositoryFiles.isGGUF(path)
    {
      return URL(fileURLWithPath: path)
    }
    if let entry = catalogue.first(where: { $0.hubRepository == name }) { return installed(entry)?.folder }
    return cache.snapshot(name)
  }

  /// Every model of the catalogue that is present, in its order, then the other models in the cache.
  package func installed() -> [InstalledModel] {
    let known = catalogue.compactMap(installed)
    let repositories = Set(catalogue.compactMap(\.hubRepository))
    let others = cache.complete.filter { !repositories.contains($0) }
    return known + others.compactMap(cached)
  }

  /// Bytes that the model takes on this disk, unfinished downloads included; 0 when there is nothing.
  package func sizeOnDisk(_ name: String) -> Int {
    places(name).reduce(0) { $0 + FileTree.bytes($1) }
  }

  /// Takes a model away, from the cache as from the wheels, and returns the bytes that were freed.
  ///
  /// Throws `StoreError.notInstalled` when there is nothing of that name, and `FileError`. A folder elsewhere
  /// is never touched, and symbolic links are not followed.
  package func remove(_ name: String) throws -> Int {
    if entry(name)?.ships == true { throw StoreError.ships(name: name) }
    let present = places(name).filter {
      FileManager.default.fileExists(atPath: $0.path) || FileTree.isLink($0)
    }
    guard !present.isEmpty else { throw StoreError.notInstalled(name: name) }
    var freed = 0
    for place in present {
      let bytes = FileTree.bytes(place)
      try FileTree.remove(place)
      freed += bytes
      let locks = place.deletingLastPathComponent().appendingPathComponent(
        ".locks/\(place.lastPathComponent)")
      try? FileManager.default.removeItem(at: locks)
    }
    return freed
  }

  func installed(_ entry: CatalogueEntry) -> InstalledModel? {
    if let model = entry.hubRepository.flatMap(cached) {
      return InstalledModel(name: entry.name, folder: model.folder, origin: .cache, bytes: model.bytes)
    }
    let place = entry.ships ? shippedFolder?.appendingPathComponent(entry.name) : wheelPlace(entry)
    guard let folder = place, isComplete(entry, folder) else { return nil }
    return InstalledModel(
      name: entry.name, folder: folder, origin: entry.ships ? .shipped : .wheel, bytes: FileTree.bytes(folder))
  }

  /// Where the entry's wheel is unpacked; nil when it has none.
  func wheelPlace(_ entry: CatalogueEntry) -> URL? {
    entry.wheel.map { wheelFolder.appendingPathComponent("\(entry.name)-\($0.version)") }
  }

  /// Whether every file of the entry is there, in its full size where that is known.
  func isComplete(_ entry: CatalogueEntry, _ folder: URL) -> Bool {
    entry.files.allSatisfy { file in
      let bytes = FileTree.bytes(folder.appendingPathComponent(file.name))
      return file.bytes == 0 ? bytes > 0 : bytes == file.bytes
    }
  }

  func cached(_ identifier: String) -> InstalledModel? {
    guard let snapshot = cache.snapshot(identifier), let name = HubName(identifier) else { return nil }
    return InstalledModel(
      name: identifier, folder: snapshot, origin: .cache, bytes: FileTree.bytes(cache.repository(name)))
  }

  private func places(_ name: String) -> [URL] {
    guard let entry = entry(name) else { return [place(onHub: name)].compactMap { $0 } }
    return [entry.hubRepository.flatMap(place), wheelPlace(entry)].compactMap { $0 }
  }

  private func place(onHub name: String) -> URL? {
    HubName(name).map(cache.repository)
  }
}
