import Checkpoints
import Drawing
import Foundation
import Training

/// The fine-tuned models in a learner's home: `runs/1`, `runs/2`, …
package struct Runs {
  let folder: URL

  package init(_ home: Home) { folder = home.runs }

  package func folder(of number: Int) -> URL { folder.appendingPathComponent(String(number)) }

  /// Numbers of the runs that are whole, oldest first.
  package var numbers: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.compactMap { Int($0) }.filter { RepositoryFiles(folder(of: $0)).isComplete }.sorted()
  }

  /// Takes the next number for a new run, by an empty folder: two sessions never get the same one.
  /// - Throws: `FileError`
  package func reserve() throws -> URL {
    try AtomicFolder.makeFolder(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    var number = (names.compactMap { Int($0) }.max() ?? 0) + 1
    while mkdir(folder(of: number).path, 0o777) != 0 {
      guard errno == EEXIST else { throw FileError.cannotWrite(path: folder(of: number).path, code: errno) }
      number += 1
    }
    return folder(of: number)
  }

  /// Gives a number back that nothing was saved under.
  package static func release(_ reserved: URL) { rmdir(reserved.path) }

  /// The folder of a run by its number, or of the newest by `last`.
  /// - Throws: `Failure` with status 66 when there is none
  package func find(_ name: String) throws -> URL {
    let numbers = numbers
    if let number = name == "last" ? numbers.last : Int(name), numbers.contains(number) { return folder(of: number) }
    let known = numbers.map(String.init).joined(separator: ", ")
    throw Failure(
      "There is no run \(sanitized(name)); \(known.isEmpty ? "`finetune` makes the first one." : "there are \(known).")",
      .fileMissing)
  }

  /// What was recorded of a run: its number, `last`, or the folder of a saved model.
  /// - Throws: `Failure` with status 66 when there is none
  package func record(_ name: String) throws -> TrainingRecord {
    let isFolder = name.contains("/") || name.hasPrefix(".")
    let place = isFolder ? URL(fileURLWithPath: name, isDirectory: true) : try find(name)
    let file = place.appendingPathComponent(TrainingRecord.fileName)
    guard let record = try? JSONDecoder().decode(TrainingRecord.self, from: FileContents.read(file)) else {
      throw Failure(
        "\(sanitized(place.path)) has no \(TrainingRecord.fileName); name a folder that `finetune` saved.", .fileMissing
      )
    }
    return record
  }
}
