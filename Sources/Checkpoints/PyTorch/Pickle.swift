/// What a pickle of tensors is made of. Containers are numbers of a list in `Pickle`, so that one can be in another, or in
/// itself, without anything being walked or freed in depth.
enum PickleValue: Equatable {
  case none
  case bool(Bool)
  case integer(Int)
  case number
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case callable(PickleCallable)
  case storage(Int)
  case tensor(Int)
}

/// The only things that a pickle may ask for by name. None of them is run: each stands for facts about a tensor.
enum PickleCallable: Equatable {
  case tensor
  case parameter
  case dictionary
  case shape
  case storage(ElementType)

  static let named: [String: PickleCallable] = {
    var table: [String: PickleCallable] = [
      "torch._utils _rebuild_tensor": .tensor, "torch._utils _rebuild_tensor_v2": .tensor,
      "torch._utils _rebuild_parameter": .parameter, "torch._utils _rebuild_parameter_with_state": .parameter,
      "collections OrderedDict": .dictionary, "torch Size": .shape,
    ]
    let storages: [(String, ElementType)] = [
      ("Double", .f64), ("Float", .f32), ("Half", .f16), ("BFloat16", .bf16), ("Long", .i64), ("Int", .i32),
      ("Short", .i16), ("Char", .i8), ("Byte", .u8), ("Bool", .bool),
    ]
    for (name, type) in storages { table["torch \(name)Storage"] = .storage(type) }
    return table
  }()
}

/// A stretch of numbers in the archive, by the name of its entry.
struct PickledStorage: Equatable {
  let key: String
  let type: ElementType
  /// In elements.
  let count: Int
}

/// A view of a storage. Nothing of it is checked yet.
struct PickledTensor: Equatable {
  let storage: Int
  /// In elements, as are the strides.
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// Everything that a pickle built.
struct Pickle {
  private(set) var storages: [PickledStorage] = []
  private(set) var tensors: [PickledTensor] = []
  private(set) var tuples: [[PickleValue]] = []
  private(set) var lists: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  /// The names of the tensors of the dictionary that was pickled, in its order; other members count for nothing.
  private(set) var named: [(name: String, tensor: Int)] = []

  init(_ bytes: UnsafeRawBufferPointer) throws(PyTorchProblem) {
    var reader = PickleReader(bytes)
    guard case .dictionary(let top) = try reader.run(&self) else { throw .noTensors }
    for (key, value) in dictionaries[top] {
      if case .text(let name) = key, case .tensor(let number) = value { named.append((name, number)) }
    }
    guard !named.isEmpty else { throw .noTensors }
  }

  mutating func tuple(_ values: [PickleValue]) -> PickleValue {
    tuples.append(values)
    return .tuple(tuples.count - 1)
  }

  mutating func list() -> PickleValue {
    lists.append([])
    return .list(lists.count - 1)
  }

  mutating func dictionary() -> PickleValue {
    dictionaries.append([])
    return .dictionary(dictionaries.count - 1)
  }

  /// Nil where the value is no list.
  mutating func append(_ values: [PickleValue], to list: PickleValue) -> Void? {
    guard case .list(let number) = list else { return nil }
    lists[number] += values
    return ()
  }

  /// Nil where the value is no dictionary, or a key has no value.
  mutating func set(_ values: [PickleValue], in dictionary: PickleValue) -> Void? {
    guard case .dictionary(let number) = dictionary, values.count.isMultiple(of: 2) else { return nil }
    for place in stride(from: 0, to: values.count, by: 2) {
      dictionaries[number].append((values[place], values[place + 1]))
    }
    return ()
  }

  /// What a persistent id stands for: `("storage", type, key, device, count)`; nil where it says something else.
  mutating func storage(_ id: PickleValue) -> PickleValue? {
    guard case .tuple(let number) = id else { return nil }
    let parts = tuples[number]
    guard parts.count == 5, parts[0] == .text("storage"), case .callable(.storage(let type)) = parts[1],
      case .text(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
    else { return nil }
    storages.append(PickledStorage(key: key, type: type, count: count))
    return .storage(storages.count - 1)
  }

  /// What a call stands for; nil where its arguments are not those of a tensor's making.
  mutating func result(of callable: PickleValue, _ arguments: PickleValue) -> PickleValue? {
    guard case .callable(let callable) = callable, case .tuple(let number) = arguments else { return nil }
    let given = tuples[number]
    switch callable {
    case .dictionary: return given.isEmpty ? dictionary() : nil
    case .parameter: if case .tensor? = given.first { return given[0] } else { return nil }
    case .shape: if case .tuple? = given.first { return given[0] } else { return nil }
    case .storage: return nil
    case .tensor:
      guard given.count >= 4, case .storage(let storage) = given[0], case .integer(let offset) = given[1],
        let shape = integers(given[2]), let strides = integers(given[3]), shape.count == strides.count
      else { return nil }
      tensors.append(PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides))
      return .tensor(tensors.count - 1)
    }
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let number) = value, tuples[number].count <= 64 else { return nil }
    var result: [Int] = []
    for part in tuples[number] {
      guard case .integer(let whole) = part else { return nil }
      result.append(whole)
    }
    return result
  }
}
