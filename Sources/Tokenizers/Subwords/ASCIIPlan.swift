/// How each byte of the original passes normaliser and pre-tokenizer at once.
///
/// Bytes outside ASCII, and bytes that the normaliser drops, are `careful`: the stretch around them takes the
/// stages one by one.
package struct ASCIIPlan: Sendable {
  enum Action: UInt8 {
    case word, separator, alone, careful

    @inline(__always)
    var endsWord: Bool { self == .separator || self == .alone }
  }

  private let actions: [Action]
  private let bytes: [UInt8]

  init?(_ outcome: ASCIIOutcome?, _ roles: [ASCIIRole]?) {
    guard let outcome, let roles else { return nil }
    var actions = [Action](repeating: .careful, count: 256)
    var bytes = [UInt8](repeating: 0, count: 256)
    for byte in 0..<128 where outcome.bytes[byte] < 128 {
      bytes[byte] = outcome.bytes[byte]
      actions[byte] =
        switch roles[Int(outcome.bytes[byte])] {
        case .word: .word
        case .separator: .separator
        case .alone: .alone
        }
    }
    self.actions = actions
    self.bytes = bytes
  }

  @inline(__always)
  func action(of byte: UInt8) -> Action { actions[Int(byte)] }

  /// The normalised byte of one that is not `careful`.
  @inline(__always)
  func outcome(of byte: UInt8) -> UInt8 { bytes[Int(byte)] }
}
