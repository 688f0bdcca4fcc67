import Checkpoints
import Foundation
import Testing

@Suite struct AtomicWriteTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aFileIsReplacedAndKeepsItsMode() throws {
    let url = folder("notes")
    try AtomicFile.write(Data("one".utf8), to: url, mode: 0o600)
    try AtomicFile.write(Data("two".utf8), to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == "two")
    #expect(try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int == 0o600)
    #expect(try folder.names() == ["notes"])
  }

  @Test func aWriterThatFailsLeavesTheOldFile() throws {
    let url = try folder.write("notes", "old")
    let failure = FileError.cannotWrite(path: url.path, code: ENOSPC)
    #expect(throws: failure) {
      try AtomicFile.write(to: url) { sink throws(FileError) in
        try sink.write(Array("half".utf8))
        throw failure
      }
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == "old")
    #expect(try folder.names() == ["notes"])
  }

  @Test func aLinkIsWrittenThrough() throws {
    try folder.write("real", "old")
    try FileManager.default.createSymbolicLink(atPath: folder("link").path, withDestinationPath: "real")
    try AtomicFile.write(Data("new".utf8), to: folder("link"))
    #expect(try String(contentsOf: folder("real"), encoding: .utf8) == "new")
  }

  @Test func whatCannotBeWrittenIsNamedWithItsReason() throws {
    let nowhere = folder("none/notes")
    #expect(throws: FileError.cannotWrite(path: nowhere.path, code: ENOENT)) {
      try AtomicFile.write(Data(), to: nowhere)
    }
    try folder.write("full/file", "")
    #expect(throws: FileError.cannotWrite(path: folder("full").path, code: EISDIR)) {
      try AtomicFile.write(Data(), to: folder("full"))
    }
    let below = folder("full/file/deeper")
    #expect(throws: FileError.cannotWrite(path: folder("full/file").path, code: ENOTDIR)) {
      try AtomicFolder.write(to: below) { _ in }
    }
  }

  @Test func aFolderArrivesWhole() throws {
    let url = folder("runs/1")
    try AtomicFolder.write(to: url) {
      try AtomicFile.write(Data("a".utf8), to: $0.appendingPathComponent("config"))
    }
    #expect(try folder.names("runs/1") == ["config"])
    try AtomicFolder.write(to: url) { staged in
      try AtomicFile.write(Data("b".utf8), to: staged.appendingPathComponent("config"))
      try AtomicFile.write(Data("c".utf8), to: staged.appendingPathComponent("weights"))
      #expect(try String(contentsOf: url.appendingPathComponent("config"), encoding: .utf8) == "a")
    }
    #expect(try String(contentsOf: url.appendingPathComponent("config"), encoding: .utf8) == "b")
    #expect(try folder.names("runs") == ["1"])
  }

  @Test func whatAKilledProcessLeftIsSweptByTheNextWrite() throws {
    // No process has the first number; the second is ours, which may still be at it.
    let (gone, alive) = (".1.\(pid_t.max)-abc.partial", ".1.\(getpid())-abc.partial")
    let others = [alive, ".2.\(pid_t.max)-abc.partial", ".1.thesis.partial"]
    for name in [gone] + others { try folder.write("runs/\(name)/config", "half") }
    try AtomicFolder.write(to: folder("runs/1")) { staged in
      try AtomicFile.write(Data(), to: staged.appendingPathComponent("config"))
    }
    #expect(try Set(folder.names("runs")) == Set(["1"] + others))

    try folder.write(".progress.\(pid_t.max)-abc.partial", "half")
    try AtomicFile.write(Data(), to: folder("progress"))
    #expect(try Set(folder.names()) == ["progress", "runs"])
  }

  @Test func aFolderThatFailsLeavesTheOldOne() throws {
    try folder.write("run/config", "old")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try AtomicFolder.write(to: folder("run")) { staged in
        try AtomicFile.write(Data("new".utf8), to: staged.appendingPathComponent("config"))
        throw Stop()
      }
    }
    #expect(try String(contentsOf: folder("run/config"), encoding: .utf8) == "old")
    #expect(try folder.names() == ["run"])
  }

  @Test func aFailureInsideAFolderNamesThePlaceThatTheCallerKnows() throws {
    let run = folder("run")
    #expect(throws: FileError.cannotWrite(path: run.path + "/none/config", code: ENOENT)) {
      try AtomicFolder.write(to: run) { staged in
        try AtomicFile.write(Data(), to: staged.appendingPathComponent("none/config"))
      }
    }
    #expect(try folder.names().isEmpty)
  }

  @Test func somebodyElsesFilesAreNotReplaced() throws {
    try folder.write("home/thesis.txt", "years of work")
    #expect(throws: FileError.holdsOtherFiles(folder: folder("home").path, file: "thesis.txt")) {
      try AtomicFolder.write(to: folder("home")) { staged in
        try AtomicFile.write(Data(), to: staged.appendingPathComponent("config"))
      }
    }
    #expect(try folder.names("home") == ["thesis.txt"])
    #expect(try folder.names() == ["home"])
  }
}
