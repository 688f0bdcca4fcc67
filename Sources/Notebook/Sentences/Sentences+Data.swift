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
    case .noRows(let file): "\(file) has no rows; it needs a header and at least one labelled text."
    case .noHeader(let file, let suggested):
      "\(file):1: the first line looks like data; put the header \(suggested.joined(separator: " <tab> ")) above it."
    case .missingColumn(let file, let line, let column, let accepted, let have):
      "\(file):\(line): there is no column \(column) (nor \(accepted.dropFirst().joined(separator: ", "))); there are \(have.map { sanitized($0) }.joined(separator: ", "))."
    case .repeatedColumn(let place): "\(place.words): the header names this column twice; take one away."
    case .wrongColumnCount(let place, let expected, let found):
      "\(place.words): the row has \(found) columns and the header \(expected); check its separators."
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
