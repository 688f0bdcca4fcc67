import Foundation
import Layers
import Tensors

/// A start for an encoder that is to guess hidden words from those beside them.
///
/// From random weights, heads look everywhere alike, and where a neighbour stands is something to be found out: for
/// millions of tokens a small model guesses hidden words by how frequent they are, and nothing else. This start spares it
/// that. Positions begin as waves (Vaswani et al. 2017), and the queries of each head of the first block as those waves
/// moved by one place or more: back, ahead, two back, two ahead, and so on. Everything is trained from there.
extension TransformerModel {
  /// Whether the model has what the start sets: a table of positions, and queries and keys of their own.
  package var canStartAtNeighbours: Bool { neighbourPlaces != nil }

  /// Sets positions, and the queries and keys of all blocks. Does nothing where `canStartAtNeighbours` is false.
  package func startAtNeighbours(seed: UInt64) {
    guard let places = neighbourPlaces else { return }
    let (width, headWidth) = (configuration.width, configuration.stack.headWidth)
    let frequencies = Self.frequencies(width: width, headWidth: headWidth)
    // As large as the words beside it, which are normal numbers of this deviation.
    let height = configuration.initialDeviation * Float(2).squareRoot()
    places.positions.fill { row, column in
      let angle = Float(row) * frequencies[column / 2]
      return height * (column % 2 == 0 ? cosf(angle) : sinf(angle))
    }
    var generator = Generator(seed: seed)
    let deviation = 1 / Float(width).squareRoot()
    for parameter in places.blocks.flatMap({ [$0.query, $0.key] }) {
      parameter.fill { _, _ in generator.normal(deviation: deviation) }
    }
    guard let first = places.blocks.first else { return }
    // Enough for a neighbour to have most of a head's attention.
    let strength: Float = 1.2
    first.key.fill { row, column in column == row % headWidth ? strength : 0 }
    first.query.fill { row, column in
      let (head, place) = (row / headWidth, row % headWidth)
      guard column / 2 == place / 2 else { return 0 }
      let turn = Float(Self.shift(head)) * frequencies[place / 2]
      guard column % 2 != place % 2 else { return strength * cosf(turn) }
      return strength * (place % 2 == 0 ? -sinf(turn) : sinf(turn))
    }
  }

  /// How far ahead a head of the first block begins to look: -1, 1, -2, 2 and so on.
  private static func shift(_ head: Int) -> Int { (head % 2 == 0 ? -1 : 1) * (head / 2 + 1) }

  /// Of the waves, one for each two columns: those that a head reads lie evenly, so that together they tell each place
  /// from the next; the others get slower and slower.
  private static func frequencies(width: Int, headWidth: Int) -> [Float] {
    let (read, all) = (headWidth / 2, (width + 1) / 2)
    let even = (0..<read).map { (Float($0) + 0.5) * .pi / Float(read) }
    let slow = (read..<max(read, all)).map { powf(0.005, Float($0 - read) / Float(max(1, all - read - 1))) }
    return even + slow
  }

  private var neighbourPlaces: (positions: Parameter, blocks: [(query: Parameter, key: Parameter)])? {
    let (family, stack) = (configuration.family, configuration.stack)
    guard family.layout == .encoder, let positions = body.positions?.table, stack.headWidth % 2 == 0,
      stack.memoryHeads == stack.heads, stack.headWidth * stack.heads == stack.width,
      case .attention(let names) = family.names.block.mixing,
      case .separate(let query, let key, _) = names.inputs
    else { return nil }
    let prefix = family.prefix.isEmpty ? "" : family.prefix + "."
    let byName = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let blocks = (0..<stack.layers).compactMap { layer -> (query: Parameter, key: Parameter)? in
      let place = "\(prefix)\(family.names.layer).\(layer)."
      guard let query = byName["\(place)\(query).weight"], let key = byName["\(place)\(key).weight"] else { return nil }
      return (query, key)
    }
    return blocks.count == stack.layers ? (positions, blocks) : nil
  }
}

extension Parameter {
  /// Gives a matrix new values, by row and column.
  fileprivate func fill(_ value: (_ row: Int, _ column: Int) -> Float) {
    let columns = shape.last ?? 1
    let buffer = Buffer(count: count)
    for index in 0..<count { buffer.base[index] = value(index / columns, index % columns) }
    self.value = buffer
  }
}
