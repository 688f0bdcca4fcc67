import Foundation

/// Names of files and folders that a typed path may become.
struct FileNames {
  /// What `~` stands for. It is written out, since only shells know it.
  let home: String?

  /// Files that start as the path does, folders with a slash at their end. Hidden ones only after a dot.
  func candidates(_ path: String) -> [Completion.Candidate] {
    if path == "~", home != nil { return [Completion.Candidate(expanded("~/"), isOpen: true)] }
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let (shownFolder, start) = (String(path[..<cut]), path[cut...])
    let written = expanded(shownFolder)
    let folder = written.isEmpty ? "." : written
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(start) && ($0.hasPrefix(".") ? start.hasPrefix(".") : true) }
      .filter { !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
      .sorted()
      .map { name in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
        let end = exists && isFolder.boolValue ? "/" : ""
        return Completion.Candidate(written + name + end, label: name + end, isOpen: !end.isEmpty)
      }
  }

  private func expanded(_ folder: String) -> String {
    guard let home, folder.hasPrefix("~/") else { return folder }
    return home + folder.dropFirst(1)
  }
}
