import Layers
import Models
import Testing

@Suite struct LayerSelectionTests {
  private static let families = [
    ("bert", "num_hidden_layers"), ("roberta", "num_hidden_layers"), ("distilbert", "n_layers"),
  ]

  @Test("Half of the layers are every second one, renumbered", arguments: families)
  func half(_ family: String, _ key: String) throws {
    let whole = try TransformerModel(
      ConfigurationText(family).with(key, "4").configuration(), .sequenceClassification, source: nil, seed: 3)
    var configuration = whole.configuration
    let kept = configuration.keepLayers(2)
    #expect(kept == [0, 2])
    let half = try TransformerModel(
      configuration, .sequenceClassification,
      source: LayerSelection(ParametersOf(whole), keeping: kept, of: configuration.family))
    #expect(half.report.unused.isEmpty && half.report.fresh.isEmpty)
    #expect(half.parameters.count < whole.parameters.count)
    let values = Dictionary(uniqueKeysWithValues: whole.parameters.map { ($0.name, $0.tensor.values) })
    for parameter in half.parameters {
      let name = parameter.name.replacing("layer.1.", with: "layer.2.")
      #expect(parameter.tensor.values == values[name], "\(parameter.name)")
    }
  }

  @Test("A checkpoint without the body's prefix is read the same way")
  func bare() throws {
    let whole = try TransformerModel(
      ConfigurationText("bert").with("num_hidden_layers", "3").configuration(), .body, source: nil, seed: 3)
    let bare = ParametersOf(whole) { String($0.drop { $0 != "." }.dropFirst()) }
    var configuration = whole.configuration
    let kept = configuration.keepLayers(1)
    let one = try TransformerModel(
      configuration, .body, source: LayerSelection(bare, keeping: kept, of: configuration.family))
    let values = Dictionary(uniqueKeysWithValues: whole.parameters.map { ($0.name, $0.tensor.values) })
    #expect(one.parameters.contains { $0.name == "bert.encoder.layer.0.output.dense.weight" })
    #expect(one.parameters.allSatisfy { $0.tensor.values == values[$0.name] })
  }

  @Test("Those that stay are spread evenly, and the file says how many", arguments: families)
  func spread(_ family: String, _ key: String) throws {
    var configuration = try ConfigurationText(family).with(key, "12").configuration()
    #expect(configuration.keepLayers(5) == [0, 2, 4, 7, 9])
    #expect(try TransformerConfiguration(json: configuration.json, file: "c").layers == 5)
    #expect(configuration.keepLayers(5) == [0, 1, 2, 3, 4])
    #expect(configuration.keepLayers(1) == [0] && configuration.layers == 1)
  }
}
