/// A line of attune's as a remark in Python, which no screen of 80 columns has to break.
package func pythonRemark(_ line: String) -> [String] {
  var lines = ["# attune:"]
  for part in line.split(separator: "\n") {
    for word in part.split(separator: " ") {
      let last = lines.count - 1
      if lines[last].count + 1 + word.count <= 79 || lines[last] == "# attune:" {
        lines[last] += " " + word
      } else {
        lines.append("#   " + word)
      }
    }
  }
  return lines
}
