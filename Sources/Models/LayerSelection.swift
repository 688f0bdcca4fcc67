import Layers
import Tensors

/// A checkpoint seen through some of its layers, numbered without gaps: how DistilBERT starts from BERT (Sanh et al.
/// 2019).
package final class LayerSelection: ParameterSource {
  package let entries: [String: ParameterEntry]
  private let source: any ParameterSource
  /// Names in the source, by the names here.
  private let names: [String: String]

  /// - Parameter kept: places of layers in the source, in the order that they get here
  package init(_ source: any ParameterSource, keeping kept: [Int], of family: TransformerFamily) {
    self.source = source
    let mark = family.names.layer + "."
    let numbers = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($0.element, $0.offset) })
    let pairs = source.entries.keys.compactMap { name -> (String, String)? in
      guard let place = name.firstRange(of: mark) else { return (name, name) }
      let digits = name[place.upperBound...].prefix { $0.isNumber }
      guard let number = Int(digits).flatMap({ numbers[$0] }) else { return nil }
      return (name[..<place.upperBound] + "\(number)" + name[digits.endIndex...], name)
    }
    names = Dictionary(uniqueKeysWithValues: pairs)
    entries = names.compactMapValues { source.entries[$0] }
  }

  package func values(_ name: String) throws -> Buffer { try source.values(names[name] ?? name) }
}

extension TransformerConfiguration {
  /// Takes layers away, so that those that stay are spread evenly; the first always stays.
  /// - Parameter count: how many stay, from 1 to as many as there are
  /// - Returns: their places before
  package mutating func keepLayers(_ count: Int) -> [Int] {
    precondition((1...layers).contains(count), "some layers of those there are")
    let kept = (0..<count).map { $0 * layers / count }
    setLayers(count)
    return kept
  }
}
