import Foundation

/// A colour in sRGB, 8 bits a channel.
struct RGB: Sendable, Equatable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  init(_ hex: UInt32) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
  }

  /// An entry of the 256-colour palette's cube, 16 to 231.
  init(palette256 index: Int) {
    func channel(_ step: Int) -> UInt32 { step % 6 == 0 ? 0 : UInt32(55 + 40 * (step % 6)) }
    let cube = max(index, 16) - 16
    self.init(channel(cube / 36) << 16 | channel(cube / 6) << 8 | channel(cube))
  }

  /// `#RRGGBB`.
  var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  /// Relative luminance, 0 to 1 (WCAG 2.2).
  var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let part = Double(channel) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// Black or white, whichever is read more easily on this colour.
  var readableForeground: RGB {
    let onWhite = 1.05 / (luminance + 0.05)
    let onBlack = (luminance + 0.05) / 0.05
    return onBlack >= onWhite ? RGB(0x101010) : RGB(0xFFFFFF)
  }

  /// The colour at a part of the way to another, channel by channel.
  func mixed(with other: RGB, part: Double) -> RGB {
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8(min(max((Double(from) + (Double(to) - Double(from)) * part).rounded(), 0), 255))
    }
    var result = self
    result.red = mix(red, other.red)
    result.green = mix(green, other.green)
    result.blue = mix(blue, other.blue)
    return result
  }

  /// The nearest entry of the 256-colour palette's cube and grey ramp (16 to 255).
  var palette256: Int {
    func step(_ channel: UInt8) -> Int { channel < 48 ? 0 : channel < 115 ? 1 : (Int(channel) - 35) / 40 }
    let cube = [step(red), step(green), step(blue)]
    let level = (Int(red) + Int(green) + Int(blue)) / 3
    let grey = min(max((level - 3) / 10, 0), 23)
    func distance(_ other: [Int]) -> Int {
      let delta = zip([red, green, blue], other).map { Int($0) - $1 }
      return zip(delta, [3, 4, 2]).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    }
    let cubeColor = cube.map { $0 == 0 ? 0 : 55 + 40 * $0 }
    let greyColor = Array(repeating: 8 + 10 * grey, count: 3)
    if distance(greyColor) < distance(cubeColor) { return 232 + grey }
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
  }
}
