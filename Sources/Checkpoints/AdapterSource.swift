import Layers
import Tensors

/// A base checkpoint with the tensors of a peft adapter laid over it.
package final class AdapterSource: ParameterSource {
  package let entries: [String: ParameterEntry]
  private let base: any ParameterSource
  private let adapter: any ParameterSource
  /// Names of the adapter's file, by the name that the model asks for.
  private let adapterNames: [String: String]

  /// What peft puts in front of every name.
  package static let prefix = "base_model.model."

  /// - Parameter adapter: `adapter_model.safetensors`
  package init(base: any ParameterSource, adapter: any ParameterSource) {
    self.base = base
    self.adapter = adapter
    adapterNames = Dictionary(adapter.entries.keys.map { (Self.modelName($0), $0) }) { first, _ in first }
    let own = adapterNames.compactMapValues { adapter.entries[$0] }
    // A base without its body's prefix spells a replaced tensor in another way: it is not left over.
    let replaced = Set(own.keys.flatMap { name in [name, String(name.drop { $0 != "." }.dropFirst())] })
    entries = base.entries.filter { !replaced.contains($0.key) }.merging(own) { _, adapter in adapter }
  }

  package func values(_ name: String) throws -> Buffer {
    try adapterNames[name].map(adapter.values) ?? base.values(name)
  }

  package func storage(_ name: String) throws -> Parameter.Storage {
    try adapterNames[name].map(adapter.storage) ?? base.storage(name)
  }

  /// Older versions of peft write the adapter's name and the wrapper of whole modules too.
  private static func modelName(_ name: String) -> String {
    let bare = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    return bare.replacing(".modules_to_save", with: "").replacing(".default", with: "")
  }
}
