/// A drawn line without the sequences that colour it.
package func withoutColors(_ line: String) -> String {
  guard line.contains("\u{1B}") else { return line }
  var text = ""
  var rest = Substring(line)
  while let escape = rest.firstIndex(of: "\u{1B}") {
    text += rest[..<escape]
    rest = rest[escape...].drop { !$0.isLetter }.dropFirst()
  }
  return text + rest
}
