import Models
import Tokenizers

/// Every continuation that a beam search kept at some step, as a tree: one node a token.
package struct BeamTree: Encodable, Sendable, Equatable {
  package struct Node: Encodable, Sendable, Equatable {
    /// The number of the node that it goes on from; nil at the root.
    package let parent: Int?
    package let token: Int
    package let tokenText: String
    /// The sum of log probabilities up to here.
    package let score: Float
    package let isFinished: Bool

    enum CodingKeys: String, CodingKey {
      case parent, token
      case tokenText = "token_str"
      case score
      case isFinished = "finished"
    }
  }

  package private(set) var nodes: [Node] = []
  /// Those that go on, by their place in the search; nil is the root.
  private var running: [Int?] = []
  /// Nodes of the continuation that won.
  package private(set) var best: Set<Int> = []

  enum CodingKeys: String, CodingKey { case nodes }

  package init() {}

  /// - Parameter text: of a token behind another one
  package mutating func add(_ step: BeamStep, text: (_ before: Int?, _ token: Int) -> String) {
    var next: [Int?] = []
    for beam in step.beams {
      let parent = running.indices.contains(beam.parent) ? running[beam.parent] : nil
      if !beam.isFinished { next.append(nodes.count) }
      nodes.append(
        Node(
          parent: parent, token: Int(beam.token), tokenText: text(parent.map { nodes[$0].token }, Int(beam.token)),
          score: beam.score,
          isFinished: beam.isFinished))
    }
    running = next
  }

  /// Marks the continuation that won.
  package mutating func choose(_ tokens: [Int]) {
    best = []
    var place: Int?
    for token in tokens {
      guard let next = nodes.indices.first(where: { nodes[$0].parent == place && nodes[$0].token == token }) else {
        return
      }
      best.insert(next)
      place = next
    }
  }

  /// Whether a search still goes on from here.
  package func isRunning(_ node: Int) -> Bool { running.contains(node) }

  package func children(of node: Int?) -> [Int] { nodes.indices.filter { nodes[$0].parent == node } }
}

extension Tokenizer {
  /// What a token adds to a text: its own decoding may lack the space before it.
  package func text(of token: Int, behind before: Int?) -> String {
    guard let before else { return decode([token], skippingSpecialTokens: false) }
    let known = decode([before], skippingSpecialTokens: false)
    return String(decode([before, token], skippingSpecialTokens: false).dropFirst(known.count))
  }
}
