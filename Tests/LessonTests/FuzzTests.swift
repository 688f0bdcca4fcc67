import Foundation
import Lessons
import Notebook
import Testing

/// A mutation loop over lesson files, recordings and checks: whatever comes is read or refused with a place that exists,
/// never a crash or a hang.
///
/// The corpus are the lessons that ship and the fixtures. `ATTUNE_FUZZ_SECONDS=3600 swift test … --filter
/// LessonTests.FuzzTests` runs each loop for an hour; `ATTUNE_FUZZ_SEED` begins elsewhere. The seed of a failure is in
/// the message of its round.
@Suite struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let seconds = environment["ATTUNE_FUZZ_SECONDS"].flatMap(Double.init) ?? 0.5
  private static let firstSeed = environment["ATTUNE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

  /// Runs rounds until the time is over. A round has 10 seconds of its own thread's processor time.
  /// - Returns: how often a round said yes
  private func fuzz(_ round: (_ mutations: inout Mutations, _ seed: UInt64) throws -> Bool) rethrows -> Int {
    let start = ContinuousClock.now
    var seed = Self.firstSeed
    var taken = 0
    while ContinuousClock.now - start < .seconds(Self.seconds) || seed < Self.firstSeed + 50 {
      var mutations = Mutations(state: seed &* 0x9E37_79B9_7F4A_7C15)
      let begin = Self.processorSeconds
      if try round(&mutations, seed) { taken += 1 }
      #expect(Self.processorSeconds - begin < 10, "seed \(seed)")
      seed += 1
    }
    if Self.seconds > 60 { print("\(taken) of \(seed - Self.firstSeed) rounds were taken") }
    return taken
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func lessons() throws -> [String] {
    let folders = [
      Sitting.fixtures.appendingPathComponent("lessons"),
      Sitting.fixtures.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("lessons"),
    ]
    return try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        .filter { $0.hasSuffix(".md") && $0 != "README.md" }
        .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    }
  }

  @Test func lessonsAreReadOrRefusedWithPlacesThatExist() throws {
    let corpus = try Self.lessons()
    let taken = try fuzz { mutations, seed in
      let good = corpus[mutations.next(corpus.count)]
      let text = mutations.mutated(good, splice: corpus[mutations.next(corpus.count)])
      let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
      do {
        let lesson = try Lesson(text: text, file: "fuzz.md")
        try hold(lesson, seed)
        return true
      } catch let error as LessonError {
        #expect(error.status == .malformed || error.status == .fileMissing, "seed \(seed)")
        let flaws = error.flaws
        #expect(!flaws.isEmpty, "seed \(seed): \(error)")
        #expect(flaws.allSatisfy { $0.place.line >= 1 && $0.place.line <= max(count, 1) }, "seed \(seed)")
        #expect(flaws.map(\.place.line) == flaws.map(\.place.line).sorted(), "seed \(seed)")
        #expect(error.sentence.split(separator: "\n").count == flaws.count, "seed \(seed): \(error.sentence)")
        return false
      }
    }
    #expect(taken > 0)
  }

  /// What holds for every lesson that was taken: its cells lie in its lines, apart from each other, and what a report
  /// writes of it as a lesson is one again.
  private func hold(_ lesson: Lesson, _ seed: UInt64) throws {
    var end = 0
    for cell in lesson.cells {
      #expect(cell.range.lowerBound >= end && cell.range.upperBound <= lesson.lines.count, "seed \(seed)")
      end = max(cell.range.upperBound, cell.expectation?.range.upperBound ?? 0)
      #expect(!cell.statements.isEmpty, "seed \(seed)")
    }
    let report = LessonReport(lesson: lesson, parameters: [:], outcomes: [], failures: [], seconds: 0)
    let again = try Lesson(text: report.markdown, file: "again.md")
    #expect(again.cells.map(\.text) == lesson.cells.map(\.text), "seed \(seed)")
    let page = report.html
    #expect(page.components(separatedBy: "<script").count == 2, "seed \(seed)")
    #expect(
      page.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)) },
      "seed \(seed)")
    #expect(Value(json: Data(report.notebook.utf8)) != nil, "seed \(seed)")
  }

  @Test func recordingsAreReadOrRefused() throws {
    let sitting = try Sitting()
    let file = sitting.folder.appendingPathComponent("own.recorded.jsonl").path
    let lesson = try Lesson(file: try sitting.lesson("```attune {#a}\nsplit \"a b\"\n```\n```attune\nsplit c\n```"))
    var run = try LessonRun(lesson, in: sitting.session)
    let good = run.run().jsonLines
    let taken = try fuzz { mutations, seed in
      try mutations.mutated(good, splice: good).write(toFile: file, atomically: false, encoding: .utf8)
      do {
        var options = LessonRun.Options()
        options.replay = try Recording(file: file)
        options.keepsGoing = true
        var replay = try LessonRun(lesson, options, in: sitting.session)
        let report = replay.run()
        _ = report.html
        return report.status == .passed
      } catch let error as LessonError {
        #expect(error.status == .malformed, "seed \(seed)")
        return false
      }
    }
    #expect(taken > 0)
  }
}
