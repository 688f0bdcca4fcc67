import Notebook
import Yams

extension LessonHeader {
  /// Reads the front matter from the first lines of a file.
  /// - Returns: what is wrong with it; what is right is taken all the same
  mutating func read(lines: [String], file: String) -> [LessonError.Flaw] {
    func flaw(_ line: Int, _ problem: LessonError.Problem) -> LessonError.Flaw {
      .init(place: .init(file, line), problem: problem)
    }
    guard let first = lines.first, LessonHeader.isRuler(first) else { return [flaw(1, .noFrontMatter)] }
    guard let end = lines.dropFirst().firstIndex(where: LessonHeader.isRuler) else {
      lineCount = lines.count
      return [flaw(1, .openFrontMatter)]
    }
    lineCount = end + 1
    let body = Array(lines[1..<end])
    if let tangled = LessonHeader.tangled(body) { return [flaw(tangled + 2, .tangledFrontMatter)] }
    let reader = FrontMatterReader(file: file)
    let entries: [FrontMatterReader.Entry]
    do throws(LessonError) {
      entries = try reader.entries(try reader.compose(body.joined(separator: "\n")), line: 1)
    } catch {
      return error.flaws
    }
    var flaws: [LessonError.Flaw] = []
    for entry in entries {
      guard let read = LessonHeader.readers[entry.key] else {
        flaws.append(flaw(entry.line, .unknownKey(entry.key, known: LessonHeader.readers.keys.sorted())))
        continue
      }
      do throws(LessonError) {
        try read(&self, entry, reader)
      } catch {
        flaws += error.flaws
      }
    }
    let seen = Set(entries.map(\.key))
    flaws += ["lesson", "id", "title"].filter { !seen.contains($0) }.map { flaw(1, .missingKey($0)) }
    return flaws
  }

  static func isRuler(_ line: String) -> Bool {
    line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace)
  }

  private typealias Read =
    @Sendable (inout LessonHeader, FrontMatterReader.Entry, FrontMatterReader) throws(LessonError)
    -> Void

  private static let readers: [String: Read] = [
    "lesson": { (_, entry, reader) throws(LessonError) in
      let format = try reader.int(entry, atLeast: 1)
      if format > version { throw reader.problem(entry, .newerFormat(format)) }
    },
    "id": { (header, entry, reader) throws(LessonError) in
      header.id = try reader.text(entry)
      guard isIdentifier(header.id) else { throw reader.problem(entry, .badID(header.id)) }
    },
    "title": { (header, entry, reader) throws(LessonError) in header.title = try reader.text(entry) },
    "level": { (header, entry, reader) throws(LessonError) in
      header.level = try reader.text(entry)
      guard levels.contains(header.level ?? "") else {
        throw reader.problem(entry, .wrongType(key: "level", expected: levels.joined(separator: ", ")))
      }
    },
    "minutes": { (header, entry, reader) throws(LessonError) in header.minutes = try reader.int(entry, atLeast: 1) },
    "models": { (header, entry, reader) throws(LessonError) in header.models = try reader.texts(entry) },
    "params": { (header, entry, reader) throws(LessonError) in header.parameters = try reader.parameters(entry) },
    "seed": { (header, entry, reader) throws(LessonError) in
      header.seed = UInt64(try reader.int(entry, atLeast: 0))
    },
    "answers": { (header, entry, reader) throws(LessonError) in header.answers = try reader.text(entry) },
  ]

  /// The first line that is too deep or too long to be a front matter; nil if none is. It bounds what the YAML
  /// reader has to nest and to expand.
  private static func tangled(_ lines: [String]) -> Int? {
    var brackets = 0
    var aliases = 0
    for (index, line) in lines.enumerated() {
      brackets += line.count { $0 == "[" || $0 == "{" }
      aliases += line.count { $0 == "*" }
      if index >= 200 || line.utf8.count > 1000 || brackets > 200 || aliases > 16 { return index }
    }
    return nil
  }
}

/// Whether a text can name a cell, a quiz, an exercise or a lesson: a letter or `_`, then letters, digits, `_` and `-`.
func isIdentifier(_ text: String) -> Bool {
  guard let first = text.first, first.isLetter || first == "_", text.utf8.count <= 64 else { return false }
  return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
}

/// Typed access to YAML nodes with the line of each.
struct FrontMatterReader: Sendable {
  let file: String
  /// Lines of the file before the YAML begins: the ruler.
  var linesAbove = 1

  struct Entry {
    var key: String
    var node: Node
    var line: Int
  }

  func problem(_ entry: Entry, _ problem: LessonError.Problem) -> LessonError {
    .malformed(.init(file, entry.line), problem)
  }

