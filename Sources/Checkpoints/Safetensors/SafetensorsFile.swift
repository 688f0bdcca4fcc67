import Foundation
import Layers
import Tensors

/// One safetensors file, memory-mapped and checked in full before any of it is used.
///
/// The mapping is private: a parameter may be trained where it lies, and the file never changes.
package final class SafetensorsFile: ParameterSource {
  package let url: URL
  /// The header's `__metadata__`; empty when it has none.
  package let metadata: [String: String]
  package let entries: [String: ParameterEntry]

  private let mapping: MappedFile
  private let places: [String: SafetensorsHeader.Place]

  /// Throws `FileError` when the file cannot be read, `SafetensorsError` when its header does not hold.
  package init(_ url: URL) throws {
    self.url = url
    mapping = try MappedFile(url)
    let header: SafetensorsHeader
    do {
      header = try mapping.withBytes { bytes throws(SafetensorsProblem) in
        try SafetensorsHeader(UnsafeRawBufferPointer(bytes))
      }
    } catch {
      throw SafetensorsError(file: url.path, problem: error)
    }
    metadata = header.metadata
    places = header.places
    entries = header.places.mapValues {
      ParameterEntry(shape: $0.shape, type: $0.type.rawValue, bytes: $0.bytes)
    }
  }

  /// Row-major values. F32 is the mapped file itself, and asking twice gives the same memory; every other
  /// type, and F32 that is not aligned to 4 bytes, is a converted copy.
  package func values(_ name: String) throws -> Buffer {
    let place = try place(name)
    guard let values = mapping.floats(place.type, at: place.offset, count: place.count) else {
      throw unreadable(name, place, wanted: "floats")
    }
    return values
  }

  /// Row-major values of an integer or BOOL tensor.
  package func integers(_ name: String) throws -> [Int] {
    let place = try place(name)
    let start = mapping.base + place.offset
    guard let values = mapping.withBytes({ _ in place.type.integers(start, count: place.count) }) else {
      throw unreadable(name, place, wanted: "integers")
    }
    return values
  }

  private func place(_ name: String) throws -> SafetensorsHeader.Place {
    guard let place = places[name] else {
      throw SafetensorsError(file: url.path, problem: .noSuchTensor(name))
    }
    return place
  }

  private func unreadable(
    _ name: String, _ place: SafetensorsHeader.Place, wanted: String
  )
    -> SafetensorsError
  {
    SafetensorsError(
      file: url.path, problem: .notReadable(tensor: name, type: place.type.rawValue, wanted: wanted))
  }
}
