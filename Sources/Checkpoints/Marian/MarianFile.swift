import Foundation
import Layers
import Tensors

/// A model in Marian's binary format, memory-mapped and checked in full before any of it is used. Names are Marian's own
/// (`encoder_l1_self_Wq`).
package final class MarianFile: ParameterSource {
  package let url: URL
  package let entries: [String: ParameterEntry]

  private let mapping: MappedFile
  private let places: [String: MarianHeader.Place]

  /// Throws `FileError` when the file cannot be read, `MarianError` when its header does not hold.
  package init(_ url: URL) throws {
    self.url = url
    mapping = try MappedFile(url)
    let header: MarianHeader
    do {
      header = try mapping.withBytes { bytes throws(MarianProblem) in
        try MarianHeader(UnsafeRawBufferPointer(bytes))
      }
    } catch {
      throw MarianError(file: url.path, problem: error)
    }
    places = header.places
    entries = header.places.mapValues { ParameterEntry(shape: $0.shape, type: $0.kind.name, bytes: $0.bytes) }
  }

  func refused(_ problem: MarianProblem) -> MarianError { MarianError(file: url.path, problem: problem) }

  /// In the order of the file, 8-bit weights divided by what stands behind them. A matrix of 8-bit weights lies
  /// transposed there, whatever its shape says, unless it is a table.
  package func values(_ name: String) throws -> Buffer {
    guard let place = places[name] else { throw refused(.noSuchTensor(name)) }
    let start = mapping.base + place.offset
    switch place.kind {
    case .elements(let type):
      guard let values = mapping.floats(type, at: place.offset, count: place.count) else {
        throw refused(.unsupportedType(tensor: name, type: place.kind.number))
      }
      return values
    case .quantized:
      let multiplier = try multiplier(name, place)
      let buffer = Buffer(count: place.count)
      mapping.withBytes { _ in
        let quanta = start.assumingMemoryBound(to: Int8.self)
        for index in 0..<place.count { buffer.base[index] = Float(quanta[index]) / multiplier }
      }
      return buffer
    }
  }

  /// What 8-bit weights are divided by.
  private func multiplier(_ name: String, _ place: MarianHeader.Place) throws -> Float {
    let multiplier = mapping.withBytes { _ in
      Float(
        bitPattern: UInt32(
          littleEndian: (mapping.base + place.offset).loadUnaligned(fromByteOffset: place.count, as: UInt32.self)))
    }
    guard multiplier > 0, multiplier.isFinite else { throw refused(.badMultiplier(tensor: name)) }
    return multiplier
  }

  /// What a tensor's 8-bit weights are divided by; nil for other tensors.
  func multiplier(_ name: String) throws -> Float? {
    guard let place = places[name], place.kind == .quantized else { return nil }
    return try multiplier(name, place)
  }

  /// Whether the tensor's 8-bit weights lie transposed.
  func isTransposed(_ name: String) -> Bool { places[name]?.kind == .quantized }

  /// The settings that the model was trained with: the top level of the text that the file carries.
  package func settings() throws -> [String: String] {
    let name = "special:model.yml"
    guard let place = places[name], place.kind == .elements(.i8) else { throw refused(.noSuchTensor(name)) }
    let text = mapping.withBytes { _ in
      String(decoding: UnsafeRawBufferPointer(start: mapping.base + place.offset, count: place.count), as: UTF8.self)
    }
    var settings: [String: String] = [:]
    for line in text.split(whereSeparator: { $0.isNewline || $0 == "\0" }) where line.first?.isLetter == true {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
      settings[String(line[..<colon])] = value
    }
    return settings
  }
}
