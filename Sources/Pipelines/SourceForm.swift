import Foundation
import Models
import Tokenizers

/// What a task puts around a text, so that a model with an encoder knows what is wanted of it.
package struct SourceForm: Sendable, Equatable {
  /// Before the text, as T5 wants it: `summarize: `.
  package var prefix: String
  /// The token that names the text's language, in place of the one that the tokenizer adds (mBART, NLLB).
  package var languageID: Int32?

  package init(prefix: String = "", languageID: Int32? = nil) {
    self.prefix = prefix
    self.languageID = languageID
  }
}

/// Languages of a translation, as a model calls them.
package struct LanguagePair: Sendable, Equatable {
  package var source: String?
  package var target: String?

  package init(source: String? = nil, target: String? = nil) {
    self.source = source
    self.target = target
  }
}

extension Repository {
  /// The ids that a model reads of a text: of one with an encoder cut at its limit; of another a token to begin with
  /// where there is no text.
  func input(_ text: String, _ form: SourceForm = SourceForm()) throws -> [Int32] {
    guard writes else { throw WritingError.doesNotWrite(model: name) }
    if kind == .targetWords { return try source(text, form).ids }
    let ids = try tokenizer().encode(text).ids
    if !ids.isEmpty { return ids }
    guard let first = try configuration.beginID ?? tokenizer().special.beginning.map(Int32.init) else {
      throw WritingError.nothingToContinue(model: name)
    }
    return [first]
  }

  /// What an encoder reads of a text.
  func source(_ text: String, _ form: SourceForm) throws -> SourceTokens {
    let tokenizer = try tokenizer()
    let end = configuration.sourceEndID
    let limit = try maximumTokens() - (end == nil ? 0 : 1)
    let encoding = try tokenizer.encode(
      form.prefix + text, truncation: Truncation(maximumLength: limit, keepsOverflow: false))
    var source = SourceTokens(ids: encoding.ids, tokens: encoding.tokens, isCut: encoding.isTruncated)
    if let language = form.languageID {
      (source.ids, source.tokens) = encoding.naming(language: language, tokenizer.token(of: Int(language)))
    }
    if let end {
      source.ids.append(end)
      source.tokens.append(tokenizer.token(of: Int(end)) ?? "")
    }
    return source
  }

  /// What the folder says about a task, over what is there.
  /// - Returns: what it wants before a text; nil where it says nothing of this task
  package func read(_ task: String, into settings: inout GenerationSettings) throws -> String? {
    guard let own = try parameters(of: task) else { return nil }
    try settings.read(own.json, file: "config.json")
    return own.prefix
  }

  /// Tasks that the folder has settings for, such as `summarization`.
  package var describedTasks: [String] { (taskParameters ?? [:]).keys.sorted() }

  private var taskParameters: [String: Any]? {
    let object = try? JSONSerialization.jsonObject(with: configuration.json) as? [String: Any]
    return object?["task_specific_params"] as? [String: Any]
  }

  private func parameters(of task: String) throws -> (json: Data, prefix: String)? {
    guard let own = taskParameters?[task] as? [String: Any] else { return nil }
    return (try JSONSerialization.data(withJSONObject: own), own["prefix"] as? String ?? "")
  }

  /// Prepares a translation: the way that the model has of knowing its languages is found in its files.
  ///
  /// A pair of T5 is a task of its own with a prefix; mBART and NLLB have a token for each language, of which the target's
  /// is the first that they write; a Marian model with several targets reads one before the text.
  /// - Throws: `WritingError.unknownLanguage`, `needsLanguages`, `hasNoLanguages`
  package func translationForm(
    _ languages: LanguagePair, into settings: inout GenerationSettings
  ) throws -> SourceForm {
    let tokenizer = try tokenizer()
    let tasks = describedTasks.filter { $0.hasPrefix("translation_") }
    if !tasks.isEmpty {
      let task = "translation_\(languages.source ?? "")_to_\(languages.target ?? "")"
      guard let prefix = try read(task, into: &settings) else {
        throw WritingError.needsLanguages(model: name, known: tasks.map { String($0.dropFirst("translation_".count)) })
      }
      return SourceForm(prefix: prefix)
    }
    var form = SourceForm()
    if let source = languages.source { form.languageID = Int32(try language(source, tokenizer)) }
    guard let target = languages.target else { return form }
    if let id = tokenizer.id(of: ">>\(target)<<") {
      form.prefix = (tokenizer.token(of: id) ?? "") + " "
    } else {
      settings.forcedFirstID = Int32(try language(target, tokenizer))
    }
    return form
  }

  private func language(_ name: String, _ tokenizer: Tokenizer) throws -> Int {
    for token in [name, "__\(name)__"] where LanguageToken.isOne(token) {
      if let id = tokenizer.id(of: token) { return id }
    }
    let known = (0..<tokenizer.vocabularySize).reversed().prefix(1024).compactMap { tokenizer.token(of: $0) }
      .filter { LanguageToken.isOne($0) || $0.hasPrefix(">>") }.reversed()
    guard !known.isEmpty else { throw WritingError.hasNoLanguages(model: self.name) }
    throw WritingError.unknownLanguage(name, model: self.name, known: Array(known))
  }
}

/// A text as an encoder reads it.
struct SourceTokens {
  var ids: [Int32]
  var tokens: [String]
  /// Whether the end of the text did not fit the model.
  let isCut: Bool
}
