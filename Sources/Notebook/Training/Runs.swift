import Checkpoints
import Drawing
import Foundation
import Training

/// The fine-tuned models in a learner's home: `runs/1`, `runs/2`, …; `runs/3.unfinished` while run 3 is on its way.
package struct Runs {
  let folder: URL

  package init(_ home: Home) { folder = home.runs }

  package func folder(of number: Int) -> URL { folder.appendingPathComponent(String(number)) }

  /// Numbers of the runs that are whole, oldest first.
  package var numbers: [Int] {
    names.compactMap { Int($0) }.filter { RepositoryFiles(folder(of: $0)).isComplete }.sorted()
  }

  private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

  /// Takes the next number for a new run, by an empty folder: two sessions never get the same one.
  /// - Throws: `FileError`
  package func reserve() throws -> URL {
    try AtomicFolder.makeFolder(folder)
    let taken = names.compactMap { name in Int(name.prefix { $0 != "." }) }.filter { $0 < .max >> 1 }
    var number = (taken.max() ?? 0) + 1
    while mkdir(folder(of: number).path, 0o777) != 0 {
      guard errno == EEXIST else { throw FileError.cannotWrite(path: folder(of: number).path, code: errno) }
      number += 1
    }
    return folder(of: number)
  }

  /// Gives a number back that nothing was saved under.
  package static func release(_ reserved: URL) { rmdir(reserved.path) }

  /// Where a run that saves to `output` works until it is finished.
  static func workFolder(of output: URL) -> URL {
    output.deletingLastPathComponent().appendingPathComponent(output.lastPathComponent + unfinished)
  }

  private static let unfinished = ".unfinished"

  /// Numbers of the runs that were interrupted or killed, oldest first.
  package var unfinishedNumbers: [Int] {
    names.filter { $0.hasSuffix(Runs.unfinished) }.compactMap { Int($0.dropLast(Runs.unfinished.count)) }.sorted()
  }

  /// The command that began an unfinished run.
  func command(of number: Int) -> String {
    let file = Runs.workFolder(of: folder(of: number)).appendingPathComponent(RunPlan.fileName)
    let plan = try? JSONDecoder().decode(RunPlan.self, from: FileContents.read(file))
    return plan?.command ?? FinetuneCommand.name
  }

  /// The work folder of a run that can go on: its number, `last`, or the folder that it saves to.
  /// - Throws: `Failure` with status 66 when there is none
  package func unfinished(_ name: String) throws -> URL {
    let numbers = unfinishedNumbers
    if let number = name == "last" ? numbers.last : Int(name) {
      if numbers.contains(number) { return Runs.workFolder(of: folder(of: number)) }
      if self.numbers.contains(number) {
        throw Failure("Run \(number) is finished; there is nothing to go on with.", .usage)
      }
    } else if name != "last" {
      let output = URL(fileURLWithPath: name, isDirectory: true).standardizedFileURL
      let place = name.hasSuffix(Runs.unfinished) ? output : Runs.workFolder(of: output)
      if FileManager.default.fileExists(atPath: place.appendingPathComponent(RunPlan.fileName).path) { return place }
    }
    let known = numbers.map(String.init).joined(separator: ", ")
    throw Failure(
      "There is no unfinished run \(sanitized(name)); \(known.isEmpty ? "none was interrupted." : "there are \(known).")",
      .fileMissing)
  }

  /// - Throws: `Failure` while another session works on the same run
  static func lock(_ workFolder: URL) throws -> FileLock {
    guard let lock = try FileLock.attempt(workFolder.appendingPathComponent(".lock")) else {
      throw Failure("\(workFolder.path) is being trained by another attune; wait for it or stop it.", .usage)
    }
    return lock
  }

  /// Whether a text names a run: a number, `last`, or `last-2`, the second before it.
  package static func isName(_ text: String) -> Bool { Int(text).map { $0 >= 0 } ?? (age(text) != nil) }

  /// How many runs before the newest `last` or `last-2` means.
  private static func age(_ name: String) -> Int? {
    if name == "last" { return 0 }
    guard name.hasPrefix("last-"), let age = Int(name.dropFirst(5)), age > 0 else { return nil }
    return age
  }

  /// The folder of a run by its number, of the newest by `last`, or of one before it by `last-1`.
  /// - Throws: `Failure` with status 66 when there is none
  package func find(_ name: String) throws -> URL {
    let numbers = numbers
    if let age = Runs.age(name) {
      if age < numbers.count { return folder(of: numbers[numbers.count - 1 - age]) }
    } else if let number = Int(name), numbers.contains(number) {
      return folder(of: number)
    }
    let known = numbers.map(String.init).joined(separator: ", ")
    throw Failure(
      "There is no run \(sanitized(name)); \(known.isEmpty ? "`finetune` makes the first one." : "there are \(known).")",
      .fileMissing)
  }

  private func place(_ name: String) throws -> URL {
    let isFolder = name.contains("/") || name.hasPrefix(".")
    return isFolder ? URL(fileURLWithPath: name, isDirectory: true) : try find(name)
  }

  /// A run by its number where it has one, so that `last` stays clear when it is read later.
  func label(_ name: String) -> String { (try? Runs.isName(name) ? find(name).lastPathComponent : name) ?? name }

  /// What was recorded of a run: its number, `last`, or the folder of a saved model.
  /// - Throws: `Failure` with status 66 when there is none
  package func record(_ name: String) throws -> TrainingRecord {
    let place = try place(name)
    let file = place.appendingPathComponent(TrainingRecord.fileName)
    guard let record = try? JSONDecoder().decode(TrainingRecord.self, from: FileContents.read(file)) else {
      throw Failure(
        "\(sanitized(place.path)) has no \(TrainingRecord.fileName) that this version reads; name a folder that `finetune` saved.",
        .fileMissing)
    }
    return record
  }
}

extension Runs {
  /// What the model of a run does on its validation rows; nil for a run of an earlier version.
  func report(_ name: String) throws -> TaskReport? {
    let file = try place(name).appendingPathComponent(TaskReport.fileName)
    return try? JSONDecoder().decode(TaskReport.self, from: FileContents.read(file))
  }

  /// Bytes of the weights that a run saved.
  func savedBytes(_ name: String) throws -> Int {
    let files = RepositoryFiles(try place(name))
    let weights = files[.adapterWeights] ?? files[.weights]
    return (try? weights?.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
  }
}

extension Session {
  package var runs: Runs { Runs(home) }
}
