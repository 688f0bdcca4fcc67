import Checkpoints
import Foundation
import Layers
import Tensors
import Testing

/// Quantised blocks against the `gguf` package of Python: `gguf_blocks.py` wrote the file.
@Suite struct GGUFBlocksTests {
  let file: GGUFFile

  init() throws { file = try GGUFFile(fixtures.appendingPathComponent("blocks.gguf")) }

  @Test(arguments: BlockFormat.allCases)
  func dequantisesToTheSameBits(_ format: BlockFormat) throws {
    let ours = try floats(file.values("\(format.rawValue).blocks"))
    let theirs = try floats(file.values("\(format.rawValue).values"))
    #expect(ours.map(\.bitPattern) == theirs.map(\.bitPattern))
    #expect(Set(ours).count > 100)
  }

  @Test(arguments: [BlockFormat.q40, .q41, .q50, .q51, .q80])
  func quantisesToTheSameBytes(_ format: BlockFormat) throws {
    let ours = QuantizedMatrix(try file.values("source"), rows: 3, width: 64, format)
    guard case .quantized(let theirs, _) = try file.storage("\(format.rawValue).packed") else {
      Issue.record("the packed tensor is not quantised")
      return
    }
    #expect(Array(ours.bytes) == Array(theirs.bytes))
  }

  @Test func keepsMatricesAsTheyAre() throws {
    guard case .quantized(let matrix, _) = try file.storage("Q6_K.blocks") else {
      Issue.record("a matrix of blocks became dense")
      return
    }
    #expect((matrix.rows, matrix.width) == (2, 256))
    #expect(file.entries["Q6_K.blocks"] == ParameterEntry(shape: [2, 256], type: "Q6_K", bytes: 420))
    guard case .dense = try file.storage("source") else {
      Issue.record("floats became quantised")
      return
    }
  }
}
