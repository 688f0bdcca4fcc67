/// Which pairs of pieces merge, in which order, into what: a flat hash table from two ids to rank and id.
struct MergeTable: Sendable {
  /// What a pair becomes; the lowest rank goes first.
  struct Merge: Equatable {
    var rank: UInt32
    var id: Int32
  }

  /// Keys and values in turns, so that a look-up touches one cache line; a key of all ones is free.
  private var slots: [UInt64]
  private let mask: Int

  init(capacity count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = Array(repeating: .max, count: 2 * capacity)
    mask = capacity - 1
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    let hash = key &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: hash >> 32) & mask
  }

  /// Adds a pair that the capacity has room for; of equal ones the last holds.
  mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
    let key = Self.key(left, right)
    var slot = slot(key)
    while slots[2 * slot] != .max, slots[2 * slot] != key { slot = (slot + 1) & mask }
    slots[2 * slot] = key
    slots[2 * slot + 1] = UInt64(merge.rank) << 32 | UInt64(UInt32(bitPattern: merge.id))
  }

  @inline(__always)
  func find(_ left: Int32, _ right: Int32) -> Merge? {
    let key = Self.key(left, right)
    var slot = slot(key)
    return slots.withUnsafeBufferPointer { slots in
      while true {
        let found = slots[2 * slot]
        if found == key {
          let value = slots[2 * slot + 1]
          return Merge(rank: UInt32(value >> 32), id: Int32(truncatingIfNeeded: value))
        }
        if found == .max { return nil }
        slot = (slot + 1) & mask
      }
    }
  }
}

/// The merges that a long word has before it, the one of lowest rank and then leftmost first: a binary heap.
struct MergeQueue: Sendable {
  private var heap: [UInt64] = []

  mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

  mutating func insert(rank: UInt32, position: Int) {
    var index = heap.count
    let key = UInt64(rank) << 32 | UInt64(position)
    heap.append(key)
    while index > 0, heap[(index - 1) / 2] > key {
      heap[index] = heap[(index - 1) / 2]
      index = (index - 1) / 2
    }
    heap[index] = key
  }

  mutating func removeFirst() -> (rank: UInt32, position: Int)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      var index = 0
      while true {
        var child = 2 * index + 1
        guard child < heap.count else { break }
        if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
        guard heap[child] < last else { break }
        heap[index] = heap[child]
        index = child
      }
      heap[index] = last
    }
    return (UInt32(first >> 32), Int(first & 0xFFFF_FFFF))
  }
}
