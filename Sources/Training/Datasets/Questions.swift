/// One question about a text, and what answers it.
package struct Question: Equatable, Sendable {
  package struct Answer: Equatable, Sendable {
    package let text: String
    /// Unicode scalars of the context before it.
    package let start: Int

    package init(_ text: String, start: Int) {
      self.text = text
      self.start = start
    }
  }

  package let id: String
  /// Of the article, where the file has one.
  package let title: String?
  package let text: String
  package let context: String
  /// What people gave as the answer; empty where the context has none.
  package let answers: [Answer]
  package let isImpossible: Bool
  /// The line on which the question begins, from 1: SQuAD files often have only one.
  package let line: Int

  package init(
    id: String, title: String? = nil, text: String, context: String, answers: [Answer], isImpossible: Bool? = nil,
    line: Int
  ) {
    self.id = id
    self.title = title
    self.text = text
    self.context = context
    self.answers = answers
    self.isImpossible = isImpossible ?? answers.isEmpty
    self.line = line
  }
}

/// The questions of a SQuAD file, in the file's order; never empty when it was read from a file.
package struct Questions: Sendable {
  /// The file's path.
  package let file: String
  package let rows: DataRows<Question>
  package let paragraphCount: Int
  package let impossibleCount: Int

  package var count: Int { rows.count }
  /// Whether some question has no answer, as in SQuAD 2.0.
  package var hasImpossible: Bool { impossibleCount > 0 }

  /// The number of each question's paragraph: equal numbers, equal context.
  package func paragraphs() throws -> [Int] {
    var numbers: [UInt64: Int] = [:]
    var paragraphs: [Int] = []
    paragraphs.reserveCapacity(count)
    try rows.forEach { _, question in
      let context = textFingerprint(question.context)
      let number = numbers[context] ?? numbers.count
      numbers[context] = number
      paragraphs.append(number)
    }
    return paragraphs
  }

  /// Questions that are in memory.
  package init(file: String, _ questions: [Question]) {
    var facts = Facts()
    for question in questions { facts.add(question) }
    self.init(file: file, rows: DataRows(file: file, questions), facts)
  }

  init(file: String, rows: DataRows<Question>, _ facts: Facts) {
    self.file = file
    self.rows = rows
    paragraphCount = facts.paragraphs
    impossibleCount = facts.impossible
  }

  /// What is counted while a file is read.
  struct Facts {
    private var contexts: Set<UInt64> = []
    private var last: String?
    var impossible = 0
    var paragraphs: Int { contexts.count }

    mutating func add(_ question: Question) {
      if question.isImpossible { impossible += 1 }
      if question.context == last { return }
      last = question.context
      contexts.insert(textFingerprint(question.context))
    }
  }
}
