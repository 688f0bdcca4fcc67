/// Tokens that name a language: `en_XX` (mBART), `eng_Latn` (NLLB), `__en__` (M2M100).
package enum LanguageToken {
  package static func isOne(_ token: String) -> Bool {
    token.wholeMatch(of: /[a-z]{2,3}_[A-Z][A-Za-z]{1,3}|__[a-z]{2,3}__/) != nil
  }
}

extension Encoding {
  /// The ids and tokens with another in place of the one that names the language, where the tokenizer added one.
  package func naming(language: Int32, _ token: String?) -> (ids: [Int32], tokens: [String]) {
    var (ids, tokens) = (ids, tokens)
    for (place, isSpecial) in specialMask.enumerated() where isSpecial && LanguageToken.isOne(tokens[place]) {
      ids[place] = language
      tokens[place] = token ?? tokens[place]
    }
    return (ids, tokens)
  }
}
