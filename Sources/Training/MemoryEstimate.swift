import Foundation
import Layers
import Models
import Tensors

/// What a training run will hold in memory at most, part by part: the model's own parameters, and the sizes of a batch.
package struct MemoryEstimate: Sendable, Equatable {
  /// How a run trains, as far as memory is concerned.
  package struct Plan: Sendable, Equatable {
    /// The largest batch of training.
    package var batch: BatchShape
    /// The largest of an evaluation; nil without one.
    package var evaluation: BatchShape?
    /// Whether batches differ in size, so that buffers of one lie free beside those of another.
    package var isRagged = true
    /// Whether blocks are computed again on the way back (gradient checkpointing).
    package var recomputes = false
    /// Different tokens in the data: rows of the word table that are met; nil: all.
    package var words: Int?
    /// Whether the best weights are kept in memory, because no checkpoint holds them.
    package var keepsBest = false
    /// What the program holds before there is a model: itself, tokenizer, data.
    package var resident: Int

    package init(_ batch: BatchShape, resident: Int) {
      self.batch = batch
      self.resident = resident
    }
  }

  /// Bytes of each part.
  package let weights: Int
  package let gradients: Int
  package let optimizer: Int
  package let activations: Int
  /// The best weights so far, where they are kept in memory.
  package let best: Int
  /// Buffers that lie free between others.
  package let idle: Int
  package let program: Int

  /// Gradients arrive while activations go, so that only the larger of the two counts.
  package var total: Int { weights + optimizer + best + max(gradients, activations) + idle + program }

  package init(_ model: TransformerModel, _ plan: Plan) {
    let rows = plan.words ?? model.configuration.vocabularySize
    let parts = model.parameters.map { ParameterMemory($0, model, metRows: rows, batchRows: plan.batch.tokens) }
    weights = parts.reduce(0) { $0 + $1.weights }
    optimizer = parts.reduce(0) { $0 + $1.moments }
    best = plan.keepsBest ? parts.reduce(0) { $0 + ($1.isTrained ? $1.values : 0) } : 0
    let shape = ActivationSizes(model, plan)
    // What a head that reads the whole word table leaves there is there before the way back begins.
    let early = parts.reduce(0) { $0 + ($1.isReadWhole ? $1.gradient : 0) }
    gradients = MemoryEstimate.rounded(parts.reduce(0) { $0 + $1.gradient } + shape.embeddings)
    activations = max(MemoryEstimate.rounded(shape.training + early), MemoryEstimate.rounded(shape.evaluation))
    let live = max(gradients, activations)
    // Measured: where blocks keep nothing, half as much lies free.
    let most = shape.keepsAny ? BufferPool.slack : BufferPool.slack / 2
    idle = plan.isRagged ? min(most, MemoryEstimate.idleShare * live) : 0
    program = plan.resident + MemoryEstimate.laterBytes
  }

  /// Buffers are handed out in eighths of a power of two.
  private static func rounded(_ bytes: Int) -> Int { bytes + bytes / 24 }
  /// Measured: batches of few tokens leave this many times their own memory in buffers of other sizes.
  private static let idleShare = 6
  /// Measured: code that is first run in training.
  private static let laterBytes = 4 << 20
}

/// The memory of one parameter.
private struct ParameterMemory {
  /// Bytes of its values as floats.
  let values: Int
  /// Bytes of it that come into memory.
  let weights: Int
  let moments: Int
  let gradient: Int
  let isTrained: Bool
  /// A word table that a head reads whole: its gradient has all rows.
  let isReadWhole: Bool

  /// What the system brings in at once around a page of a file that is asked for.
  private static let filePages = 1 << 16
  private static let page = 1 << 12

  init(_ parameter: Parameter, _ model: TransformerModel, metRows: Int, batchRows: Int) {
    let float = MemoryLayout<Float>.stride
    let rows = parameter.shape.first ?? 0
    let isWords = parameter.isTable && rows == model.configuration.vocabularySize
    values = parameter.count * float
    isTrained = parameter.isTrained
    isReadWhole = isWords && model.kind.isOfWords && model.readsWordTable
    // Rows that nobody asked for stay in the file, unless training moves them: weight decay does.
    let isSparse = isWords && !isReadWhole
    let bytes = parameter.bytes
    weights =
      isSparse && !isTrained && parameter.isMapped ? Self.touched(bytes, rows: metRows, at: Self.filePages) : bytes
    guard parameter.isTrained else {
      (moments, gradient) = (0, 0)
      return
    }
    moments = 2 * (isSparse ? Self.touched(values, rows: metRows, at: Self.page) : values)
    gradient = isSparse ? min(batchRows, metRows) * (parameter.shape.last ?? 0) * float : values
  }

  /// How much of a table is in memory when so many of its rows, anywhere in it, were asked for in pieces of that size.
  private static func touched(_ bytes: Int, rows: Int, at piece: Int) -> Int {
    guard bytes > piece else { return bytes }
    return Int(Double(bytes) * (1 - pow(1 - Double(piece) / Double(bytes), Double(rows))))
  }
}
