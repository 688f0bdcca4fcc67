import Tensors

/// The element types of the safetensors format, by their names in a header; GGUF has some of them too.
package enum ElementType: String, CaseIterable, Sendable {
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"
  case f32 = "F32"
  case i32 = "I32"
  case u32 = "U32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i16 = "I16"
  case u16 = "U16"
  case i8 = "I8"
  case u8 = "U8"
  case bool = "BOOL"
  case f8e4m3 = "F8_E4M3"
  case f8e5m2 = "F8_E5M2"

  /// Bytes of one element.
  var width: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool, .f8e4m3, .f8e5m2: 1
    }
  }

  /// Writes `target.count` elements from `source` as 32-bit floats; false for a type that has no conversion
  /// here.
  func convert(_ source: UnsafeRawPointer, into target: UnsafeMutableBufferPointer<Float>) -> Bool {
    switch self {
    case .f64: fill(target, source, Double.self) { Float($0) }
    case .i64: fill(target, source, Int64.self) { Float($0) }
    case .u64: fill(target, source, UInt64.self) { Float($0) }
    case .f32: fill(target, source, Float.self) { $0 }
    case .i32: fill(target, source, Int32.self) { Float($0) }
    case .u32: fill(target, source, UInt32.self) { Float($0) }
    case .f16: fill(target, source, UInt16.self, halfToSingle)
    case .bf16: fill(target, source, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .i16: fill(target, source, Int16.self) { Float($0) }
    case .u16: fill(target, source, UInt16.self) { Float($0) }
    case .i8: fill(target, source, Int8.self) { Float($0) }
    case .u8: fill(target, source, UInt8.self) { Float($0) }
    case .bool: fill(target, source, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .f8e4m3, .f8e5m2: return false
    }
    return true
  }

  /// The elements as integers; nil for a type that does not hold integers, or a value that does not fit.
  func integers(_ source: UnsafeRawPointer, count: Int) -> [Int]? {
    switch self {
    case .i64: elements(source, count, Int64.self)
    case .u64: elements(source, count, UInt64.self)
    case .i32: elements(source, count, Int32.self)
    case .u32: elements(source, count, UInt32.self)
    case .i16: elements(source, count, Int16.self)
    case .u16: elements(source, count, UInt16.self)
    case .i8: elements(source, count, Int8.self)
    case .u8, .bool: elements(source, count, UInt8.self)
    case .f64, .f32, .f16, .bf16, .f8e4m3, .f8e5m2: nil
    }
  }
}

@inline(__always)
private func fill<Element: BitwiseCopyable>(
  _ target: UnsafeMutableBufferPointer<Float>, _ source: UnsafeRawPointer, _ type: Element.Type,
  _ convert: (Element) -> Float
) {
  for index in 0..<target.count {
    target[index] = convert(
      source.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: type))
  }
}

private func elements<Element: FixedWidthInteger & BitwiseCopyable>(
  _ source: UnsafeRawPointer, _ count: Int, _ type: Element.Type
) -> [Int]? {
  var result: [Int] = []
  result.reserveCapacity(count)
  for index in 0..<count {
    let element = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: type)
    guard let value = Int(exactly: element) else { return nil }
    result.append(value)
  }
  return result
}

/// IEEE 754 half to single, subnormals and infinities included: the exponent is rebiased by one exact
/// product.
@inline(__always)
private func halfToSingle(_ half: UInt16) -> Float {
  let magnitude = Float(bitPattern: UInt32(half & 0x7fff) << 13) * 0x1p112
  let special: UInt32 = half & 0x7c00 == 0x7c00 ? 0x7f80_0000 : 0
  return Float(bitPattern: magnitude.bitPattern | special | UInt32(half & 0x8000) << 16)
}

/// Single to IEEE 754 half, to the nearest, ties to even; too large becomes infinity.
func singleToHalf(_ value: Float) -> UInt16 {
  let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16 & 0x8000)
  let magnitude = value.bitPattern & 0x7fff_ffff
  // Infinities and not-a-number; 65520 is the first value that rounds to infinity.
  if magnitude >= 0x7f80_0000 { return sign | (magnitude > 0x7f80_0000 ? 0x7e00 : 0x7c00) }
  if magnitude >= 0x477f_f000 { return sign | 0x7c00 }
  // Below 2^-14 halves are subnormal, in units of 2^-24: adding 0.5 leaves those units as the last bits of the sum.
  if magnitude < 0x3880_0000 {
    return sign | UInt16(truncatingIfNeeded: (Float(bitPattern: magnitude) + 0.5).bitPattern - 0x3f00_0000)
  }
  let odd = magnitude >> 13 & 1
  return sign | UInt16(truncatingIfNeeded: (magnitude + 0xfff + odd - 0x3800_0000) >> 13)
}
