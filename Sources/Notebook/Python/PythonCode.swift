import Drawing

/// Hugging Face Python that does what one command does: what it imports, what it opens, and what it asks.
package struct PythonCode: Sendable, Equatable {
  /// `from module import name`; without a name `import module`.
  package struct Import: Sendable, Hashable {
    package let module: String
    package let name: String?

    package init(_ module: String, _ name: String? = nil) {
      self.module = module
      self.name = name
    }
  }

  /// Lines that open something, such as a model. A page writes them once, as long as nobody else takes their variables.
  package struct Setup: Sendable, Equatable {
    package let variables: [String]
    package let lines: [String]
  }

  package var imports: [Import] = []
  package var setups: [Setup] = []
  package var body: [String] = []

  package init() {}

  /// Imports names of one module, such as `transformers`.
  mutating func use(_ module: String, _ names: String...) { imports += names.map { Import(module, $0) } }

  /// Imports a module under its own name.
  mutating func use(module: String) { imports.append(Import(module)) }

  /// Adds lines to the body, as they stand in the text.
  mutating func say(_ text: String) {
    body += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  mutating func open(_ variables: [String], _ text: String) {
    setups.append(
      Setup(variables: variables, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    )
  }
}

/// A page of Python that grows command by command: what an earlier one imported or opened is not written again.
package struct PythonPage: Sendable {
  private var imported: Set<PythonCode.Import> = []
  private var opened: [PythonCode.Setup] = []

  package init() {}

  /// The lines that this command adds to the page.
  package mutating func add(_ code: PythonCode) -> [String] {
    let fresh = code.imports.filter { !imported.contains($0) }
    imported.formUnion(fresh)
    var parts = [PythonPage.lines(Set(fresh))]
    for setup in code.setups where !opened.contains(setup) {
      let taken = Set(setup.variables)
      opened.removeAll { !taken.isDisjoint(with: $0.variables) }
      opened.append(setup)
      parts.append(setup.lines)
    }
    parts.append(code.body)
    return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  /// Why a line has no Python, as a remark.
  package static func remark(_ sentence: String) -> [String] { wrapped(sentence, to: width - 2).map { "# " + $0 } }

  /// The columns that a line of Python may have (PEP 8).
  static let width = 79

  /// Modules in alphabetical order, as isort lays them out: Python's own before those that are installed.
  private static func lines(_ imports: Set<PythonCode.Import>) -> [String] {
    let byModule = Dictionary(grouping: imports, by: \.module)
    func block(_ isOwn: Bool) -> [String] {
      let modules = byModule.keys.filter { own.contains($0) == isOwn }.sorted()
      let plain = modules.filter { byModule[$0]?.contains { $0.name == nil } == true }.map { "import \($0)" }
      return plain
        + modules.flatMap { module -> [String] in
          let names = (byModule[module] ?? []).compactMap(\.name).sorted()
          return names.isEmpty ? [] : PythonText.call("from \(module) import ", names, wraps: ("(", ")"))
        }
    }
    let (first, second) = (block(true), block(false))
    return first + (first.isEmpty || second.isEmpty ? [] : [""]) + second
  }

  /// Modules that Python brings.
  private static let own: Set<String> = ["collections", "json", "math", "os", "re", "sys"]
}
