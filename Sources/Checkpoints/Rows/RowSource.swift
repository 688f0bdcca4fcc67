import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A data set's split on the hub, chosen and counted, before its rows are fetched.
package struct RowPlan: Sendable {
  package let repository: HubRepository
  package let configuration: String
  package let slice: SplitSlice
  /// Of the whole split.
  package let total: Int
  /// Whether the server has only the beginning of the split.
  package let isPartial: Bool
  package let rows: [Range<Int>]

  package var count: Int { rows.reduce(0) { $0 + $1.count } }
}

/// Rows of data sets from the hub's rows server, page by page. A page that came stays in a folder, so that an interrupted
/// pull goes on and a larger slice fetches only what is new.
package struct RowSource: Sendable {
  let store: ModelStore
  /// Of the pages.
  let folder: URL

  package init(_ store: ModelStore, folder: URL) {
    self.store = store
    self.folder = folder
  }

  /// Finds out what there is, and what a slice of it holds.
  /// - Parameter configuration: nil for the only one, or the one called `default`
  package func plan(
    _ name: HubName, configuration wanted: String?, _ slice: SplitSlice, isCancelled: () -> Bool
  ) throws(PullError) -> RowPlan {
    try store.withHub(name, isCancelled: isCancelled) { client in
      let repository = try client.repository(name)
      let configuration = try configuration(wanted, slice, repository, client)
      // The rows say how many there are; the beginning is wanted by most slices anyway.
      let page = try self.page(0, repository, configuration, slice.split, client)
      return RowPlan(
        repository: repository, configuration: configuration, slice: slice, total: page.total,
        isPartial: page.isPartial, rows: slice.rows(of: page.total))
    }
  }

  /// Hands over the rows of a plan in their order, with the columns that they have.
  /// - Parameter progress: told how many rows are done
  /// - Throws: `PullError`, and what `visit` throws
  package func rows(
    of plan: RowPlan, progress: (Int) -> Void, isCancelled: () -> Bool,
    _ visit: ([RowPage.Column], ServedValue) throws -> Void
  ) throws {
    var done = 0
    for range in plan.rows {
      var row = range.lowerBound
      while row < range.upperBound {
        let first = row / RowPage.size * RowPage.size
        let page: RowPage = try store.withHub(plan.repository.name, isCancelled: isCancelled) { client in
          try self.page(first, plan.repository, plan.configuration, plan.slice.split, client)
        }
        let last = min(range.upperBound, first + page.rows.count)
        guard last > row else {
          throw failure(.badAnswer(host: "the rows server", field: "number of rows"), plan.repository.name)
        }
        for place in row..<last {
          if let cut = page.cut.first(where: { $0.row == place }) {
            throw failure(.cutCell(plan.repository.name, row: place, column: cut.column), plan.repository.name)
          }
          try visit(page.columns, page.rows[place - first])
        }
        done += last - row
        row = last
        progress(done)
      }
    }
  }

  /// Takes all pages away.
  /// - Returns: how many, and their size
  package func clear() throws(FileError) -> (files: Int, bytes: Int) {
    let files = (FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? [])
      .filter { $0.hasSuffix(".json") }.count
    let bytes = FileTree.bytes(folder)
    if files > 0 { try FileTree.remove(folder) }
    return (files, bytes)
  }

  private func failure(_ failure: PullFailure, _ name: HubName) -> PullError {
    .unavailable(name: name.text, attempts: [.init(source: .hub, failure: failure)])
  }

  private func configuration(
    _ wanted: String?, _ slice: SplitSlice, _ repository: HubRepository, _ client: HubClient
  ) throws -> String {
    let answer = try get("splits", [("dataset", repository.identifier)], repository, client)
    guard let list = ServedValue(answer)?["splits"]?.list else {
      throw PullFailure.badAnswer(host: client.settings.rowsEndpoint.host ?? "", field: "list of splits")
    }
    var splits: [(configuration: String, splits: [String])] = []
    for entry in list {
      guard let configuration = entry["config"]?.text, let split = entry["split"]?.text else { continue }
      if let place = splits.firstIndex(where: { $0.configuration == configuration }) {
        splits[place].splits.append(split)
      } else {
        splits.append((configuration, [split]))
      }
    }
    let known = splits.map(\.configuration)
    guard let found = wanted ?? (known.count == 1 ? known[0] : known.first { $0 == "default" }),
      let entry = splits.first(where: { $0.configuration == found })
    else { throw PullFailure.noConfiguration(repository.name, wanted: wanted, known: known) }
    guard entry.splits.contains(slice.split) else {
      throw PullFailure.noSplit(repository.name, wanted: slice.split, known: entry.splits)
    }
    return found
  }

  /// A page, from the folder where it was left, else from the server.
  private func page(
    _ first: Int, _ repository: HubRepository, _ configuration: String, _ split: String, _ client: HubClient
  ) throws -> RowPage {
    // The names are the server's: they stand in no path.
    let key = [repository.identifier, repository.commit, configuration, split].joined(separator: "\n")
    let place = folder.appendingPathComponent("\(SHA256.hex(of: Data(key.utf8)).prefix(24))/\(first).json")
    if let data = try? FileContents.read(place), let page = RowPage(data, first: first) { return page }
    let answer = try get(
      "rows",
      [
        ("dataset", repository.identifier), ("config", configuration), ("split", split), ("offset", "\(first)"),
        ("length", "\(RowPage.size)"),
      ], repository, client)
    guard let page = RowPage(answer, first: first) else {
      throw PullFailure.badAnswer(host: client.settings.rowsEndpoint.host ?? "", field: "page of rows")
    }
    try AtomicFolder.makeFolder(place.deletingLastPathComponent())
    try AtomicFile.write(answer, to: place)
    return page
  }

  private func get(
    _ route: String, _ query: [(String, String)], _ repository: HubRepository, _ client: HubClient
  ) throws -> Data {
    let url = HubSettings.url(client.settings.rowsEndpoint, [route], query)
    do {
      return try client.get(url, of: repository.name, file: route).body
    } catch let failure as PullFailure {
      // That the data set is there, the hub has just said.
      switch failure {
      case .missing(_, let hasToken), .gated(_, _, let hasToken):
        throw repository.isGated
          ? .gated(repository.name, host: client.settings.endpoint.host ?? "", hasToken: hasToken)
          : PullFailure.noRows(repository.name, reason: "they are not shown without leave")
      case .noFile, .broken, .refused: throw PullFailure.noRows(repository.name, reason: failure.reason)
      default: throw failure
      }
    }
  }
}

extension PullFailure {
  fileprivate var reason: String {
    switch self {
    case .broken(_, let status), .refused(_, let status): "the server answered with status \(status)"
    default: "the server has prepared none"
    }
  }
}
