import Drawing
import Testing

@Suite("Which colours are used")
struct ColorDepthTests {
  struct Case: Sendable {
    var flag: String?
    var environment: [String: String]
    var isTerminal = true
    var expected: ColorDepth
  }

  @Test(
    "flag, NO_COLOR, force, dumb, pipe, COLORTERM, 256, 16: the first that speaks decides",
    arguments: [
      Case(flag: "never", environment: ["FORCE_COLOR": "3", "COLORTERM": "truecolor"], expected: .none),
      Case(flag: "always", environment: ["NO_COLOR": "1"], isTerminal: false, expected: .sixteen),
      Case(flag: "always", environment: ["COLORTERM": "24bit", "TERM": "dumb"], expected: .truecolor),
      Case(flag: "16", environment: ["COLORTERM": "truecolor"], expected: .sixteen),
      Case(flag: "256", environment: ["NO_COLOR": "1"], isTerminal: false, expected: .palette256),
      Case(flag: "truecolor", environment: [:], isTerminal: false, expected: .truecolor),
      Case(flag: "auto", environment: ["NO_COLOR": "1", "TERM": "xterm"], expected: .none),
      Case(flag: nil, environment: ["NO_COLOR": "", "TERM": "xterm"], expected: .sixteen),
      Case(flag: nil, environment: ["NO_COLOR": "0"], expected: .none),
      Case(flag: nil, environment: ["NO_COLOR": "1", "FORCE_COLOR": "1"], expected: .none),
      Case(
        flag: nil, environment: ["CLICOLOR_FORCE": "1", "TERM": "dumb"], isTerminal: false, expected: .sixteen
      ),
      Case(flag: nil, environment: ["CLICOLOR_FORCE": "0"], isTerminal: false, expected: .none),
      Case(flag: nil, environment: ["FORCE_COLOR": "1", "COLORTERM": "truecolor"], expected: .sixteen),
      Case(flag: nil, environment: ["FORCE_COLOR": "3"], isTerminal: false, expected: .truecolor),
      Case(flag: nil, environment: ["FORCE_COLOR": "true", "TERM": "x-256color"], expected: .palette256),
      Case(flag: nil, environment: ["TERM": "dumb", "COLORTERM": "truecolor"], expected: .none),
      Case(flag: nil, environment: ["COLORTERM": "truecolor"], isTerminal: false, expected: .none),
      Case(
        flag: nil, environment: ["COLORTERM": "truecolor", "TERM": "xterm-256color"], expected: .truecolor),
      Case(flag: nil, environment: ["TERM": "xterm-256color"], expected: .palette256),
      Case(flag: nil, environment: ["TERM": "xterm"], expected: .sixteen),
      Case(flag: nil, environment: [:], expected: .sixteen),
      Case(flag: "purple", environment: [:], isTerminal: false, expected: .none),
    ])
  func order(_ item: Case) {
    let depth = ColorDepth.resolve(
      flag: item.flag, environment: item.environment, isTerminal: item.isTerminal)
    #expect(depth == item.expected)
  }
}
