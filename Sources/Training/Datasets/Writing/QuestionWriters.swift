extension Questions {
  package func writer(_ format: DataFormat) -> (any RowWriter<Question>)? {
    switch format {
    case .squad: ParagraphWriter(isSecond: hasImpossible)
    case .jsonl: ObjectWriter()
    case .csv, .tsv, .conll, .plain: nil
    }
  }
}

/// Neighbouring questions about one context in one paragraph, neighbouring paragraphs of one title in one article.
private struct ParagraphWriter: RowWriter {
  /// Whether it says of each question if it can be answered, as SQuAD 2.0 does.
  let isSecond: Bool
  private var last: (title: String?, context: String)?

  init(isSecond: Bool) { self.isSecond = isSecond }

  var opening: String { "{\"version\": \"\(isSecond ? "v2.0" : "1.1")\", \"data\": [\n" }
  var closing: String { last == nil ? "]}\n" : "]}]}\n]}\n" }

  mutating func text(of row: Question) -> String {
    let paragraph = "{\"context\": \(quotedJSON(row.context)), \"qas\": [\n"
    let article = "{\(row.title.map { "\"title\": \(quotedJSON($0)), " } ?? "")\"paragraphs\": [\(paragraph)"
    let before: String
    switch last {
    case nil: before = article
    case (row.title, row.context)?: before = ",\n"
    case (row.title, _)?: before = "]},\n\(paragraph)"
    default: before = "]}]},\n\(article)"
    }
    last = (row.title, row.context)
    let answers = row.answers.map { "{\"text\": \(quotedJSON($0.text)), \"answer_start\": \($0.start)}" }
    let isImpossible = isSecond ? ", \"is_impossible\": \(row.isImpossible)" : ""
    return before + "{\"id\": \(quotedJSON(row.id)), \"question\": \(quotedJSON(row.text)), "
      + "\"answers\": [\(answers.joined(separator: ", "))]\(isImpossible)}"
  }
}

/// A question with its own context, as Hugging Face's datasets write it.
private struct ObjectWriter: RowWriter {
  func text(of row: Question) -> String {
    let title = row.title.map { "\"title\": \(quotedJSON($0)), " } ?? ""
    let starts = row.answers.map { String($0.start) }.joined(separator: ", ")
    let isImpossible = row.isImpossible == row.answers.isEmpty ? "" : ", \"is_impossible\": \(row.isImpossible)"
    return "{\"id\": \(quotedJSON(row.id)), \(title)\"context\": \(quotedJSON(row.context)), "
      + "\"question\": \(quotedJSON(row.text)), "
      + "\"answers\": {\"text\": \(listJSON(row.answers.map(\.text))), \"answer_start\": [\(starts)]}\(isImpossible)}\n"
  }
}
