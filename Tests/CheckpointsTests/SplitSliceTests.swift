import Checkpoints
import Foundation
import Testing

/// Rows of a split by Python's words for them, and one of ours.
@Suite struct SplitSliceTests {
  @Test(arguments: [
    ("train", [0..<1000], "train"), ("train[:200]", [0..<200], "train-0-200"),
    ("train[200:]", [200..<1000], "train-200-end"), ("test[-50:]", [950..<1000], "test-last50-end"),
    ("train[10%:20%]", [100..<200], "train-10percent-20percent"), ("train[:33%]", [0..<330], "train-0-33percent"),
    ("train[-10%:]", [900..<1000], "train-last10percent-end"), ("train[900:5000]", [900..<1000], "train-900-5000"),
    ("train[5:5]", [], "train-5-5"), ("train[9:3]", [], "train-9-3"), ("train[2000:]", [], "train-2000-end"),
    ("train[:]", [0..<1000], "train"), ("train[~5000]", [0..<1000], "train-spread-5000"),
  ]) func slicesAreThoseOfPython(text: String, rows: [Range<Int>], slug: String) throws {
    let slice = try #require(SplitSlice(text))
    #expect(slice.rows(of: 1000) == rows)
    #expect(slice.slug == slug)
  }

  @Test(arguments: [
    "", "train[", "train[1", "train]", "train[1]", "train[a:b]", "train[1:2:3]", "train[~]", "train[~0]", "train[~-5]",
    "../x", "train[1:99999999999999999999]", "tr ain", "[:5]",
    "train[-9223372036854775808:]",
  ]) func othersAreNone(text: String) { #expect(SplitSlice(text) == nil) }

  @Test(arguments: [1, 7, 16, 40, 100, 1601, 2000, 2450]) func aSpreadReachesOverAllOfIt(count: Int) throws {
    let rows = try #require(SplitSlice("train[~\(count)]")).rows(of: 2500)
    #expect(rows.reduce(0) { $0 + $1.count } == count)
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
    #expect(rows.allSatisfy { $0.lowerBound / 100 == ($0.upperBound - 1) / 100 && $0.upperBound <= 2500 })
    if count >= 16 { #expect(rows.count >= 16 && (rows.last?.lowerBound ?? 0) >= 2000) }
  }

  @Test func smallSplitsAreTakenWhole() throws {
    let slice = try #require(SplitSlice("train[~20]"))
    #expect(slice.rows(of: 0) == [])
    #expect(slice.rows(of: 15) == [0..<15])
    #expect(slice.rows(of: 60) == [0..<20])
  }

  /// As `git hash-object` says.
  @Test func gitNamesContents() {
    #expect(GitBlob.hex(of: Data()) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    #expect(GitBlob.hex(of: Data("hello\n".utf8)) == "ce013625030ba8dba906f756967f9e9ca394464a")
    #expect(
      GitBlob.hex(of: Data(String(repeating: "a", count: 1000).utf8)) == "a50be72b20f0e3f078d252e8e56b11b4bec67509")
  }

  @Test(arguments: [
    ("org/name", "org/name", "main", nil), ("gpt2", "gpt2", "main", nil), ("org/name@v1.0", "org/name", "v1.0", nil),
    ("org/name@refs/pr/1", "org/name", "refs/pr/1", nil),
    ("org/name/model.Q4_K_M.gguf", "org/name", "main", "model.Q4_K_M.gguf"),
  ]) func namesOfTheHub(text: String, identifier: String, branch: String, file: String?) throws {
    let name = try #require(HubName(text))
    #expect(name.identifier == identifier && name.branch == branch && name.file == file && name.text == text)
  }

  @Test(arguments: [
    "", "/", "org/", "/name", "org/name/x", "a/b/c/d.gguf", "../name", "org/..", "org/name@", "org/name@../x",
    "org name",
    "org/na\u{0}me", "org/name@a//b", ".hidden/name",
  ]) func othersAreNoNames(text: String) { #expect(HubName(text) == nil) }
}
