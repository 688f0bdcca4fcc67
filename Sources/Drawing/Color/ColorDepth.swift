/// How many colours a terminal shows.
package enum ColorDepth: Sendable, Equatable {
  case none, sixteen, palette256, truecolor
}

extension ColorDepth {
  /// The colours to use: the flag, then what the environment asks for, then what the terminal can do.
  ///
  /// In this order: `--color` (`always`, `never`, `auto`, `16`, `256`, `truecolor`; anything else counts as
  /// `auto`), a non-empty `NO_COLOR`, `CLICOLOR_FORCE` or `FORCE_COLOR`, `TERM=dumb`, not a terminal,
  /// `COLORTERM`, `TERM`, 16. `FORCE_COLOR` may name a depth: 1 or 16, 2 or 256, 3. A variable that is `0` or
  /// `false` forces nothing.
  package static func resolve(
    flag: String?, environment: [String: String], isTerminal: Bool
  ) -> ColorDepth {
    if let chosen = flag.flatMap({ depthsByFlag[$0.lowercased()] }) { return chosen }
    let capability = capability(environment)
    if flag?.lowercased() == "always" { return capability }
    if let refusal = environment["NO_COLOR"], !refusal.isEmpty { return .none }
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
      guard let force = environment[name]?.lowercased(), !offWords.contains(force) else { continue }
      return name == "FORCE_COLOR" ? depthsByForce[force] ?? capability : capability
    }
    if environment["TERM"] == "dumb" || !isTerminal { return .none }
    return capability
  }

  private static func capability(_ environment: [String: String]) -> ColorDepth {
    let richest = environment["COLORTERM"]?.lowercased() ?? ""
    if richest == "truecolor" || richest == "24bit" { return .truecolor }
    return environment["TERM"]?.contains("256color") == true ? .palette256 : .sixteen
  }

  private static let depthsByFlag: [String: ColorDepth] = [
    "never": .none, "16": .sixteen, "256": .palette256, "truecolor": .truecolor,
  ]
  private static let depthsByForce: [String: ColorDepth] = [
    "1": .sixteen, "16": .sixteen, "2": .palette256, "256": .palette256, "3": .truecolor,
    "truecolor": .truecolor,
  ]
  private static let offWords: Set<String> = ["", "0", "false"]
}
