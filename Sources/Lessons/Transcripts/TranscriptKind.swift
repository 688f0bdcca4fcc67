import Notebook

/// What a transcript can be, by the end of its file's name.
package enum TranscriptKind: String, CaseIterable, Sendable {
  case markdown = "md"
  case html
  case notebook = "ipynb"
  case lines = "jsonl"

  package init(file: String) throws(LessonError) {
    let ending = file.split(separator: ".").last.map(String.init) ?? ""
    guard file.contains("."), let kind = TranscriptKind(rawValue: ending.lowercased()) else {
      throw .outputKind(file: file, known: TranscriptKind.allCases.map { "." + $0.rawValue })
    }
    self = kind
  }

  package func text(of report: LessonReport) -> String {
    switch self {
    case .markdown: report.markdown
    case .html: report.html
    case .notebook: report.notebook
    case .lines: report.jsonLines
    }
  }
}

extension LessonReport {
  /// Writes a transcript of the kind that the file's name asks for, whole or not at all.
  package func write(to file: String) throws(LessonError) {
    try LessonFiles.write(try TranscriptKind(file: file).text(of: self), to: file)
  }

  /// What a cell gave, by the line of its fence; cells that were not reached are absent.
  var outcomesByPlace: [String: CellOutcome] {
    Dictionary(outcomes.map { ($0.cell.place.description, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
