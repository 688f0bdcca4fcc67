import Foundation
import Layers
import Tensors

/// One `pytorch_model.bin`, memory-mapped: a zip archive with a pickle of names and the numbers beside it, as
/// `torch.save` has written it since PyTorch 1.6. Nothing in it is executed.
package final class PyTorchFile: ParameterSource {
  package let url: URL
  package let entries: [String: ParameterEntry]

  /// A view of numbers in the file; all of its elements are inside.
  private struct Place {
    let type: ElementType
    /// In bytes, of the storage's first number.
    let start: Int
    /// In elements, as are the strides.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    let count: Int
    /// How many elements of the storage it reaches over, from its offset.
    let reach: Int

    /// Whether the elements lie one behind the other, the last index running fastest.
    var isPlain: Bool {
      var expected = 1
      for (size, stride) in zip(shape, strides).reversed() where size != 1 {
        if stride != expected { return false }
        expected *= size
      }
      return true
    }
  }

  private let mapping: MappedFile
  private let places: [String: Place]

  /// Throws `FileError` when the file cannot be read, `PyTorchError` when something in it does not hold.
  package init(_ url: URL) throws {
    self.url = url
    mapping = try MappedFile(url)
    do {
      places = try mapping.withBytes { bytes throws(PyTorchProblem) in try Self.places(UnsafeRawBufferPointer(bytes)) }
    } catch {
      throw PyTorchError(file: url.path, problem: error)
    }
    entries = places.mapValues {
      ParameterEntry(shape: $0.shape, type: $0.type.rawValue, bytes: $0.count * $0.type.width)
    }
  }

  /// Row-major values. F32 that lies in the file as it is needed is the mapped file itself; everything else is a copy.
  package func values(_ name: String) throws -> Buffer {
    guard let place = places[name] else {
      throw PyTorchError(file: url.path, problem: .noSuchTensor(name))
    }
    let start = place.start + place.offset * place.type.width
    let count = place.isPlain ? place.count : place.reach
    guard let values = mapping.floats(place.type, at: start, count: count) else {
      throw PyTorchError(file: url.path, problem: .noSuchTensor(name))
    }
    return place.isPlain ? values : Self.gathered(values, place)
  }

  /// The elements of a view, in the order of its indices.
  private static func gathered(_ values: Buffer, _ place: Place) -> Buffer {
    let buffer = Buffer(count: place.count)
    var index = [Int](repeating: 0, count: place.shape.count)
    var from = 0
    for to in 0..<place.count {
      buffer.base[to] = values.base[from]
      var axis = index.count - 1
      while axis >= 0 {
        index[axis] += 1
        from += place.strides[axis]
        if index[axis] < place.shape[axis] { break }
        from -= place.strides[axis] * place.shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    withExtendedLifetime(values) {}
    return buffer
  }

  // MARK: Reading

  private static let longestPickle = 256 << 20
  /// A view that repeats its numbers may be larger than they are, up to here.
  private static let largestRepetition = 1 << 24

  private static func places(_ bytes: UnsafeRawBufferPointer) throws(PyTorchProblem) -> [String: Place] {
    try checkBeginning(bytes)
    let archive = try ZipArchive(bytes)
    let pickles = archive.entries.keys.filter { $0.hasSuffix("/data.pkl") && $0.split(separator: "/").count == 2 }
    guard pickles.count == 1, let pickle = pickles.first, let entry = archive.entries[pickle] else {
      throw .missingEntry("data.pkl")
    }
    let folder = pickle.dropLast("data.pkl".count)
    // A traced program has its code and constants beside it.
    guard archive.entries["\(folder)constants.pkl"] == nil else { throw .torchScript }
    if let order = archive.entries["\(folder)byteorder"] {
      guard bytes[order.offset..<order.offset + order.count].elementsEqual("little".utf8) else { throw .bigEndian }
    }
    guard entry.count <= longestPickle else {
      throw .entryTooLarge(pickle, bytes: entry.count, limit: longestPickle)
    }
    let names = try Pickle(UnsafeRawBufferPointer(rebasing: bytes[entry.offset..<entry.offset + entry.count]))
    var places: [String: Place] = [:]
    for (name, number) in names.named {
      let tensor = names.tensors[number]
      places[name] = try place(name, tensor, names.storages[tensor.storage], String(folder), archive)
    }
    return places
  }

  private static func checkBeginning(_ bytes: UnsafeRawBufferPointer) throws(PyTorchProblem) {
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return }
    // The magic number 0x1950a86a20f9469cfc6c, pickled; before it there was a tar archive.
    let isOld = bytes.prefix(16).dropFirst(2).starts(with: [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46])
    let isTar = bytes.count > 262 && bytes[257..<262].elementsEqual("ustar".utf8)
    throw isOld || isTar ? .oldFormat : .notAnArchive
  }

  private static func place(
    _ name: String, _ tensor: PickledTensor, _ storage: PickledStorage, _ folder: String, _ archive: ZipArchive
  ) throws(PyTorchProblem) -> Place {
    let key = "\(folder)data/\(storage.key)"
    guard let entry = archive.entries[key] else { throw .missingEntry(key) }
    let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.width)
    guard !overflow, size <= entry.count else {
      throw .shortStorage(tensor: name, expected: overflow ? .max : size, found: entry.count)
    }
    guard let count = ShapeSize.elements(tensor.shape) else { throw .tooLarge(tensor: name, shape: tensor.shape) }
    guard count <= max(storage.count, largestRepetition) else { throw .tooLarge(tensor: name, shape: tensor.shape) }
    var last = 0
    for (size, stride) in zip(tensor.shape, tensor.strides) where count > 0 {
      let (step, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, tooLarge) = last.addingReportingOverflow(step)
      guard stride >= 0, !tooFar, !tooLarge else { throw .tooLarge(tensor: name, shape: tensor.shape) }
      guard sum < storage.count else {
        throw .outsideOfStorage(tensor: name, end: sum, available: storage.count)
      }
      last = sum
    }
    let (end, past) = tensor.offset.addingReportingOverflow(count > 0 ? last + 1 : 0)
    guard tensor.offset >= 0, !past, end <= storage.count else {
      throw .outsideOfStorage(tensor: name, end: past ? .max : end, available: storage.count)
    }
    return Place(
      type: storage.type, start: entry.offset, offset: tensor.offset, shape: tensor.shape, strides: tensor.strides,
      count: count, reach: count > 0 ? last + 1 : 0)
  }
}
