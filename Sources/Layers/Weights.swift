import Tensors

/// A place in a checkpoint, such as `bert.encoder.layer.3`. Asking it for a parameter names, shapes, loads or
/// initialises, and registers it: the constructors of layers are the name map.
package struct Weights {
  let loader: WeightLoader
  package let path: String
  private let group: FreshGroup?

  /// Where the values start when there is no checkpoint, or when the group is absent from it.
  package enum Start: Sendable { case normal, zeros, ones, uniform(Float) }

  package init(_ loader: WeightLoader, path: String = "") {
    self.init(loader, path: path, group: nil)
  }

  private init(_ loader: WeightLoader, path: String, group: FreshGroup?) {
    self.loader = loader
    self.path = path
    self.group = group
  }

  /// The place that a name lies in.
  package static func above(_ name: String) -> String {
    name.split(separator: ".").dropLast().joined(separator: ".")
  }

  /// The place below this one.
  package func callAsFunction(_ child: String) -> Weights {
    Weights(loader, path: child.isEmpty ? path : path.isEmpty ? child : "\(path).\(child)", group: group)
  }

  /// The same place, for layers that may be wholly absent: they start fresh then, and the report says so.
  package var orFresh: Weights { Weights(loader, path: path, group: FreshGroup()) }

  /// The parameter of that name and shape, loaded or fresh.
  /// - Parameters:
  ///   - isTable: its rows are gathered, so its gradient stays sparse
  ///   - paddingRow: the row of a table that gets no gradient
  package func parameter(
    _ name: String, _ shape: [Int], start: Start = .normal, isTable: Bool = false, paddingRow: Int32? = nil
  ) -> Parameter {
    let full = path.isEmpty ? name : "\(path).\(name)"
    let value = loader.load(full, shape, group) ?? loader.fresh(shape, start, paddingRow)
    return register(
      full, shape, value, isTable, paddingRow, isTrained: loader.adaptation?.trains(Weights.above(full)) ?? true)
  }

  /// Numbers that belong to the model and are not trained; of that start where the checkpoint lacks them.
  package func buffer(_ name: String, _ shape: [Int], start: Start = .zeros) -> Parameter {
    let full = path.isEmpty ? name : "\(path).\(name)"
    let value = loader.holds(full) ? loader.load(full, shape, nil) : loader.fresh(shape, start, nil)
    return register(full, shape, value, isTrained: false)
  }

  /// Whether the checkpoint has a parameter of that name here, of the shape of another and with other values.
  package func differs(_ name: String, from other: Parameter) -> Bool {
    loader.differs(path.isEmpty ? name : "\(path).\(name)", from: other)
  }

  private func register(
    _ full: String, _ shape: [Int], _ value: Parameter.Storage?, _ isTable: Bool = false, _ paddingRow: Int32? = nil,
    isTrained: Bool
  ) -> Parameter {
    let parameter =
      value.map { Parameter(full, shape, $0, isTable: isTable, paddingRow: paddingRow) }
      ?? Parameter(full, [0], Buffer(count: 0))
    parameter.isTrained = isTrained
    loader.parameters.append(parameter)
    return parameter
  }

  /// The low-rank addition of the linear map at this place, where the model is adapted by one.
  private func lowRank(in inner: Int, out: Int) -> LowRankPair? {
    guard let adaptation = loader.adaptation, let (rank, scale) = adaptation.addition(at: path) else { return nil }
    // An adapter that is just begun adds nothing, as peft starts it: a random half times a zero half.
    func half(_ name: String, _ shape: [Int], _ start: Start) -> Parameter {
      let full = "\(path).\(name).weight"
      let value = loader.holdsAdapter ? loader.load(full, shape, nil) : nil
      return register(full, shape, value ?? loader.fresh(shape, start, nil), isTrained: true)
    }
    return LowRankPair(
      down: half("lora_A", [rank, inner], .uniform(1 / Float(inner).squareRoot())),
      up: half("lora_B", [out, rank], .zeros), scale: scale, dropoutRate: adaptation.dropoutRate)
  }

  /// The matrix of the linear map at this place, with its low-rank addition where the model is adapted by one.
  func matrix(in inner: Int, out: Int, isTransposed: Bool = false) -> Matrix {
    let matrix = Matrix(
      weight: parameter("weight", isTransposed ? [inner, out] : [out, inner]), lowRank: lowRank(in: inner, out: out),
      isTransposed: isTransposed)
    if matrix.lowRank != nil { loader.adapted.append(matrix) }
    return matrix
  }
}

/// Parameters that are present together or absent together.
final class FreshGroup {
  var missing: [String] = []
  var isPresent = false
}

/// What did not fit between a checkpoint and the model that its configuration describes.
package struct WeightReport: Sendable, Equatable {
  package struct Misshaped: Sendable, Equatable {
    package let name: String
    package let expected: [Int]
    package let found: [Int]

    package init(name: String, expected: [Int], found: [Int]) {
      self.name = name
      self.expected = expected
      self.found = found
    }
  }

  /// Names the model needs and the checkpoint lacks.
  package var missing: [String] = []
  package var misshaped: [Misshaped] = []
  /// Names in the checkpoint that the model has no use for.
  package var unused: [String] = []
  /// Names that started from random values, because their whole group is absent: new heads.
  package var fresh: [String] = []

  package init() {}

  package var fits: Bool { missing.isEmpty && misshaped.isEmpty }
}

/// Thrown when names are missing or mis-shaped; all of them at once.
package struct WeightMismatch: Error, Sendable, Equatable {
  package let report: WeightReport
}

