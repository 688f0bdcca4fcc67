import Models
import Tensors

/// A copy of the trained parameters, so that the best epoch can be taken back.
package struct ParameterSnapshot {
  private let values: [(parameter: Parameter, copy: Buffer)]

  package init(_ model: TransformerModel) {
    values = model.parameters.filter(\.isTrained).map { parameter in
      let copy = Buffer(count: parameter.count)
      copy.base.update(from: parameter.value.base, count: parameter.count)
      return (parameter, copy)
    }
  }

  /// Puts the values back where they came from.
  package func restore() {
    for (parameter, copy) in values { parameter.value.base.update(from: copy.base, count: copy.count) }
  }
}
