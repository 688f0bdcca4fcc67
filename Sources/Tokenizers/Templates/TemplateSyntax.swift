/// An expression of a chat template.
indirect enum TemplateExpression: Sendable {
  case text(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case none
  case name(String)
  case list([TemplateExpression], isTuple: Bool)
  case object([(key: TemplateExpression, value: TemplateExpression)])
  /// A value and what is done to it, one after another.
  case steps(TemplateExpression, [TemplateStep])
  case not(TemplateExpression)
  /// True where all are, else the first that is not.
  case both([TemplateExpression])
  /// The first that is true, else the last.
  case either([TemplateExpression])
  case negative(TemplateExpression)
  /// Holds where each neighbour compares so with the next.
  case comparison(TemplateExpression, [(operation: String, right: TemplateExpression)])
  /// Operators of one level, from the left.
  case chain(TemplateExpression, [(operation: String, right: TemplateExpression)])
  case conditional(TemplateExpression, if: TemplateExpression, else: TemplateExpression?)
}

/// What is done to a value: a look at a part of it, a call, a filter, or a test.
enum TemplateStep: Sendable {
  case attribute(String)
  case item(TemplateExpression)
  case slice(TemplateExpression?, TemplateExpression?, TemplateExpression?)
  case call(TemplateArguments)
  case filter(String, TemplateArguments)
  case test(String, TemplateArguments, isNegated: Bool)
}

/// What a call, a filter or a test is given.
struct TemplateArguments: Sendable {
  var positional: [TemplateExpression] = []
  var named: [(name: String, value: TemplateExpression)] = []
  /// Lists whose elements are arguments too, and objects whose members are (`*` and `**`).
  var unpacked: [TemplateExpression] = []
  var unpackedNames: [TemplateExpression] = []
}

/// A part of a chat template that is carried out, and the line that it starts on.
struct TemplateStatement: Sendable {
  var line: Int
  var kind: Kind

  /// Where `set` and `for` put a value.
  enum Target: Sendable {
    case name(String)
    case names([String])
    case attribute(String, String)
  }

  struct Parameter: Sendable {
    var name: String
    var value: TemplateExpression?
  }

  indirect enum Kind: Sendable {
    case text(String)
    case output(TemplateExpression)
    case loop(
      Target, TemplateExpression, where: TemplateExpression?, body: [TemplateStatement], empty: [TemplateStatement])
    case branch([(condition: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement])
    case assign(Target, TemplateExpression)
    /// `set` around a body, whose text may pass filters.
    case capture(Target, [(name: String, arguments: TemplateArguments)], [TemplateStatement])
    case macro(String, [Parameter], [TemplateStatement])
    /// `call`: a macro that finds the body as `caller`.
    case call(TemplateExpression, [Parameter], [TemplateStatement])
    case filtered([(name: String, arguments: TemplateArguments)], [TemplateStatement])
    case scope([(name: String, value: TemplateExpression)], [TemplateStatement])
    case leaveLoop
    case nextRound
  }
}

/// Why a chat template cannot be read or carried out; facts only.
package enum TemplateProblem: Error, Equatable, Sendable {
  /// Something else must stand here.
  case unexpected(found: String, expected: String)
  /// A tag, a text or a block is not closed.
  case unclosed(String)
  /// Something of Jinja that chat templates do without.
  case unsupported(String)
  /// No filter, test, function or method is called so.
  case unknown(kind: String, name: String)
  /// A name or a member that has no value is used as if it had one.
  case undefined(String)
  /// An operation does not take a value of this kind.
  case wrongType(operation: String, found: String)
  /// A call has too many arguments, too few, or one of another name.
  case wrongArguments(of: String)
  /// The template itself refuses the conversation, in its own words.
  case raised(String)
  /// Blocks, expressions or calls are nested too deeply.
  case tooDeep
  /// More steps than any sensible template takes.
  case tooManySteps
  /// A text, a list or a number grows beyond all bounds.
  case tooLarge
  /// A division by zero.
  case dividesByZero
}
