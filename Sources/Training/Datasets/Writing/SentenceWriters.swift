extension TaggedSentences {
  package func writer(_ format: DataFormat) -> (any RowWriter<TaggedSentence>)? {
    switch format {
    case .conll: ColumnWriter(file: file)
    case .jsonl: ObjectWriter()
    case .plain: PlainWriter(body: \.text)
    case .csv, .tsv, .squad: nil
    }
  }
}

/// A word and its tag (IOB2) a line, with a tab between, so that a word may hold a space.
private struct ColumnWriter: RowWriter {
  let file: String

  func text(of row: TaggedSentence) throws(DataError) -> String {
    guard !row.words.isEmpty else { throw fault(row, "a sentence without a word") }
    if trimmed(row.words[0]) == ColumnLayout.documentStart { throw fault(row, ColumnLayout.documentStart) }
    var lines = ""
    for (word, tag) in zip(row.words, row.tags) {
      if (word + tag).utf8.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) {
        throw fault(row, "a tab or a line break in a word")
      }
      lines += "\(word)\t\(tag)\n"
    }
    return lines + "\n"
  }

  private func fault(_ row: TaggedSentence, _ found: String) -> DataError {
    .notWritable(DataPlace(file: file, line: row.line, column: .name("words")), format: .conll, found: found)
  }
}

private struct ObjectWriter: RowWriter {
  func text(of row: TaggedSentence) -> String {
    "{\"tokens\": \(listJSON(row.words)), \"ner_tags\": \(listJSON(row.tags))}\n"
  }
}
