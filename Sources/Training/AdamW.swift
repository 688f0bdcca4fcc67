import Checkpoints
import Layers
import Tensors

/// AdamW (Loshchilov & Hutter 2019) with decoupled decay on parameters of rank above 1, as PyTorch computes it.
///
/// Gradients of gathered tables stay sparse: rows that no batch has met yet only decay, which is what a zero gradient
/// and zero moments would do to them.
package final class AdamW {
  package struct Settings: Sendable, Equatable {
    package var beta1: Float = 0.9
    package var beta2: Float = 0.999
    package var epsilon: Float = 1e-8
    package var weightDecay: Float = 0.01
    /// Gradients longer than this are scaled down to it; nil leaves them.
    package var maximumNorm: Float? = 1

    package init(weightDecay: Float = 0.01, maximumNorm: Float? = 1) {
      self.weightDecay = weightDecay
      self.maximumNorm = maximumNorm
    }
  }

  private let settings: Settings
  private let states: [State]
  /// Steps that are done.
  private(set) var steps = 0

  /// - Parameter rate: what a parameter's learning rate is of the step's
  package init(_ parameters: [Parameter], _ settings: Settings, rate: (Parameter) -> Float = { _ in 1 }) {
    self.settings = settings
    states = parameters.filter(\.isTrained).map { State($0, rate: rate($0)) }
  }

  /// Moves every parameter along the gradient that the walk back left in it.
  /// - Returns: the length of the whole gradient before clipping
  package func step(learningRate: Float) -> Float {
    steps += 1
    let norm = gradientNorm()
    let clip = settings.maximumNorm.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    let kernel = Optimizing.AdamWStep(
      learningRate: learningRate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
      weightDecay: settings.weightDecay, correction1: 1 - power(settings.beta1, steps),
      correction2: (1 - power(settings.beta2, steps)).squareRoot(), clip: clip)
    let jobs = states.flatMap { state in state.jobs(kernel) }
    parallel(jobs.count, chunk: 1) { part in for index in part { jobs[index]() } }
    return norm
  }

  /// The Euclidean length over all gradients.
  private func gradientNorm() -> Float {
    Float(Optimizing.sumOfSquares(states.compactMap { $0.parameter.gradient?.stored }).squareRoot())
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    var result = 1.0
    for _ in 0..<exponent { result *= Double(base) }
    return Float(result)
  }
}

extension AdamW {
  /// Everything that the next step depends on, to be saved beside the weights.
  package var items: [SafetensorsWriter.Item] {
    [.init(AdamW.stepsName, [1], integers: [steps])] + states.flatMap(\.items)
  }

  /// Takes up what `items` of the same parameters saved.
  /// - Throws: `SafetensorsError` when a tensor is missing or of another shape
  package func restore(from file: SafetensorsFile) throws {
    steps = try file.integers(AdamW.stepsName).first ?? 0
    for state in states { try state.restore(from: file) }
  }

  private static let stepsName = "steps"
}

/// The moments of one parameter.
private final class State {
  let parameter: Parameter
  private let first: Buffer
  private let second: Buffer
  /// Rows of a gathered table that some batch has met.
  private var met: [Bool]
  private let decays: Bool
  private let rate: Float
  private static let chunk = 1 << 15

  init(_ parameter: Parameter, rate: Float) {
    self.parameter = parameter
    self.rate = rate
    first = Buffer(zeros: parameter.count)
    second = Buffer(zeros: parameter.count)
    met = parameter.isTable ? Array(repeating: false, count: parameter.shape[0]) : []
    decays = parameter.shape.count > 1
  }

  func jobs(_ step: Optimizing.AdamWStep) -> [() -> Void] {
    var step = step
    step.learningRate *= rate
    if !decays { step.weightDecay = 0 }
    switch parameter.gradient {
    case nil: return []
    case .dense(let gradient):
      for row in met.indices { met[row] = true }
      return stride(from: 0, to: parameter.count, by: State.chunk).map { start in
        { self.update(start, min(State.chunk, self.parameter.count - start), gradient.base + start, step) }
      }
    case .rows(let gradient): return rowJobs(gradient, step)
    }
  }

  private func rowJobs(_ gradient: RowGradient, _ step: Optimizing.AdamWStep) -> [() -> Void] {
    let width = gradient.width
    var places = [Int32](repeating: -1, count: parameter.shape[0])
    for (place, row) in gradient.rows.enumerated() {
      places[Int(row)] = Int32(place)
      met[Int(row)] = true
    }
    let (met, keep) = (met, 1 - step.learningRate * step.weightDecay)
    let rowsPerJob = max(1, State.chunk / max(1, width))
    return stride(from: 0, to: places.count, by: rowsPerJob).map { firstRow in
      {
        for row in firstRow..<min(places.count, firstRow + rowsPerJob) {
          if met[row] {
            let part = places[row] < 0 ? nil : gradient.pointer + Int(places[row]) * width
            self.update(row * width, width, part, step)
          } else if keep != 1 {
            Optimizing.scale(self.parameter.value.base + row * width, by: keep, width)
          }
        }
      }
    }
  }

  private func update(_ start: Int, _ count: Int, _ gradient: UnsafePointer<Float>?, _ step: Optimizing.AdamWStep) {
    Optimizing.adamW(parameter.value.base + start, gradient, first.base + start, second.base + start, step, count)
  }

  // MARK: Saving

  private var width: Int { parameter.shape.last ?? 1 }

  /// Of a gathered table, only the rows that some batch has met: the others hold zeros.
  var items: [SafetensorsWriter.Item] {
    let moments = [("exp_avg", first), ("exp_avg_sq", second)]
    guard !met.isEmpty else {
      return moments.map { .init("\(parameter.name).\($0)", parameter.shape, $1) }
    }
    let rows = met.indices.filter { met[$0] }
    return [.init("\(parameter.name).rows", [rows.count], integers: rows)]
      + moments.map { name, moment in
        let gathered = Buffer(count: rows.count * width)
        for (place, row) in rows.enumerated() {
          (gathered.base + place * width).update(from: moment.base + row * width, count: width)
        }
        return .init("\(parameter.name).\(name)", [rows.count, width], gathered)
      }
  }

  func restore(from file: SafetensorsFile) throws {
    let rows = met.isEmpty ? nil : try file.integers("\(parameter.name).rows").filter(met.indices.contains)
    for (name, moment) in [("exp_avg", first), ("exp_avg_sq", second)] {
      let saved = try file.values("\(parameter.name).\(name)")
      guard let rows else {
        moment.base.update(from: saved.base, count: min(saved.count, moment.count))
        continue
      }
      for (place, row) in rows.enumerated() where (place + 1) * width <= saved.count {
        (moment.base + row * width).update(from: saved.base + place * width, count: width)
        met[row] = true
      }
    }
  }
}
