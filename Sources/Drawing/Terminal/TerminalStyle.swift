/// What the screen can show and what its reader wants.
package struct TerminalStyle: Sendable, Equatable {
  /// Cells in a line.
  package var width: Int
  /// Lines that can be seen at once; nil where the reader scrolls as he likes, as in a pipe or a file.
  package var height: Int?
  package var color: ColorDepth
  /// Sentences instead of pictures.
  package var accessible: Bool
  /// Whether box, block and braille characters may be used; text from outside is shown as it is either way.
  package var unicode: Bool

  package init(
    width: Int = 80, height: Int? = nil, color: ColorDepth = .none, accessible: Bool = false, unicode: Bool = true
  ) {
    self.width = width
    self.height = height
    self.color = color
    self.accessible = accessible
    self.unicode = unicode
  }

  var usableWidth: Int { max(width, 2) }
  var ellipsis: String { unicode ? "…" : "~" }

  /// A name on one safe line that fits a width.
  func fitted(_ text: String, to width: Int) -> String {
    truncated(sanitized(text), to: width, ellipsis: ellipsis)
  }
}