/// Takes a model's parameters out of a source, one request at a time, and keeps account.
package final class WeightLoader {
  private let source: (any ParameterSource)?
  private let prefix: String
  private let hidden: String?
  private let deviation: Float
  /// Whether fresh values are never looked at: zeros then, which take no memory.
  private let isShapeOnly: Bool
  let adaptation: LowRankAdaptation?
  /// Whether the source has the values of a low-rank adapter.
  let holdsAdapter: Bool
  private var generator: Generator
  private var used: Set<String> = []
  private var groups: [FreshGroup] = []
  private var failure: (any Error)?
  private var report = WeightReport()
  /// In the order the constructors asked for them.
  package internal(set) var parameters: [Parameter] = []
  /// The matrices that have a low-rank addition.
  package internal(set) var adapted: [Matrix] = []

  /// - Parameters:
  ///   - source: nil starts every parameter from random values
  ///   - prefix: the body's name, which a checkpoint may leave out (`bert`)
  ///   - hiding: a place whose names count as absent, such as a head for other classes
  ///   - deviation: of the normal distribution that fresh weights start from
  ///   - adaptation: freezes all but its own parameters and the places it names
  ///   - isShapeOnly: fresh values are never looked at, and take no memory
  package init(
    source: (any ParameterSource)?, prefix: String, hiding hidden: String? = nil, deviation: Float, seed: UInt64,
    adaptation: LowRankAdaptation? = nil, isShapeOnly: Bool = false
  ) {
    self.adaptation = adaptation
    self.isShapeOnly = isShapeOnly
    holdsAdapter = source?.entries.keys.contains { $0.hasSuffix(".lora_A.weight") } ?? false
    self.source = source
    self.hidden = hidden.map { $0 + "." }
    self.prefix = prefix.isEmpty ? "" : prefix + "."
    self.deviation = deviation
    generator = Generator(seed: seed)
  }

  /// Ends the construction.
  /// - Parameter ignored: beginnings or parts of names that nobody misses, such as `position_ids`
  /// - Returns: what was left over or started fresh
  /// - Throws: `WeightMismatch` with all names at once, or the source's own error
  package func finish(ignoring ignored: [String]) throws -> WeightReport {
    if let failure { throw failure }
    guard let source else { return report }
    for group in groups {
      if group.isPresent { report.missing += group.missing } else { report.fresh += group.missing }
    }
    report.unused = source.entries.keys.filter { name in
      !used.contains(name) && !isHidden(name) && !ignored.contains { name.contains($0) }
    }.sorted()
    guard report.fits else { throw WeightMismatch(report: report) }
    return report
  }

  /// The loaded values; nil where they have to start fresh.
  func load(_ name: String, _ shape: [Int], _ group: FreshGroup?) -> Parameter.Storage? {
    guard let source, failure == nil else { return nil }
    if let group, !groups.contains(where: { $0 === group }) { groups.append(group) }
    guard let found = spellings(name).first(where: { source.entries[$0] != nil && !isHidden($0) }),
      let entry = source.entries[found]
    else {
      if let group { group.missing.append(name) } else { report.missing.append(name) }
      return nil
    }
    used.insert(found)
    group?.isPresent = true
    guard entry.shape == shape else {
      report.misshaped.append(.init(name: found, expected: shape, found: entry.shape))
      return nil
    }
    do {
      return try source.storage(found)
    } catch {
      failure = error
      return nil
    }
  }

  /// Whether the source has the name, in one of its spellings.
  func holds(_ name: String) -> Bool {
    guard let source else { return false }
    return spellings(name).contains { source.entries[$0] != nil && !isHidden($0) }
  }

  func differs(_ name: String, from other: Parameter) -> Bool {
    guard let source, let found = spellings(name).first(where: { source.entries[$0] != nil }),
      source.entries[found]?.shape == other.shape, let values = try? source.values(found)
    else { return false }
    let own = other.value
    return !(0..<other.count).allSatisfy { values.base[$0] == own.base[$0] }
  }

  private func isHidden(_ name: String) -> Bool { hidden.map { name.hasPrefix($0) } ?? false }

  /// The ways a checkpoint may spell a name: without the body's prefix, and norms as TensorFlow named them.
  private func spellings(_ name: String) -> [String] {
    var names = [name]
    if !prefix.isEmpty { names.append(name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : prefix + name) }
    let old = names.compactMap { name -> String? in
      if name.hasSuffix("LayerNorm.weight") { return name.dropLast("weight".count) + "gamma" }
      if name.hasSuffix("LayerNorm.bias") { return name.dropLast("bias".count) + "beta" }
      return nil
    }
    return names + old
  }

  /// Values that start the parameter; nil once something did not fit, since `finish` will refuse the model. A shape that
  /// only a wrong configuration asks for takes no memory then.
  func fresh(_ shape: [Int], _ start: Weights.Start, _ paddingRow: Int32?) -> Parameter.Storage? {
    guard report.fits, failure == nil else { return nil }
    guard !isShapeOnly else { return .dense(Buffer(zeros: shape.reduce(1, *))) }
    let buffer = Buffer(count: shape.reduce(1, *))
    switch start {
    case .zeros: buffer.base.update(repeating: 0, count: buffer.count)
    case .ones: buffer.base.update(repeating: 1, count: buffer.count)
    case .uniform(let bound):
      for index in 0..<buffer.count { buffer.base[index] = bound * (2 * generator.uniform() - 1) }
    case .normal: for index in 0..<buffer.count { buffer.base[index] = generator.normal(deviation: deviation) }
    }
    if let paddingRow, let width = shape.last {
      (buffer.base + Int(paddingRow) * width).update(repeating: 0, count: width)
    }
    return .dense(buffer)
  }
}
