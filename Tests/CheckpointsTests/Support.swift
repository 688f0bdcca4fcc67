import Foundation
import Tensors

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoints-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func callAsFunction(_ path: String) -> URL { url.appendingPathComponent(path) }

  @discardableResult
  func write(_ path: String, _ data: Data) throws -> URL {
    let place = self(path)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: place)
    return place
  }

  @discardableResult
  func write(_ path: String, _ text: String) throws -> URL {
    try write(path, Data(text.utf8))
  }

  /// The names in a folder, hidden ones too, sorted.
  func names(_ path: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(path).path).sorted()
  }
}

let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Fixtures/checkpoints")

func floats(_ buffer: Buffer) -> [Float] {
  withExtendedLifetime(buffer) { Array(UnsafeBufferPointer(start: buffer.base, count: buffer.count)) }
}

/// A safetensors file: the length, the header as it stands, and `bytes` zeros.
func safetensors(_ header: String, bytes: Int = 0, length: UInt64? = nil) -> Data {
  var data = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
  data.append(Data(header.utf8))
  data.append(Data(count: bytes))
  return data
}
