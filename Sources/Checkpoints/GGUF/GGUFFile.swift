import Foundation
import Layers
import Tensors

/// One GGUF file, memory-mapped and checked in full before any of it is used. Names are ggml's own
/// (`blk.0.attn_q.weight`).
package final class GGUFFile: ParameterSource {
  package let url: URL
  /// The metadata's keys in the file's order.
  package let keys: [String]
  package let metadata: [String: GGUFValue]
  package let entries: [String: ParameterEntry]

  private let mapping: MappedFile
  private let places: [String: GGUFHeader.Place]

  /// Throws `FileError` when the file cannot be read, `GGUFError` when its header does not hold.
  package init(_ url: URL) throws {
    self.url = url
    mapping = try MappedFile(url)
    let header: GGUFHeader
    do {
      header = try mapping.withBytes { bytes throws(GGUFProblem) in try GGUFHeader(UnsafeRawBufferPointer(bytes)) }
    } catch {
      throw GGUFError(file: url.path, problem: error)
    }
    keys = header.keys
    metadata = header.metadata
    places = header.places
    entries = header.places.mapValues { ParameterEntry(shape: $0.shape, type: $0.type.name, bytes: $0.bytes) }
  }

  /// Row-major values. F32 is the mapped file itself; every other type is a converted copy.
  package func values(_ name: String) throws -> Buffer {
    let place = try place(name)
    guard case .elements(let type) = place.type else { return matrix(place)?.dequantized ?? Buffer(count: 0) }
    guard let values = mapping.floats(type, at: place.offset, count: place.count) else {
      throw refused(.unsupportedType(tensor: name, type: place.type.number))
    }
    return values
  }

  /// Blocks stay in the mapped file as they are.
  package func storage(_ name: String) throws -> Parameter.Storage {
    let place = try place(name)
    if place.shape.count == 2, let matrix = matrix(place) { return .quantized(matrix) }
    return .dense(try values(name))
  }

  func refused(_ problem: GGUFProblem) -> GGUFError { GGUFError(file: url.path, problem: problem) }

  private func place(_ name: String) throws(GGUFError) -> GGUFHeader.Place {
    guard let place = places[name] else { throw refused(.noSuchTensor(name)) }
    return place
  }

  /// Nil for plain elements.
  private func matrix(_ place: GGUFHeader.Place) -> QuantizedMatrix? {
    guard case .blocks(let format) = place.type, let width = place.shape.last else { return nil }
    return QuantizedMatrix(
      format, rows: width == 0 ? 0 : place.count / width, width: width, borrowing: mapping.base + place.offset,
      from: mapping)
  }

}

extension GGUFFile {
  /// The value under a key, in the form that `read` gives, such as `\.text`; nil where there is no such key.
  package func value<Value>(
    _ key: String, _ expected: String, _ read: (GGUFValue) -> Value?
  ) throws(GGUFError) -> Value? {
    guard let value = metadata[key] else { return nil }
    guard let result = read(value) else {
      throw refused(.wrongValue(key: key, expected: expected))
    }
    return result
  }

  /// The same, and an error where there is no such key.
  package func require<Value>(
    _ key: String, _ expected: String, _ read: (GGUFValue) -> Value?
  ) throws(GGUFError) -> Value {
    guard let value = try value(key, expected, read) else {
      throw refused(.missingKey(key))
    }
    return value
  }
}
