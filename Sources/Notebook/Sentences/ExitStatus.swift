/// How a run ended, as the OS shell sees it. The table is in LESSONS.md ("Running it").
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case passed = 0
  case failed = 1
  case usage = 64
  case malformed = 65
  case fileMissing = 66
  case modelAbsent = 69
  case engine = 70
  case cannotWrite = 74
  case stale = 75
  case skipped = 80
  case timeout = 124
  case interrupted = 130

  /// With `--keep-going` the gravest failure decides; the first here is the gravest.
  package static let gravestFirst: [ExitStatus] = [
    .interrupted, .timeout, .engine, .cannotWrite, .modelAbsent, .fileMissing, .malformed, .usage, .stale, .failed,
    .skipped, .passed,
  ]
}
