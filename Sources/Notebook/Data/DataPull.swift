import Checkpoints
import Drawing
import Foundation
import Training

/// Rows of a data set on the hub, on their way onto the shelf of imported data.
struct DataPull {
  /// Above so many rows a person is asked first: each hundred is a request.
  static let unaskedRows = 10_000

  struct File: Encodable {
    /// What `--data` takes.
    let name: String
    let file: String
    let dataset: String
    let config: String
    let split: String
    let licence: String?
    let rows: Int
    /// Of the whole split.
    let split_rows: Int
    let bytes: Int
    /// nil where the columns do not tell what the rows are for.
    let task: String?
    let columns: [String]
    /// Pictures and sounds, which were left out.
    let left_out: [String]
    let labels: [DataSplitCommand.Label]
  }

  let session: Session
  private var source: RowSource { RowSource(session.shelf.store, folder: session.home.rows) }

  func plan(_ name: HubName, config: String?, _ slice: SplitSlice) throws -> RowPlan {
    let plan = try source.plan(name, configuration: config, slice, isCancelled: { Interrupt.shouldStop })
    guard plan.count > 0 else {
      throw Failure(
        "\(name.identifier) has \(grouped(plan.total)) rows in \(slice.split), and none of them is in that slice; choose another.",
        .usage)
    }
    return plan
  }

  /// Fetches what is not there yet and puts it onto the shelf under a name.
  func bring(_ plan: RowPlan, as name: String, format: DataFormat?, replaces: Bool) throws -> File {
    let shelf = session.data
    let place = try shelf.place(name, ending: DataFormat.jsonl.ending, replaces: replaces)
    var rows = ServedRows()
    try write(plan, to: place, &rows)
    try shelf.settle(place)
    let options = try DataOptions.parse([])
    let open = try? options.open(place.path, in: session)
    let file = try format.map { try convert(place, open, to: $0) } ?? place
    return File(
      name: name, file: file.path, dataset: plan.repository.identifier, config: plan.configuration,
      split: plan.slice.split, licence: plan.repository.licence, rows: plan.count, split_rows: plan.total,
      bytes: (try? FileManager.default.attributesOfItem(atPath: file.path)[.size]) as? Int ?? 0,
      task: open?.task.name, columns: rows.columns, left_out: rows.dropped,
      labels: (open?.rows.contents.distribution ?? []).map { .init(label: $0.label, count: $0.count) })
  }

  private func write(_ plan: RowPlan, to place: URL, _ rows: inout ServedRows) throws {
    let start = ContinuousClock.now
    let total = plan.count
    try JoinedFiles.write([place]) { append in
      try source.rows(of: plan, progress: show, isCancelled: { Interrupt.shouldStop }) { columns, row in
        let line = rows.line(columns, row)
        guard !rows.columns.isEmpty else {
          throw Failure(
            "\(plan.repository.identifier) has nothing but \(rows.dropped.joined(separator: ", ")), and attune reads texts.",
            .malformed)
        }
        try append(0, Array(line.utf8))
      }
    }

    func show(_ done: Int) {
      let rate = Double(done) / max(0.001, (ContinuousClock.now - start).seconds)
      session.screen.live(
        .progress(
          .init(
            label: "fetching \(plan.repository.name.identifier)", done: done, total: total, unit: .count("rows"),
            rate: rate, secondsLeft: rate > 0 ? Double(total - done) / rate : nil)))
    }
  }

  /// Writes the rows in another format in place of what came.
  private func convert(_ place: URL, _ open: OpenData?, to format: DataFormat) throws -> URL {
    guard let open, open.rows.contents.formats.contains(format) else {
      let known = open?.rows.contents.formats.map(\.rawValue).joined(separator: ", ") ?? DataFormat.jsonl.rawValue
      throw Failure(
        "\(place.path): these rows cannot be written as \(format.rawValue); they are kept as jsonl, and can be \(known).",
        .usage)
    }
    guard format != .jsonl else { return place }
    let target = place.deletingPathExtension().appendingPathExtension(format.ending)
    try open.rows.contents.write(format, to: target)
    try session.data.settle(target)
    return target
  }

  /// What data of a slice is called on the shelf where nobody says: letters, digits, `-` and `_`.
  static func name(_ dataset: HubName, _ split: String) -> String {
    let last = dataset.identifier.split(separator: "/").last ?? ""
    let text = "\(last)-\(split)".map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
    return (text.first?.isLetter ?? false ? "" : "data-") + String(text)
  }
}

extension DataPull {
  /// Data that is named as `imdb:train[~2000]`: what is on the shelf for it, or else fetched there now; nil for a text
  /// that is no such name.
  static func file(_ text: String, in session: Session) throws -> URL? {
    guard let colon = text.firstIndex(of: ":"), let name = HubName(String(text[..<colon]), .datasets),
      let slice = SplitSlice(String(text[text.index(after: colon)...]))
    else { return nil }
    let shelfName = self.name(name, slice.slug)
    if let there = session.data.find(shelfName) { return there }
    let pull = DataPull(session: session)
    let file = try pull.bring(
      try pull.plan(name, config: nil, slice), as: shelfName, format: nil, replaces: false)
    session.screen.endLive()
    return URL(fileURLWithPath: file.file)
  }
}
