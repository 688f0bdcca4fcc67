import Foundation

/// The most memory that this process has held at once, in bytes, mapped files included.
///
/// On Linux since the last `reset`; elsewhere the system counts from the start of the process.
enum PeakMemory {
  static var bytes: Int {
    #if canImport(Glibc)
      if let peak = kilobytes("VmHWM:", in: "/proc/self/status") { return peak * 1024 }
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss) * 1024
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #endif
  }

  /// What this process holds now, in bytes; nil where the system does not say.
  static var now: Int? {
    #if canImport(Glibc)
      kilobytes("VmRSS:", in: "/proc/self/status").map { $0 * 1024 }
    #else
      nil
    #endif
  }

  /// Begins to count anew (proc(5), clear_refs).
  static func reset() {
    #if canImport(Glibc)
      guard let file = fopen("/proc/self/clear_refs", "w") else { return }
      fputs("5", file)
      fclose(file)
    #endif
  }

  /// What a program may take now without pushing others out; nil where the system does not say.
  static var available: Int? {
    #if canImport(Glibc)
      kilobytes("MemAvailable:", in: "/proc/meminfo").map { $0 * 1024 }
    #else
      Int(ProcessInfo.processInfo.physicalMemory / 4 * 3)
    #endif
  }

  private static func kilobytes(_ key: String, in file: String) -> Int? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) })
    else { return nil }
    return Int(line.dropFirst(key.count).prefix { $0 == " " || $0 == "\t" || $0.isNumber }.filter(\.isNumber))
  }
}
