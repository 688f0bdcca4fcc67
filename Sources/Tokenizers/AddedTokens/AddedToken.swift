/// A token that is found in the text itself, before the model sees it.
package struct AddedToken: Equatable, Sendable {
  package var id: Int
  package var content: String
  /// Matches only where no letter or digit touches it.
  package var isSingleWord = false
  /// Takes the white space before or after it along.
  package var stripsLeft = false
  package var stripsRight = false
  /// Is looked for in the normalised text, itself normalised.
  package var isNormalized = false
  /// Is left out when decoding without special tokens.
  package var isSpecial = true

  init(id: Int, content: String) {
    self.id = id
    self.content = content
  }

  /// Reads an entry of `added_tokens`, or of `added_tokens_decoder` where the id is the key.
  init(_ json: JSONObject, id: Int? = nil) throws(TokenizerError) {
    self.id = if let id { id } else { try json.required("id").integer() }
    content = try json.required("content").string()
    isSingleWord = try json.boolean("single_word", default: false)
    stripsLeft = try json.boolean("lstrip", default: false)
    stripsRight = try json.boolean("rstrip", default: false)
    isSpecial = try json.boolean("special", default: false)
    isNormalized = try json.boolean("normalized", default: !isSpecial)
  }
}
