import Drawing
import Foundation

/// Values of Swift as Python writes them, in lines of 79 columns at most where a break is possible.
enum PythonText {
  /// A string literal on one line.
  static func quoted(_ text: some StringProtocol) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || isInvisible(scalar):
        out +=
          scalar.value < 0x1_0000 ? String(format: "\\u%04x", scalar.value) : String(format: "\\U%08x", scalar.value)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// Marks of direction and the like, which a reader of the code must see.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    [.format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse].contains(scalar.properties.generalCategory)
  }

  /// A string literal behind `lead`, broken into pieces that Python joins where it is too long for a line.
  static func assign(_ lead: String, _ text: String) -> [String] {
    let short = lead + quoted(text)
    guard displayWidth(short) > PythonPage.width else { return [short] }
    let indent = lead.prefix { $0 == " " }
    return ["\(lead)("] + pieces(text, room: PythonPage.width - indent.count - 4).map { "\(indent)    \($0)" } + [
      "\(indent))"
    ]
  }

  /// Literals that make up the text together, broken behind a space or a slash.
  private static func pieces(_ text: String, room: Int) -> [String] {
    var pieces: [String] = []
    var current = ""
    var rest = Substring(text)
    while !rest.isEmpty {
      var end = rest.firstIndex { " /\n".contains($0) }.map { rest.index(after: $0) } ?? rest.endIndex
      // What has no break, such as a text without spaces, is broken anywhere.
      while displayWidth(quoted(rest[..<end])) > room, rest.index(after: rest.startIndex) < end {
        end = rest.index(before: end)
      }
      let word = rest[..<end]
      if !current.isEmpty, displayWidth(quoted(current + word)) > room || current.hasSuffix("\n") {
        pieces.append(quoted(current))
        current = ""
      }
      current += word
      rest = rest[end...]
    }
    return pieces + [quoted(current)]
  }

  /// A list of strings behind `lead`, one a line where they do not fit on one.
  static func list(_ lead: String, _ texts: [String]) -> [String] {
    let short = lead + "[\(texts.map { quoted($0) }.joined(separator: ", "))]"
    guard displayWidth(short) > PythonPage.width else { return [short] }
    let indent = String(lead.prefix { $0 == " " })
    return ["\(lead)["]
      + texts.flatMap { text -> [String] in
        var lines = assign("\(indent)    ", text)
        lines[lines.count - 1] += ","
        return lines
      } + ["\(indent)]"]
  }

  /// Arguments between brackets behind `lead`, wrapped where they do not fit on its line.
  /// - Parameter wraps: the brackets; those of an import are only written where it is wrapped
  static func call(_ lead: String, _ arguments: [String], wraps: (String, String)? = nil, tail: String = "") -> [String]
  {
    let joined = arguments.joined(separator: ", ")
    let short = wraps == nil ? "\(lead)(\(joined))\(tail)" : lead + joined
    guard displayWidth(short) > PythonPage.width else { return [short] }
    let indent = String(lead.prefix { $0 == " " })
    var lines: [String] = []
    var line = "\(indent)   "
    for argument in arguments {
      if line.count + argument.count + 2 > PythonPage.width, line.count > indent.count + 3 {
        lines.append(line)
        line = "\(indent)   "
      }
      line += " \(argument),"
    }
    return ["\(lead)("] + lines + [line, "\(indent))\(tail)"]
  }

  /// The shortest form that means the same float.
  /// - Parameter isWhole: without a fraction where there is none
  static func number(_ value: Float, isWhole: Bool = false) -> String {
    isWhole ? Int(exactly: value).map(String.init) ?? "\(value)" : "\(value)"
  }

  static func truth(_ value: Bool) -> String { value ? "True" : "False" }
}
