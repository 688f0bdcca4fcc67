/// A text from outside as HTML or XML text: made safe as for a terminal, then with the five markup characters
/// escaped.
package func escaped(_ text: String) -> String {
  var result = ""
  for scalar in sanitized(text).unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
