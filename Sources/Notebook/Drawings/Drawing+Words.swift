import Drawing

extension Drawing {
  /// Plain text, a line for each line of it.
  package static func plain(_ text: String) -> Drawing { .text(Paragraph(text)) }

  /// One line of words in roles.
  package static func words(_ spans: Span...) -> Drawing { .text(Paragraph(spans)) }
}
