import Tensors

extension MappedFile {
  /// Plain elements as floats. F32 is the mapped file itself, and asking twice gives the same memory; every other type,
  /// and F32 that is not aligned to 4 bytes, is a converted copy. The caller has checked the place.
  /// - Returns: nil where the type has no floats
  func floats(_ type: ElementType, at offset: Int, count: Int) -> Buffer? {
    let start = base + offset
    if type == .f32, Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0 {
      return Buffer(borrowing: start.assumingMemoryBound(to: Float.self), count: count, from: self)
    }
    let buffer = Buffer(count: count)
    let target = UnsafeMutableBufferPointer(start: buffer.base, count: count)
    return withBytes { _ in type.convert(start, into: target) } ? buffer : nil
  }
}
