import Tensors

/// What a file says of one tensor, before any of it is read.
package struct ParameterEntry: Sendable, Equatable {
  package let shape: [Int]
  /// The file's own name of the element type, such as `F32` or `BF16`.
  package let type: String
  /// Bytes in the file.
  package let bytes: Int

  package init(shape: [Int], type: String, bytes: Int) {
    self.shape = shape
    self.type = type
    self.bytes = bytes
  }
}

/// Anything that holds named tensors: a safetensors file, a sharded folder, a GGUF file.
package protocol ParameterSource: AnyObject {
  /// Every tensor in the file, by its name there.
  var entries: [String: ParameterEntry] { get }

  /// The tensor's values as 32-bit floats in row-major order: mapped where the file allows it, else converted.
  func values(_ name: String) throws -> Buffer

  /// The same as the model keeps it: a matrix that is quantised in the file stays so.
  func storage(_ name: String) throws -> Parameter.Storage
}

extension ParameterSource {
  package func storage(_ name: String) throws -> Parameter.Storage { .dense(try values(name)) }
}
