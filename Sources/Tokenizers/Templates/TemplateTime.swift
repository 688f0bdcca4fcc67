import Foundation

/// A point in time as C's `strftime` writes it, in the user's own time zone.
enum TemplateTime {
  static func text(of date: Date, _ format: String) -> String {
    guard !format.isEmpty, date.timeIntervalSince1970.magnitude < 1e11 else { return "" }
    var seconds = time_t(date.timeIntervalSince1970)
    var parts = tm()
    localtime_r(&seconds, &parts)
    var bytes = [CChar](repeating: 0, count: 16 + 64 * format.utf8.count)
    let count = strftime(&bytes, bytes.count, format, &parts)
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
