import Layers
import Tensors

/// Named tensors in memory, each filled with one value.
final class MemorySource: ParameterSource {
  struct Broken: Error, Equatable { let name: String }

  let entries: [String: ParameterEntry]
  private let fills: [String: Float]
  private let broken: Set<String>

  init(_ tensors: [(name: String, shape: [Int], fill: Float)], broken: Set<String> = []) {
    entries = Dictionary(
      uniqueKeysWithValues: tensors.map {
        ($0.name, ParameterEntry(shape: $0.shape, type: "F32", bytes: 4 * $0.shape.reduce(1, *)))
      })
    fills = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.fill) })
    self.broken = broken
  }

  func values(_ name: String) throws -> Buffer {
    guard let entry = entries[name], let fill = fills[name], !broken.contains(name) else {
      throw Broken(name: name)
    }
    let count = entry.shape.reduce(1, *)
    return Tensor([count], Array(repeating: fill, count: count)).buffer
  }
}
