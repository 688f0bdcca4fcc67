/// A value that a chat template works with; they behave as Python's do.
enum TemplateValue {
  /// What has no value, with the name that it was looked for under.
  case undefined(String)
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case sequence(TemplateList)
  case object(TemplateObject)
  /// Something that can be called.
  case function(TemplateFunction)
  /// Values that change in place.
  case namespace(TemplateNamespace)
  /// Where a loop is.
  case loop(TemplateLoop)
}

/// A list or a tuple.
struct TemplateList {
  let elements: [TemplateValue]
  let isTuple: Bool
  /// How deeply lists and objects are nested in here.
  let depth: Int

  init(_ elements: [TemplateValue], isTuple: Bool) {
    self.elements = elements
    self.isTuple = isTuple
    depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
  }
}

/// A function, macro or method: its name and what it does.
struct TemplateFunction {
  let name: String
  /// Whether it holds no values itself, as a macro of the whole template does.
  var isFree = false
  /// How deeply values are nested in what it holds.
  var depth = 0
  let call: (inout TemplateInterpreter, TemplateCall) throws(TemplateProblem) -> TemplateValue
}

/// Values under names, set by `set namespace.name`.
final class TemplateNamespace {
  var values: TemplateObject
  init(_ values: TemplateObject) { self.values = values }
}

/// An object whose members keep their order.
struct TemplateObject {
  private(set) var members: [(key: TemplateValue, value: TemplateValue)] = []
  private var index: [[UInt8]: Int] = [:]
  private(set) var depth = 1

  init() {}

  init(_ members: KeyValuePairs<String, TemplateValue>) {
    for (key, value) in members { self[key] = value }
  }

  subscript(name: String) -> TemplateValue? {
    get { self[.text(name)] }
    set { if let newValue { set(.text(name), newValue) } }
  }

  subscript(key: TemplateValue) -> TemplateValue? { index[Self.bytes(key)].map { members[$0].value } }

  mutating func set(_ key: TemplateValue, _ value: TemplateValue) {
    let bytes = Self.bytes(key)
    depth = max(depth, 1 + value.depth)
    if let place = index[bytes] {
      members[place].value = value
    } else {
      index[bytes] = members.count
      members.append((key, value))
    }
  }

  /// Bytes that are equal for equal keys. Text is compared scalar by scalar; a list or an object is no key.
  private static func bytes(_ key: TemplateValue) -> [UInt8] {
    switch key {
    case .text(let text): Array(text.utf8)
    case .none: [0xFF, 0]
    default: [0xFF] + Array((key.number.map { String($0) } ?? "").utf8)
    }
  }
}

extension TemplateValue {
  /// What Python would call its kind.
  var kind: String {
    switch self {
    case .undefined(let name): name.isEmpty ? "nothing" : "'\(name)', which is not defined"
    case .none: "none"
    case .boolean: "a boolean"
    case .integer, .number: "a number"
    case .text: "a text"
    case .sequence(let list): list.isTuple ? "a tuple" : "a list"
    case .object: "an object"
    case .function: "a function"
    case .namespace: "a namespace"
    case .loop: "a loop"
    }
  }

  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .number(let value): value != 0
    case .text(let value): !value.isEmpty
    case .sequence(let list): !list.elements.isEmpty
    case .object(let object): !object.members.isEmpty
    case .function, .namespace, .loop: true
    }
  }

  /// A number, where it is one; a boolean counts as 0 or 1.
  var number: Double? {
    switch self {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var integer: Int? {
    switch self {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): value
    default: nil
    }
  }

  /// How deeply lists and objects are nested in here.
  var depth: Int {
    switch self {
    case .sequence(let list): list.depth
    case .object(let object): object.depth
    case .function(let function): function.depth
    default: 0
    }
  }

  /// Whether it can stand inside another value. What holds variables cannot, so that nothing holds itself.
  var canBeMember: Bool {
    switch self {
    case .function(let function): function.isFree
    case .namespace, .loop: false
    default: true
    }
  }

  static func list(_ elements: [TemplateValue], isTuple: Bool = false) -> TemplateValue {
    .sequence(TemplateList(elements, isTuple: isTuple))
  }

  /// How large it is, roughly, in bytes: what work on it costs.
  var size: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .sequence(let list): list.elements.count
    case .object(let object): object.members.count
    default: 1
    }
  }
}
