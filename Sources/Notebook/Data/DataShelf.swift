import Checkpoints
import Drawing
import Foundation
import Training

/// The data that was imported into a learner's home: `data/NAME.csv`, one file a name.
package struct DataShelf {
  let folder: URL

  package init(_ home: Home) { folder = home.data }

  /// The files, by name.
  var files: [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().map { folder.appendingPathComponent($0) }
  }

  package var names: [String] { files.map(DataShelf.name) }

  static func name(of file: URL) -> String { file.deletingPathExtension().lastPathComponent }

  /// The file of that name, with or without its ending.
  func find(_ name: String) -> URL? {
    files.first { $0.lastPathComponent == name } ?? files.first { DataShelf.name(of: $0) == name }
  }

  /// A place for new data of that name.
  /// - Parameter replaces: whether data that has the name already may go
  /// - Throws: `Failure` where the name cannot be one or is taken, `FileError`
  func place(_ name: String, ending: String, replaces: Bool) throws -> URL {
    try DataShelf.check(name)
    try AtomicFolder.makeFolder(folder)
    if !replaces, find(name) != nil {
      throw Failure("There is data named \(name) already; choose another name, or --replace it.", .usage)
    }
    return folder.appendingPathComponent(ending.isEmpty ? name : "\(name).\(ending)")
  }

  /// Takes away other files of the same name, once new data is in its place.
  func settle(_ file: URL) throws {
    let name = DataShelf.name(of: file)
    for other in files where DataShelf.name(of: other) == name && other.lastPathComponent != file.lastPathComponent {
      try remove(other)
    }
  }

  func remove(_ file: URL) throws(FileError) {
    guard unlink(file.path) == 0 || errno == ENOENT else { throw .cannotWrite(path: file.path, code: errno) }
  }

  static func check(_ name: String) throws {
    let isGood = name.first?.isLetter == true && name.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
    guard isGood, name.utf8.count <= 100 else {
      throw Failure(
        "'\(sanitized(name))' cannot name data; begin with a letter, and go on with letters, digits, - and _.", .usage)
    }
  }
}

extension Session {
  package var data: DataShelf { DataShelf(home) }
}
