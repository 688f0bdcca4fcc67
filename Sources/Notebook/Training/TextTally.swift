import Foundation
import Pipelines
import Training

/// What is counted while a model scores texts; of each text as little is kept as the metrics allow.
protocol TextTally {
  var mistakes: SurestMistakes { get }
  /// - Parameter index: of the example; examples come in order
  mutating func add(_ index: Int, _ target: Target, _ scores: [Float])
  func report(_ loss: Float) -> TaskReport
}

/// Of texts with one label: counts alone.
struct OneLabelTally: TextTally {
  let labels: [String]
  private(set) var mistakes: SurestMistakes
  private var confusion: [[Int]]
  private var calibration = Calibration.Tally()

  init(_ labels: [String], mistakes: Int) {
    self.labels = labels
    self.mistakes = SurestMistakes(mistakes)
    confusion = labels.map { _ in labels.map { _ in 0 } }
  }

  mutating func add(_ index: Int, _ target: Target, _ scores: [Float]) {
    guard case .label(let expected) = target else { return }
    let chances = probabilities(scores)
    let predicted = chances.indices.max { chances[$0] < chances[$1] } ?? 0
    confusion[expected][predicted] += 1
    calibration.add(chances[predicted], isRight: predicted == expected)
    if predicted != expected {
      mistakes.add(index, chances[predicted]) { [labels] in (labels[expected], labels[predicted]) }
    }
  }

  func report(_ loss: Float) -> TaskReport {
    let metrics = ClassificationMetrics(confusion: confusion, labels: labels)
    var report = TaskReport(loss: loss, metrics)
    report.classes = metrics.labels.map { .init($0) }
    report.confusion = .init(labels: labels, counts: confusion)
    report.calibration = Calibration(calibration)
    return report
  }
}

/// Of texts with several labels: a decision for each label of each text.
struct ManyLabelsTally: TextTally {
  let labels: [String]
  private(set) var mistakes: SurestMistakes
  private var expected: [[Bool]] = []
  private var predicted: [[Bool]] = []

  init(_ labels: [String], mistakes: Int) {
    self.labels = labels
    self.mistakes = SurestMistakes(mistakes)
  }

  mutating func add(_ index: Int, _ target: Target, _ scores: [Float]) {
    guard case .labels(let targets) = target else { return }
    let right = targets.map { $0 > 0.5 }
    // A logit above 0 is a probability above one half.
    let said = scores.map { $0 > 0 }
    expected.append(right)
    predicted.append(said)
    guard right != said else { return }
    func names(_ flags: [Bool]) -> String {
      flags.contains(true) ? zip(labels, flags).filter(\.1).map(\.0).joined(separator: ", ") : "none"
    }
    let words = (names(right), names(said))
    mistakes.add(index, Double(scores.map { abs($0) }.min() ?? 0)) { words }
  }

  func report(_ loss: Float) -> TaskReport {
    let metrics = MultiLabelMetrics(expected: expected, predicted: predicted, labels: labels)
    var report = TaskReport(loss: loss, metrics)
    report.classes = metrics.labels.map { .init($0) }
    return report
  }
}

/// Of texts with a number: two numbers for each, since ranks need them all.
struct NumberTally: TextTally {
  private(set) var mistakes: SurestMistakes
  private var expected: [Float] = []
  private var predicted: [Float] = []

  init(mistakes: Int) { self.mistakes = SurestMistakes(mistakes) }

  mutating func add(_ index: Int, _ target: Target, _ scores: [Float]) {
    guard case .value(let right) = target else { return }
    let said = scores.first ?? 0
    expected.append(right)
    predicted.append(said)
    mistakes.add(index, abs(Double(right) - Double(said))) { ("\(right)", String(format: "%.2f", said)) }
  }

  func report(_ loss: Float) -> TaskReport {
    TaskReport(
      loss: loss, RegressionMetrics(expected: expected.map(Double.init), predicted: predicted.map(Double.init)))
  }
}
