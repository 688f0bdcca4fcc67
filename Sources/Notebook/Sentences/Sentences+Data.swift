import Drawing
import Training

extension DataError: Explained {
  package var status: ExitStatus {
    if case .file(let error) = self { error.status } else { .malformed }
  }

  package var sentence: String {
    switch self {
    case .file(let error): error.sentence
    case .unknownFormat(let file, let known):
      "\(file): the name does not tell the format; let it end in \(known.map { ".\($0)" }.joined(separator: ", "))."
    case .noRows(let file): "\(file) has no rows; it needs at least one, and a table its header above."
    case .noHeader(let file, let suggested):
      "\(file):1: the first line looks like data; name its columns with --columns, such as --columns \(suggested.joined(separator: ",")), or put them above it."
    case .missingColumn(let file, let line, let column, let accepted, let have):
      "\(file):\(line): there is no column \(column) (nor \(accepted.dropFirst().joined(separator: ", "))); there are \(have.map { sanitized($0) }.joined(separator: ", "))."
    case .repeatedColumn(let place): "\(place.words): the header names this column twice; take one away."
    case .wrongColumnCount(let place, let expected, let found):
      "\(place.words): the row has \(found) column\(found == 1 ? "" : "s"), and \(expected) are due; check its separators."
    case .emptyText(let place): "\(place.words): the text is empty; write it or delete the row."
    case .missingLabel(let place): "\(place.words): the label is missing; write it or delete the row."
    case .wrongKind(let place, let found): "\(place.words): this is \(sanitized(found)), and text is needed."
    case .badUTF8(let place): "\(place.words): this is not UTF-8; save the file as UTF-8."
    case .nulByte(let place): "\(place.words): there is a zero byte, so this is no text file."
    case .unterminatedQuote(let place): "\(place.words): the quote opened here is never closed."
    case .strayQuote(let place): "\(place.words): a quote stands inside a cell; double it, and quote the whole cell."
    case .badJSON(let place): "\(place.words): this is not valid JSON."
    case .notAnObject(let place): "\(place.words): every row must be a JSON object."
    case .unseenLabel(let place, let label, let known):
      "\(place.words): the label '\(sanitized(label))' was never seen in training; the model knows \(known.map { sanitized($0) }.joined(separator: ", "))."
    case .noLabels(let file): "\(file): no row has a label, so there is nothing to learn; write some."
    case .notANumber(let place, let found):
      "\(place.words): '\(sanitized(found))' is no number, and a regression learns numbers; correct it."
    case .noTags(let file, let line):
      "\(file):\(line): there is one column; a word and its tag must stand on a line, with a tab or a space between."
    case .noTagColumn(let file, let name, let columns):
      "\(file): there is no column of tags '\(sanitized(name))'; give a name from the header, or a number from 1 to \(columns)."
    case .unequalCounts(let place, let words, let tags):
      "\(place.words): there are \(words) words and \(tags) tags; every word needs one."
    case .unnamedTags(let place):
      "\(place.words): the tags are numbers; say what they stand for with --tag-names, such as O,B-PER,I-PER."
    case .tagOutOfRange(let place, let number, let known):
      "\(place.words): the tag \(sanitized(number)) is none of the \(known) names; they are counted from 0."
    case .missingMember(let place, let member): "\(place.words): there is no \(sanitized(member)); add it."
    case .wrongAnswer(let place, let answer, let start, let found):
      found.isEmpty
        ? "\(place.words): the answer '\(sanitized(answer))' begins at \(start), outside of its context; correct answer_start."
        : "\(place.words): at answer_start \(start) the context has '\(sanitized(found))', not '\(sanitized(answer))'; correct it."
    case .notWritable(let place, let format, let found):
      "\(place.words): there is \(found), which \(format.rawValue) has no way to write; choose another --format."
    case .changed(let file): "\(file) was changed while it was read; run it again."
    case .oneLabel(let file, let label):
      "\(file): every row has the label '\(sanitized(label))', so there is nothing to tell apart; add rows of another."
    }
  }
}

extension DataPlace {
  fileprivate var words: String {
    switch column {
    case .name(let name): "\(file):\(line), column \(sanitized(name))"
    case .number(let number): "\(file):\(line), column \(number)"
    case .character(let number): "\(file):\(line), character \(number)"
    case .byte(let number): "\(file):\(line), byte \(number)"
    }
  }
}
