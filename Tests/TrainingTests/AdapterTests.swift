import Checkpoints
import Foundation
import Layers
import Models
import Tensors
import Testing
import Training

/// Adapters that peft wrote (`Fixtures/adapters/golden.py`), and ours that it reads.
@Suite struct AdapterTests {
  static let names = ["bert-classes", "distilbert-tags", "roberta-answers"]

  private struct Golden: Decodable {
    let base: String
    let ids: [Int32]
    let logits: [Float]
  }

  /// An adapter's folder over the tiny model that it names.
  private struct Adapted {
    let golden: Golden
    let model: TransformerModel

    init(_ name: String, folder: URL? = nil) throws {
      let fixture = AdapterTests.folder(name)
      let golden = try JSONDecoder().decode(
        Golden.self, from: FileContents.read(fixture.appendingPathComponent("golden.json")))
      let base = GoldenFiles.folder(golden.base)
      let file = (folder ?? fixture).appendingPathComponent("adapter_config.json")
      let (adaptation, of) = try LowRankAdaptation.decode(try FileContents.read(file), file: file.path)
      #expect(of.name == golden.base)
      let configuration = try TransformerConfiguration(
        json: try FileContents.read(base.appendingPathComponent("config.json")), file: "config.json")
      let source = AdapterSource(
        base: try Safetensors.open(folder: base),
        adapter: try SafetensorsFile((folder ?? fixture).appendingPathComponent("adapter_model.safetensors")))
      self.golden = golden
      model = try TransformerModel(configuration, try #require(of.kind), source: source, adaptation: adaptation)
    }

    func logits(_ model: TransformerModel? = nil) -> [Float] {
      let batch = TokenBatch([(golden.ids, nil)])
      return (model ?? self.model)(batch, Pass(boundaries: batch.boundaries)).values
    }
  }

  static func folder(_ name: String) -> URL {
    GoldenFiles.folder("").deletingLastPathComponent().appendingPathComponent("adapters/\(name)")
  }

  @Test("An adapter of peft over its base gives peft's logits", arguments: names)
  func loads(_ name: String) throws {
    let adapted = try Adapted(name)
    #expect(adapted.logits().count == adapted.golden.logits.count)
    #expect(zip(adapted.logits(), adapted.golden.logits).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(adapted.model.report == WeightReport())
    let trained = adapted.model.parameters.filter(\.isTrained).map(\.name)
    #expect(trained.allSatisfy { $0.contains(".lora_") || $0.hasPrefix("classifier") || $0.hasPrefix("qa_outputs") })
    #expect(trained.contains { $0.hasSuffix(".lora_A.weight") } && trained.contains { !$0.contains(".lora_") })
  }

  @Test("Saved and opened again, it is the same adapter to the bit, under peft's names", arguments: names)
  func roundTrip(_ name: String) throws {
    let adapted = try Adapted(name)
    try inScratch { scratch in
      let place = scratch.appendingPathComponent("adapter")
      try ModelFolder.write(adapted.model, .init(base: adapted.golden.base, files: []), to: place)
      let ours = try SafetensorsFile(place.appendingPathComponent("adapter_model.safetensors"))
      let theirs = try SafetensorsFile(Self.folder(name).appendingPathComponent("adapter_model.safetensors"))
      #expect(ours.entries == theirs.entries)
      #expect(try Adapted(name, folder: place).logits() == adapted.logits())
      let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
      #expect(names == ["adapter_config.json", "adapter_model.safetensors", "config.json"])
    }
  }

  @Test("In half precision it takes half the bytes and gives nearly the same", arguments: names)
  func halfPrecision(_ name: String) throws {
    let adapted = try Adapted(name)
    try inScratch { scratch in
      let place = scratch.appendingPathComponent("adapter")
      var company = ModelFolder.Company(base: adapted.golden.base, files: [])
      company.isHalf = true
      try ModelFolder.write(adapted.model, company, to: place)
      let file = try SafetensorsFile(place.appendingPathComponent("adapter_model.safetensors"))
      #expect(file.entries.values.allSatisfy { $0.type == "F16" })
      let half = try Adapted(name, folder: place).logits()
      #expect(half != adapted.logits())
      #expect(zip(half, adapted.logits()).allSatisfy { abs($0 - $1) < 5e-3 })
    }
  }

  @Test("Merged, a plain model gives the same logits", arguments: names)
  func merges(_ name: String) throws {
    let adapted = try Adapted(name)
    try inScratch { scratch in
      let place = scratch.appendingPathComponent("merged")
      try ModelFolder.writeMerged(adapted.model, files: [], to: place)
      let file = place.appendingPathComponent("config.json")
      let merged = try TransformerModel(
        TransformerConfiguration(json: try FileContents.read(file), file: file.path), adapted.model.kind,
        source: try Safetensors.open(folder: place))
      #expect(merged.report == WeightReport())
      #expect(zip(adapted.logits(merged), adapted.logits()).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("A new adapter begins by adding nothing, and training moves it and the head alone")
  func begins() throws {
    let folder = GoldenFiles.folder("bert-sequence-classification")
    let configuration = try TransformerConfiguration(
      json: try FileContents.read(folder.appendingPathComponent("config.json")), file: "config.json")
    let source = try Safetensors.open(folder: folder)
    let base = try TransformerModel(configuration, .sequenceClassification, source: source)
    let adaptation = LowRankAdaptation(
      rank: 2, targets: .places(configuration.family.linearPlaces),
      trainedPlaces: configuration.family.headPlaces(.sequenceClassification))
    let model = try TransformerModel(configuration, .sequenceClassification, source: source, adaptation: adaptation)
    let batch = TokenBatch([([2, 9, 14, 3], nil), ([2, 7, 3], nil)])
    func logits(_ model: TransformerModel) -> [Float] { model(batch, Pass(boundaries: batch.boundaries)).values }
    #expect(logits(model) == logits(base))
    #expect(model.report.fresh.isEmpty)

    let before = model.parameters.map(\.tensor.values)
    let step = TrainingStep(model, AdamW(model.parameters, .init()))
    for _ in 0..<2 { _ = step.take([(batch, .classes([0, 1]))], learningRate: 0.01, dropout: nil) }
    for (parameter, old) in zip(model.parameters, before) {
      let isMeant = parameter.name.contains(".lora_") || parameter.name.hasPrefix("classifier.")
      #expect((parameter.tensor.values != old) == isMeant, "\(parameter.name)")
    }
  }

  @Test(
    "A variant that computes something else is refused by the name of its field",
    arguments: [
      ("use_dora", "true"), ("layers_to_transform", "[0]"), ("peft_type", "\"IA3\""),
      ("bias", "\"all\""), ("target_modules", "\"(\""), ("r", "0"), ("r", "\"8\""),
    ])
  func refuses(key: String, value: String) throws {
    var text = try String(
      contentsOf: Self.folder("bert-classes").appendingPathComponent("adapter_config.json"), encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.contains("\"\(key)\":") })
    if key == "target_modules" {
      text = text.replacing(/"target_modules": \[[^\]]*\]/, with: "\"target_modules\": \(value)")
    } else {
      text = text.replacing(line, with: "  \"\(key)\": \(value)\(line.hasSuffix(",") ? "," : "")")
    }
    #expect {
      try LowRankAdaptation.decode(Data(text.utf8), file: "a.json")
    } throws: { error in
      switch error as? ConfigurationError {
      case .unsupported(_, let found, _, _), .wrongType(_, let found, _), .outOfRange(_, let found, _, _): found == key
      default: false
      }
    }
  }
}

/// A folder that is gone afterwards.
func inScratch(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attune-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}
