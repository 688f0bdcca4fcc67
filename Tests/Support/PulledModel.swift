import Checkpoints
import Foundation
import Notebook

/// Models of the catalogue that tests run on where they are here or can be fetched.
package enum PulledModel {
  /// Fetched once into the machine's own cache.
  package static func isHere(_ name: String) -> Bool {
    let store = ModelStore()
    if store.locate(name) == nil { _ = try? store.pull(name) }
    return store.locate(name) != nil
  }

  package static let translates = isHere("en-pt") && isHere("pt-en")
  package static let chats = isHere("smollm2")
}
