/// Turns any `Encodable` answer into a `Value`, keys in the order they are declared.
extension Value {
  package init(encoding answer: some Encodable) throws {
    let node = Node()
    try answer.encode(to: NodeEncoder(node: node, codingPath: []))
    self = node.value
  }
}

/// A place that is being filled; containers share it by reference.
private final class Node {
  enum Content {
    case leaf(Value)
    case array([Node])
    case object([(String, Node)])
  }

  var content = Content.object([])

  var value: Value {
    switch content {
    case .leaf(let value): value
    case .array(let nodes): .array(nodes.map(\.value))
    case .object(let members): .object(members.map { ($0.0, $0.1.value) })
    }
  }

  func set(_ answer: some Encodable, _ path: [any CodingKey]) throws {
    switch answer {
    case let value as Value: content = .leaf(value)
    case let value as String: content = .leaf(.string(value))
    case let value as Bool: content = .leaf(.bool(value))
    case let value as Double: content = .leaf(.number(value))
    case let value as Float: content = .leaf(.number(Double("\(value)") ?? Double(value)))
    case let value as any BinaryInteger: content = .leaf(.integer(Int(clamping: value)))
    default: try answer.encode(to: NodeEncoder(node: self, codingPath: path))
    }
  }
}

extension Value: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members):
      var keyed = encoder.container(keyedBy: AnyKey.self)
      for member in members { try keyed.encode(member.value, forKey: AnyKey(stringValue: member.key)) }
    }
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init(intValue: Int) { stringValue = String(intValue) }
}

private struct NodeEncoder: Encoder {
  let node: Node
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = node.content {} else { node.content = .object([]) }
    return KeyedEncodingContainer(Keyed<Key>(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.content = .array([])
    return Unkeyed(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: node, codingPath: codingPath) }
}

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  let codingPath: [any CodingKey]

  private func child(_ key: some CodingKey) -> Node {
    let child = Node()
    if case .object(let members) = node.content { node.content = .object(members + [(key.stringValue, child)]) }
    return child
  }

  func encodeNil(forKey key: Key) throws { child(key).content = .leaf(.null) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try child(key).set(value, codingPath + [key]) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested>
  {
    NodeEncoder(node: child(key), codingPath: codingPath + [key]).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    NodeEncoder(node: child(key), codingPath: codingPath + [key]).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { NodeEncoder(node: node, codingPath: codingPath) }
  func superEncoder(forKey key: Key) -> any Encoder { NodeEncoder(node: child(key), codingPath: codingPath + [key]) }
}

private struct Unkeyed: UnkeyedEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var count: Int { if case .array(let nodes) = node.content { nodes.count } else { 0 } }

  private func child() -> Node {
    let child = Node()
    if case .array(var nodes) = node.content {
      node.content = .leaf(.null)
      nodes.append(child)
      node.content = .array(nodes)
    }
    return child
  }

  func encodeNil() throws { child().content = .leaf(.null) }
  func encode<T: Encodable>(_ value: T) throws { try child().set(value, codingPath) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    NodeEncoder(node: child(), codingPath: codingPath).container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    NodeEncoder(node: child(), codingPath: codingPath).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { NodeEncoder(node: child(), codingPath: codingPath) }
}

private struct Single: SingleValueEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]

  func encodeNil() throws { node.content = .leaf(.null) }
  func encode<T: Encodable>(_ value: T) throws { try node.set(value, codingPath) }
}
