import Foundation

/// Markdown as far as lessons use it: blocks of inline runs. What it does not know stays text.
struct Markdown: Equatable {
  enum Block: Equatable {
    case heading(level: Int, [Run])
    case paragraph([Run])
    /// `mark` is `-` or `1.`; `depth` counts from 0.
    case item(mark: String, depth: Int, [Run])
    case quote([Run])
    case code(language: String, [String])
    case table(header: [[Run]], rows: [[[Run]]])
    case ruler
  }

  struct Run: Equatable {
    enum Style: Equatable { case plain, strong, emphasis, code }
    var text: String
    var style: Style
    /// Where a link leads.
    var target: String?
  }

  private(set) var blocks: [Block] = []

  init(_ lines: [String]) {
    var index = 0
    var words: [String] = []
    var wrap: ([Run]) -> Block = { .paragraph($0) }
    func flush(_ blocks: inout [Block]) {
      if !words.isEmpty { blocks.append(wrap(Markdown.runs(words.joined(separator: " ")))) }
      words = []
      wrap = { .paragraph($0) }
    }
    while index < lines.count {
      let line = lines[index]
      let text = line.trimmingCharacters(in: .whitespaces)
      index += 1
      if let fence = Fence(line) {
        flush(&blocks)
        var code: [String] = []
        while index < lines.count, !fence.isClosed(by: lines[index]) {
          code.append(lines[index])
          index += 1
        }
        index += 1
        blocks.append(.code(language: fence.language, code))
      } else if text.isEmpty {
        flush(&blocks)
      } else if let heading = LessonParser.heading(line) {
        flush(&blocks)
        blocks.append(.heading(level: heading.level, Markdown.runs(heading.text)))
      } else if Markdown.isRuler(text) {
        flush(&blocks)
        blocks.append(.ruler)
      } else if let item = Markdown.item(line) {
        flush(&blocks)
        words = [item.text]
        wrap = { .item(mark: item.mark, depth: item.depth, $0) }
      } else if text.hasPrefix(">") {
        if !Markdown.isQuote(wrap([])) { flush(&blocks) }
        words.append(text.dropFirst().trimmingCharacters(in: .whitespaces))
        wrap = { .quote($0) }
      } else if words.isEmpty, let table = Markdown.table(lines, index - 1) {
        blocks.append(table.block)
        index = table.end
      } else {
        words.append(text)
      }
    }
    flush(&blocks)
  }

  private static func isQuote(_ block: Block) -> Bool { if case .quote = block { true } else { false } }

  private static func isRuler(_ text: String) -> Bool {
    let marks = text.filter { !$0.isWhitespace }
    return marks.count >= 3 && ["-", "*", "_"].contains { mark in marks.allSatisfy { String($0) == mark } }
  }

  private static func item(_ line: String) -> (mark: String, depth: Int, text: String)? {
    let indent = line.prefix { $0 == " " || $0 == "\t" }.reduce(0) { $0 + ($1 == "\t" ? 4 : 1) }
    let rest = line.drop { $0 == " " || $0 == "\t" }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let mark: String
    if let first = rest.first, "-*+".contains(first) {
      mark = "-"
    } else if (1...9).contains(digits.count), let dot = rest.dropFirst(digits.count).first, dot == "." || dot == ")" {
      mark = digits + "."
    } else {
      return nil
    }
    let body = rest.dropFirst(mark == "-" ? 1 : digits.count + 1)
    guard body.first == " " || body.first == "\t" else { return nil }
    return (mark, min(indent / 2, 5), body.trimmingCharacters(in: .whitespaces))
  }

  private static func table(_ lines: [String], _ start: Int) -> (block: Block, end: Int)? {
    func cells(_ line: String) -> [String] {
      var text = line.trimmingCharacters(in: .whitespaces)[...]
      if text.hasPrefix("|") { text = text.dropFirst() }
      if text.hasSuffix("|") { text = text.dropLast() }
      return text.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    guard start + 1 < lines.count, lines[start].contains("|"), lines[start + 1].contains("-"),
      lines[start + 1].allSatisfy({ "|:- \t".contains($0) })
    else { return nil }
    var end = start + 2
    while end < lines.count, lines[end].contains("|") { end += 1 }
    let header = cells(lines[start]).map(runs)
    let rows = lines[(start + 2)..<end].map { cells($0).map(runs) }
    return (.table(header: header, rows: rows), end)
  }
}
