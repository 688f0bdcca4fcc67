import Foundation

/// Where a learner's history, progress and runs live: `ATTUNE_HOME`, else `attune` in the XDG data folder.
package struct Home: Sendable {
  package let folder: URL
  /// Whose history and progress these are; nil where one person has the home for themselves.
  package let learner: String?

  package init(environment: [String: String]) {
    if let named = environment["ATTUNE_HOME"], !named.isEmpty {
      folder = URL(fileURLWithPath: named, isDirectory: true)
    } else if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      folder = URL(fileURLWithPath: data, isDirectory: true).appendingPathComponent("attune")
    } else {
      let user = environment["HOME"] ?? NSHomeDirectory()
      folder = URL(fileURLWithPath: user, isDirectory: true).appendingPathComponent(".local/share/attune")
    }
    learner = environment[Home.learnerVariable].flatMap { Home.isLearner($0) ? $0 : nil }
  }

  package static let learnerVariable = "ATTUNE_LEARNER"

  /// Whether a text can name a learner and the learner's folder: letters, digits, `-`, `_` and `.`, a letter or a digit
  /// first, at most 64.
  package static func isLearner(_ name: String) -> Bool {
    guard let first = name.first, first.isLetter || first.isNumber, name.utf8.count <= 64 else { return false }
    return name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
  }

  /// What belongs to one person: of a named learner it lives in `learners/NAME`, models and runs are shared.
  private var own: URL { learner.map { folder.appendingPathComponent("learners/\($0)") } ?? folder }

  package var history: URL { own.appendingPathComponent("history") }
  package var progress: URL { own.appendingPathComponent("progress.json") }
  package var settings: URL { own.appendingPathComponent("settings.json") }
  /// Every answer that was given in a lesson.
  package var attempts: URL { own.appendingPathComponent("attempts.jsonl") }
  /// Lines that run when the shell starts.
  package var start: URL { own.appendingPathComponent("init") }
  /// Tokenized data.
  package var cache: URL { folder.appendingPathComponent("cache") }
  /// Pages of data sets from the hub.
  package var rows: URL { cache.appendingPathComponent("rows") }
  /// Imported data.
  package var data: URL { folder.appendingPathComponent("data") }
  package var runs: URL { folder.appendingPathComponent("runs") }
  /// What was written for others to read.
  package var exports: URL { folder.appendingPathComponent("exports") }
}

/// What ships beside the binary: `lessons/` and `samples/`, found from any working folder.
package struct Resources: Sendable {
  /// Folders that are searched, first match wins: the working folder and its parents, beside the binary, the install prefix.
  package let roots: [URL]
  private let workingFolder: URL

  package init(environment: [String: String], workingFolder: URL, binary: URL?) {
    var roots: [URL] = []
    if let named = environment["ATTUNE_RESOURCES"], !named.isEmpty {
      roots.append(URL(fileURLWithPath: named, isDirectory: true))
    }
    var candidates = Resources.ancestors(of: workingFolder)
    if let binary {
      let real = binary.resolvingSymlinksInPath()
      candidates += Resources.ancestors(of: real.deletingLastPathComponent())
      candidates.append(real.deletingLastPathComponent().appendingPathComponent("../share/attune").standardizedFileURL)
    }
    roots += candidates.filter {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("lessons").path)
        && FileManager.default.fileExists(atPath: $0.appendingPathComponent("samples").path)
    }
    self.roots = roots
    self.workingFolder = workingFolder
  }

  /// The file or folder of that relative path: as given from the working folder, else under the first root that has it.
  package func find(_ path: String) -> URL? {
    let direct = URL(fileURLWithPath: path, relativeTo: workingFolder).absoluteURL
    if FileManager.default.fileExists(atPath: direct.path) { return direct }
    guard !path.hasPrefix("/") else { return nil }
    return roots.lazy.map { $0.appendingPathComponent(path) }.first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// The folder with the lessons that ship, if this installation has it.
  package var lessons: URL? { roots.first?.appendingPathComponent("lessons") }

  private static func ancestors(of folder: URL) -> [URL] {
    var all = [folder.standardizedFileURL]
    while let last = all.last, last.path != "/", all.count < 64 {
      all.append(last.deletingLastPathComponent().standardizedFileURL)
    }
    return all
  }
}
