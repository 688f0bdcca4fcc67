import Foundation
import Training

/// A file of that name and content, gone when the test is.
final class DataFile {
  let url: URL
  private let folder: URL

  init(_ name: String, _ bytes: [UInt8]) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
  }

  convenience init(_ name: String, _ text: String) throws { try self.init(name, Array(text.utf8)) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var path: String { url.path }

  /// Reads the file, which is there as long as it takes.
  func read<Result>(_ body: (URL) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(url) }
  }

  func place(_ line: Int, _ column: DataPlace.Column) -> DataPlace {
    DataPlace(file: path, line: line, column: column)
  }
}

enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func fixture(_ name: String) -> URL {
    root.appendingPathComponent("Tests/Fixtures/datasets").appendingPathComponent(name)
  }
}

extension DataRows {
  func all() throws -> [Row] {
    var all: [Row] = []
    try forEach { _, row in all.append(row) }
    return all
  }
}

extension LabelledTexts {
  func texts() throws -> [String] { try rows.all().map(\.text) }
  func labels() throws -> [String] { try rows.all().map(\.label) }
  func lines() throws -> [Int] { try rows.all().map(\.line) }
}
