/// C's `wchar_t` as imported functions have it.
typealias WideCharacter = Int32

/// Text as libedit takes it: one wide character a Unicode scalar.
enum Wide {
  /// With the zero at the end that C expects. Zeros inside the text are left out.
  static func terminated(_ text: String) -> [WideCharacter] {
    text.unicodeScalars.compactMap { $0.value == 0 ? nil : WideCharacter($0.value) } + [0]
  }

  static func text(_ characters: some Sequence<WideCharacter>) -> String {
    var scalars = String.UnicodeScalarView()
    for character in characters {
      scalars.append(Unicode.Scalar(UInt32(bitPattern: character)) ?? "\u{FFFD}")
    }
    return String(scalars)
  }
}
