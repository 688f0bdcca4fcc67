/// The scripts of scalars, once as patterns name them and once as splitting by script tells them apart.
final class ScriptTable: Sendable {
  static let shared = ScriptTable()

  /// The names of the scripts by number, 0 being "unknown".
  static let names = ["Unknown"] + ScriptData.names.split(separator: " ").map(String.init)

  private let scripts: ScalarTable<UInt8>
  private let separate: ScalarTable<UInt8>

  private init() {
    var (scripts, separate) = (ScalarTable<UInt8>(), ScalarTable<UInt8>())
    for (range, script) in PackedNumbers.valuedRanges(ScriptData.scripts) { scripts.set(UInt8(script), range) }
    for (range, number) in PackedNumbers.valuedRanges(ScriptData.separate) { separate.set(UInt8(number), range) }
    self.scripts = scripts
    self.separate = separate
  }

  func script(of scalar: UInt32) -> Int { Int(scripts[scalar]) }

  /// The class of a scalar when splitting by script; 0 goes with any.
  func separateClass(of scalar: UInt32) -> UInt8 { separate[scalar] }
}
