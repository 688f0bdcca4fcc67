import Checkpoints

/// A place in a data file, so that a bad row can be named.
package struct DataPlace: Equatable, Sendable {
  package enum Column: Equatable, Sendable {
    /// A column by its name, as the file spells it.
    case name(String)
    /// A column by its number, from 1.
    case number(Int)
    /// A character (Unicode scalar) of the line, from 1.
    case character(Int)
    /// A byte of the line, from 1.
    case byte(Int)
  }

  package let file: String
  /// From 1.
  package let line: Int
  package let column: Column

  package init(file: String, line: Int, column: Column) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// What is wrong with a data file.
package enum DataError: Error, Equatable, Sendable {
  /// The file is missing or cannot be read.
  case file(FileError)
  /// Neither the name's ending nor the content tells the format; `known` are the endings that do.
  case unknownFormat(file: String, known: [String])
  /// The file is empty, or nothing follows its header.
  case noRows(file: String)
  /// The first row looks like data. `suggested` is a header that would fit the row.
  case noHeader(file: String, suggested: [String])
  /// The header, or a JSON object, has no such column; `accepted` names were looked for, `have` is there.
  case missingColumn(file: String, line: Int, column: String, accepted: [String], have: [String])
  /// The header names a column twice that is to be read.
  case repeatedColumn(DataPlace)
  /// A row has more or fewer columns than the header; the place is the first that is missing or too many.
  case wrongColumnCount(DataPlace, expected: Int, found: Int)
  case emptyText(DataPlace)
  case missingLabel(DataPlace)
  /// A JSON value that is no text or label; `found` is the value's kind in JSON's words.
  case wrongKind(DataPlace, found: String)
  case badUTF8(DataPlace)
  case nulByte(DataPlace)
  /// A quote that is never closed; the place is where it was opened.
  case unterminatedQuote(DataPlace)
  /// A quote inside an unquoted cell, or characters after a closing quote (RFC 4180, section 2).
  case strayQuote(DataPlace)
  case badJSON(DataPlace)
  /// A JSON value where an object was due.
  case notAnObject(DataPlace)
  /// A label that training has not seen.
  case unseenLabel(DataPlace, label: String, known: [String])
  /// All rows carry the same label: nothing can be learned.
  case oneLabel(file: String, label: String)
  /// No row of a multi-label file has a label.
  case noLabels(file: String)
  /// A label that should be a number, for regression.
  case notANumber(DataPlace, found: String)
  /// The lines of a file of tagged words have one column, or none that could be the tags.
  case noTags(file: String, line: Int)
  /// There is no column of tags of that name or number; `columns` is how many there are.
  case noTagColumn(file: String, name: String, columns: Int)
  /// A JSON row has more or fewer tags than words.
  case unequalCounts(DataPlace, words: Int, tags: Int)
  /// Tags are numbers, and nobody says what they stand for.
  case unnamedTags(DataPlace)
  /// A tag's number is not one of the `known` names.
  case tagOutOfRange(DataPlace, number: String, known: Int)
  /// A question, paragraph or answer lacks what it is made of.
  case missingMember(DataPlace, member: String)
  /// At `start` (in Unicode scalars) the context does not say what the answer says; `found` is what stands there,
  /// empty past the end.
  case wrongAnswer(DataPlace, answer: String, start: Int, found: String)
  /// Something that a format has no way to write; `found` names it.
  case notWritable(DataPlace, format: DataFormat, found: String)
  /// The file is no longer what it was when it was first read.
  case changed(file: String)

  /// Where in the file; nil when the whole file is meant.
  package var place: DataPlace? {
    switch self {
    case .file, .unknownFormat, .noRows, .noHeader, .missingColumn, .oneLabel, .noLabels, .noTags, .noTagColumn,
      .changed:
      nil
    case .repeatedColumn(let place), .wrongColumnCount(let place, _, _), .emptyText(let place),
      .missingLabel(let place), .wrongKind(let place, _), .badUTF8(let place), .nulByte(let place),
      .unterminatedQuote(let place), .strayQuote(let place), .badJSON(let place), .notAnObject(let place),
      .unseenLabel(let place, _, _), .notANumber(let place, _), .unequalCounts(let place, _, _),
      .unnamedTags(let place), .tagOutOfRange(let place, _, _), .missingMember(let place, _),
      .wrongAnswer(let place, _, _, _), .notWritable(let place, _, _):
      place
    }
  }
}