  /// YAML text as a node; its lines are fewer than the file's by those that stand above.
  func compose(_ yaml: String) throws(LessonError) -> Node {
    do {
      guard let node = try Yams.compose(yaml: yaml) else { return Node([(Node, Node)]()) }
      return node
    } catch let error as YamlError {
      let (line, what) = FrontMatterReader.facts(error, yaml)
      throw .malformed(.init(file, line + linesAbove), .yaml(what))
    } catch {
      throw .malformed(.init(file, 1), .yaml("it cannot be read"))
    }
  }

  private static func facts(_ error: YamlError, _ yaml: String) -> (line: Int, what: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, problem)
    case .duplicatedKeysInMapping(let keys, let context):
      (
        lastLine(of: keys.sorted().first ?? "", in: yaml) ?? context.mark.line,
        "the key `\(keys.sorted().first ?? "")` stands there twice"
      )
    default: (0, "it cannot be read")
    }
  }

  /// The last line, from 1, that begins with a key.
  private static func lastLine(of key: String, in yaml: String) -> Int? {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.lastIndex { $0.drop(while: \.isWhitespace).hasPrefix(key + ":") }.map { $0 + 1 }
  }

  func entries(_ node: Node, line: Int) throws(LessonError) -> [Entry] {
    guard case .mapping(let map) = node else { throw .malformed(.init(file, line), .frontMatterNotMap) }
    var entries: [Entry] = []
    for (key, value) in map {
      let place = (key.mark?.line).map { $0 + linesAbove } ?? line
      guard let name = key.string else { throw .malformed(.init(file, place), .frontMatterNotMap) }
      entries.append(Entry(key: name, node: value, line: place))
    }
    return entries
  }

  func text(_ entry: Entry) throws(LessonError) -> String {
    guard let text = entry.node.scalar?.string, !text.allSatisfy(\.isWhitespace), entry.node.null == nil else {
      throw problem(entry, .wrongType(key: entry.key, expected: "a text"))
    }
    return text
  }

  func int(_ entry: Entry, atLeast least: Int) throws(LessonError) -> Int {
    guard let number = entry.node.scalar.flatMap({ Int($0.string) }), number >= least, number <= 1 << 53
    else {
      throw problem(entry, .wrongType(key: entry.key, expected: "a whole number from \(least)"))
    }
    return number
  }

  private func number(_ entry: Entry) throws(LessonError) -> Double {
    guard let number = entry.node.scalar.flatMap({ Double($0.string) }), number.isFinite else {
      throw problem(entry, .wrongType(key: entry.key, expected: "a number"))
    }
    return number
  }

  func texts(_ entry: Entry) throws(LessonError) -> [String] {
    guard case .sequence(let nodes) = entry.node else {
      throw problem(entry, .wrongType(key: entry.key, expected: "a list, as in [a, b]"))
    }
    var texts: [String] = []
    for node in nodes { texts.append(try text(Entry(key: entry.key, node: node, line: entry.line))) }
    return texts
  }

  func parameters(_ entry: Entry) throws(LessonError) -> [LessonParameter] {
    var all: [LessonParameter] = []
    for parameter in try entries(entry.node, line: entry.line) { all.append(try self.parameter(parameter)) }
    return all
  }

  private static let kinds: [String: LessonParameter.Kind] = [
    "int": .int, "integer": .int, "number": .number, "float": .number, "text": .text, "string": .text,
    "bool": .bool, "boolean": .bool,
  ]
  private static let parameterKeys = ["type", "default", "min", "max", "choices"]

  private func parameter(_ entry: Entry) throws(LessonError) -> LessonParameter {
    guard isIdentifier(entry.key), !entry.key.contains("-") else { throw problem(entry, .badID(entry.key)) }
    var byKey: [String: Entry] = [:]
    for field in try entries(entry.node, line: entry.line) {
      guard FrontMatterReader.parameterKeys.contains(field.key) else {
        throw problem(field, .unknownKey(field.key, known: FrontMatterReader.parameterKeys))
      }
      byKey[field.key] = field
    }
    guard let type = byKey["type"] else { throw problem(entry, .missingKey("params.\(entry.key).type")) }
    guard let kind = FrontMatterReader.kinds[try text(type)] else {
      throw problem(type, .wrongType(key: "type", expected: "int, number, text or bool"))
    }
    guard let standard = byKey["default"] else { throw problem(entry, .missingKey("params.\(entry.key).default")) }
    guard let value = standard.node.scalar?.string else {
      throw problem(standard, .wrongType(key: "default", expected: "one value"))
    }
    var parameter = LessonParameter(name: entry.key, kind: kind, standard: value)
    if let least = byKey["min"] { parameter.minimum = try number(least) }
    if let most = byKey["max"] { parameter.maximum = try number(most) }
    if let choices = byKey["choices"] { parameter.choices = try texts(choices) }
    if let refusal = parameter.refusal(of: value) {
      throw problem(standard, .parameterDefault(name: entry.key, refusal))
    }
    return parameter
  }
}
