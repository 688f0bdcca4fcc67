/// Reads the instructions of a pickle (PEP 3154, protocols 2 to 5) that build dictionaries of tensors, and refuses every
/// other. Nothing is imported, called or made that the file names: what a name may be is a table.
struct PickleReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The value that stands on the stack at the end.
  mutating func run(_ pickle: inout Pickle) throws(PyTorchProblem) -> PickleValue {
    while true {
      let start = offset
      let code: UInt8 = try number()
      if code == UInt8(ascii: ".") {
        guard let value = stack.popLast() else { throw .nonsense(offset: start) }
        return value
      }
      guard try step(code, start, &pickle) else { throw .nonsense(offset: start) }
    }
  }

  /// False where the stack does not hold what the instruction needs.
  private mutating func step(
    _ code: UInt8, _ start: Int, _ pickle: inout Pickle
  ) throws(PyTorchProblem) -> Bool {
    switch code {
    // Frames and protocol: nothing to do.
    case 0x80: _ = try number(UInt8.self)
    case 0x95: _ = try number(UInt64.self)

    // Plain values.
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88, 0x89: stack.append(.bool(code == 0x88))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try number(UInt8.self))))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try number(UInt16.self))))
    case UInt8(ascii: "J"): stack.append(.integer(Int(try number(Int32.self))))
    case 0x8a: stack.append(try long(Int(try number(UInt8.self)), start))
    case UInt8(ascii: "G"):
      _ = try number(UInt64.self)
      stack.append(.number)
    case UInt8(ascii: "X"): stack.append(.text(try text(Int(try number(UInt32.self)))))
    case 0x8c: stack.append(.text(try text(Int(try number(UInt8.self)))))
    case 0x8d:
      guard let count = Int(exactly: try number(UInt64.self)) else { throw .cutShort(offset: start) }
      stack.append(.text(try text(count)))

    // Containers.
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: ")"): stack.append(pickle.tuple([]))
    case 0x85, 0x86, 0x87:
      let count = Int(code) - 0x84
      guard stack.count >= count else { return false }
      let parts = Array(stack.suffix(count))
      stack.removeLast(count)
      stack.append(pickle.tuple(parts))
    case UInt8(ascii: "t"):
      guard let parts = popMark() else { return false }
      stack.append(pickle.tuple(parts))
    case UInt8(ascii: "]"): stack.append(pickle.list())
    case UInt8(ascii: "}"): stack.append(pickle.dictionary())
    case UInt8(ascii: "a"):
      guard let value = stack.popLast(), let list = stack.last else { return false }
      return pickle.append([value], to: list) != nil
    case UInt8(ascii: "e"):
      guard let values = popMark(), let list = stack.last else { return false }
      return pickle.append(values, to: list) != nil
    case UInt8(ascii: "s"):
      guard let value = stack.popLast(), let key = stack.popLast(), let target = stack.last else { return false }
      return pickle.set([key, value], in: target) != nil
    case UInt8(ascii: "u"):
      guard let values = popMark(), let target = stack.last else { return false }
      return pickle.set(values, in: target) != nil

    // The stack and its memory.
    case UInt8(ascii: "0"): return stack.popLast() != nil
    case UInt8(ascii: "q"): return remember(Int(try number(UInt8.self)))
    case UInt8(ascii: "r"): return remember(Int(try number(UInt32.self)))
    case 0x94: return remember(memo.count)
    case UInt8(ascii: "h"): return recall(Int(try number(UInt8.self)))
    case UInt8(ascii: "j"): return recall(Int(try number(UInt32.self)))

    // Names, and what they stand for.
    case UInt8(ascii: "c"): stack.append(try callable(try line(), try line(), start))
    case 0x93:
      guard case .text(let name)? = stack.popLast(), case .text(let module)? = stack.popLast() else { return false }
      stack.append(try callable(module, name, start))
    case UInt8(ascii: "Q"):
      guard let id = stack.popLast(), let storage = pickle.storage(id) else { return false }
      stack.append(storage)
    case UInt8(ascii: "R"):
      guard let arguments = stack.popLast(), let callable = stack.popLast(),
        let result = pickle.result(of: callable, arguments)
      else { return false }
      stack.append(result)
    case UInt8(ascii: "b"):
      // The state of a dictionary: PyTorch's notes on versions of layers.
      guard stack.popLast() != nil, case .dictionary? = stack.last else { return false }
    default: throw .instruction(code: code, offset: start)
    }
    return true
  }

  private func callable(_ module: String, _ name: String, _ start: Int) throws(PyTorchProblem) -> PickleValue {
    guard let found = PickleCallable.named["\(module) \(name)"] else {
      throw .foreignCode(name: "\(module).\(name)", offset: start)
    }
    return .callable(found)
  }

  /// What stands above the last mark; both are gone then.
  private mutating func popMark() -> [PickleValue]? {
    guard let mark = marks.popLast(), mark <= stack.count else { return nil }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func remember(_ place: Int) -> Bool {
    guard let value = stack.last else { return false }
    memo[place] = value
    return true
  }

  private mutating func recall(_ place: Int) -> Bool {
    guard let value = memo[place] else { return false }
    stack.append(value)
    return true
  }

  /// A whole number of `count` bytes, negative ones in two's complement.
  private mutating func long(_ count: Int, _ start: Int) throws(PyTorchProblem) -> PickleValue {
    let part = try part(count)
    guard count <= 8 else { throw .nonsense(offset: start) }
    var value: UInt64 = (part.last ?? 0) & 0x80 == 0 ? 0 : .max
    for byte in part.reversed() { value = value << 8 | UInt64(byte) }
    return .integer(Int(truncatingIfNeeded: Int64(bitPattern: value)))
  }

  private mutating func text(_ count: Int) throws(PyTorchProblem) -> String {
    String(decoding: try part(count), as: UTF8.self)
  }

  /// Up to the end of a line, which is stepped over.
  private mutating func line() throws(PyTorchProblem) -> String {
    let start = offset
    guard let end = bytes[min(offset, bytes.count)...].prefix(1024).firstIndex(of: 0x0A) else {
      throw .cutShort(offset: start)
    }
    offset = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) throws(PyTorchProblem) -> Number {
    Number(littleEndian: try part(MemoryLayout<Number>.size).loadUnaligned(as: type))
  }

  private mutating func part(_ count: Int) throws(PyTorchProblem) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - offset else { throw .cutShort(offset: offset) }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }
}
