/// A colour as a terminal takes it: exact, or one of the sixteen that the user's theme defines.
enum Tint: Sendable, Equatable {
  case exact(RGB)
  case theme(Int)
}

/// How a run of text looks.
struct Ink: Sendable, Equatable {
  var foreground: Tint?
  var background: Tint?
  var isStrong = false
  var isFaint = false

  static let plain = Ink()
  static let strong = Ink(isStrong: true)
  static let faint = Ink(isFaint: true)

  init(foreground: Tint? = nil, background: Tint? = nil, isStrong: Bool = false, isFaint: Bool = false) {
    self.foreground = foreground
    self.background = background
    self.isStrong = isStrong
    self.isFaint = isFaint
  }

  /// The ink of a role, in the theme's own colours so that it reads on dark and on light terminals.
  init(_ role: Drawing.Role) {
    switch role {
    case .plain: self.init()
    case .strong: self.init(isStrong: true)
    case .faint: self.init(isFaint: true)
    case .good: self.init(foreground: .theme(2))
    case .bad: self.init(foreground: .theme(1))
    case .accent: self.init(foreground: .theme(6), isStrong: true)
    case .code: self.init(foreground: .theme(6))
    }
  }

  /// The SGR sequence that switches this ink on; empty when there is nothing to switch.
  func sequence(_ depth: ColorDepth) -> String {
    guard depth != .none else { return "" }
    var codes: [String] = []
    if isStrong { codes.append("1") }
    if isFaint { codes.append("2") }
    if let foreground { codes.append(code(foreground, base: 30, depth)) }
    if let background { codes.append(code(background, base: 40, depth)) }
    return codes.isEmpty ? "" : "\u{1B}[" + codes.joined(separator: ";") + "m"
  }

  private func code(_ tint: Tint, base: Int, _ depth: ColorDepth) -> String {
    switch tint {
    case .theme(let index): return String(index < 8 ? base + index : base + 60 + index - 8)
    case .exact(let color):
      if depth == .truecolor { return "\(base + 8);2;\(color.red);\(color.green);\(color.blue)" }
      return "\(base + 8);5;\(color.palette256)"
    }
  }
}
