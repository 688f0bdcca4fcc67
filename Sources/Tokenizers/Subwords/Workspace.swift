import Synchronization

/// Memory that encoding uses again and again, and what it remembers of earlier texts.
package struct Workspace: Sendable {
  var text = AlignedText()
  var bytes: [UInt8] = []
  /// The scalar of each byte of a word.
  var scalarOfByte: [Int32] = []
  var stretches = StretchCache()
  var symbols: [BPE.Symbol] = []
  var queue = MergeQueue()
  var path: [Unigram.Node] = []

  /// Gives back what an unusually long text took.
  mutating func trim() {
    let most = 1 << 16
    if text.capacity > most { text = AlignedText() }
    if bytes.capacity > most { bytes = [] }
    if scalarOfByte.capacity > most { scalarOfByte = [] }
    if symbols.capacity > most { (symbols, queue) = ([], MergeQueue()) }
    if path.capacity > most { path = [] }
  }
}

/// Workspaces that no text is using; each thread that encodes takes one.
final class WorkspacePool: Sendable {
  private static let most = 16
  private let free = Mutex<[Workspace]>([])

  func take() -> Workspace { free.withLock { $0.popLast() } ?? Workspace() }

  func give(_ workspace: consuming Workspace) {
    workspace.trim()
    let given = workspace
    free.withLock { if $0.count < Self.most { $0.append(given) } }
  }
}
