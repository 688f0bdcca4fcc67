import Foundation

/// Standard input as Unicode scalars, one at a time: what a command reads itself is not taken away.
struct Keys {
  enum Key {
    case scalar(Unicode.Scalar)
    case event(Signals.Event)
    case end
  }

  let descriptor: Int32

  /// Waits for the next key. Bytes that are no UTF-8 become U+FFFD.
  func next() -> Key {
    switch Signals.wait(for: descriptor) {
    case .event(let event): return .event(event)
    case .failed: return .end
    case .readable: break
    }
    guard let first = byte() else { return .end }
    let length = Keys.length(first)
    guard length > 1 else { return .scalar(length == 1 ? Unicode.Scalar(first) : "\u{FFFD}") }
    var bytes = [first]
    while bytes.count < length, let next = byte() { bytes.append(next) }
    return .scalar(String(decoding: bytes, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}")
  }

  /// Whether another key comes so soon that a terminal sent it together with the last one.
  func isNear() -> Bool {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 50) > 0
  }

  private func byte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count == 1 { return byte }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  /// Bytes of the scalar that starts with this one; 0 if none does.
  private static func length(_ first: UInt8) -> Int {
    switch first {
    case 0..<0x80: 1
    case 0xC2..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF5: 4
    default: 0
    }
  }
}
