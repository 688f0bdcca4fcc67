import ArgumentParser
import Pipelines
import Training

/// How rows are read and measured, where the file does not say.
package struct TaskOptions: ParsableArguments {
  @Option(help: "Cut sequences to this many tokens; by default the model's limit.") package var maxLength: Int?
  @Option(help: "The column of texts.") package var textColumn = "text"
  @Option(help: "The column of labels.") package var labelColumn = "label"
  @Option(help: "The column of what a model is given, to write something for it.") package var sourceColumn = "source"
  @Option(help: "The column of what it has to write.") package var targetColumn = "target"
  @Option(help: "What stands before every source, such as 'summarize: ' for T5.") package var sourcePrefix = ""
  @Option(help: "The sources' language, for a model of many: en_XX, or en.") package var sourceLanguage: String?
  @Option(help: "The targets' language, for a model of many.") package var targetLanguage: String?
  @Option(help: "The most tokens of a target.") package var maxTargetLength = 128
  @Flag(help: "Let the model write for the validation rows at each evaluation, for ROUGE and BLEU; `evaluate` does.")
  package var predictWithGenerate = false
  @Option(help: "Beams of what is written in evaluations.") package var numBeams: Int?
  @Flag(help: "Lay texts to go on with end to end and cut them into sequences of --max-length.")
  package var packing = false
  @Option(help: "Names for the columns of a table without a header, such as label,text.") package var columns: String?
  @Option(help: "The column of tags: a name, or a number from 1; by default the last.") package var tagColumn: String?
  @Option(help: "What tags stand for that are numbers, such as O,B-PER,I-PER.") package var tagNames: String?
  @Flag(help: "Train tags on the first piece of a word alone; by default all its pieces carry the tag.")
  package var firstPiecesOnly = false
  @Option(help: "Tokens that a window of a long context repeats of the one before.") package var docStride = 128
  @Option(help: "The most tokens of an answer.") package var maxAnswerLength = 30
  @Flag(help: "Each line of a plain text is a document; else paragraphs are.") package var lines = false

  /// nil where none was named.
  var languages: LanguagePair? {
    sourceLanguage == nil && targetLanguage == nil ? nil : LanguagePair(source: sourceLanguage, target: targetLanguage)
  }

  package init() {}

  package mutating func validate() throws {
    try maxLength.map { try RecipeOptions.require("--max-length", $0, in: 8...1_000_000) }
    try RecipeOptions.require("--max-target-length", maxTargetLength, in: 2...100_000)
    try numBeams.map { try RecipeOptions.require("--num-beams", $0, in: 1...64) }
    try RecipeOptions.require("--doc-stride", docStride, in: 0...100_000)
    try RecipeOptions.require("--max-answer-length", maxAnswerLength, in: 1...100_000)
  }

  /// - Parameter limit: the most rows to read
  func reading(limit: Int? = nil) -> ReadingOptions {
    func list(_ text: String) -> [String] {
      text.split(separator: ",").map { String($0.trimming(while: \.isWhitespace)) }
    }
    var reading = ReadingOptions()
    reading.textColumn = textColumn
    reading.labelColumn = labelColumn
    reading.sourceColumn = sourceColumn
    reading.targetColumn = targetColumn
    reading.columns = columns.map(list)
    reading.tagColumn = tagColumn
    reading.tagNames = tagNames.map(list)
    reading.linesAreDocuments = lines
    reading.limit = limit
    return reading
  }
}

extension Substring {
  func trimming(while isDropped: (Character) -> Bool) -> Substring {
    var rest = drop(while: isDropped)
    while let last = rest.last, isDropped(last) { rest.removeLast() }
    return rest
  }
}
