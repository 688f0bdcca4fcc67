import Checkpoints
import Foundation
import Models

/// Whether a model of the hub runs here, as far as it can be known before it is fetched.
enum HubRunning: Equatable {
  case yes
  /// A sentence that says why.
  case no(reason: String)
  /// Only the files themselves tell, as a GGUF file does.
  case unknown

  /// By what a search tells of it: the family's name.
  init(_ repository: HubRepository) {
    guard let type = repository.modelType else {
      self = .unknown
      return
    }
    self = TransformerFamily.isKnown(type) ? .yes : .no(reason: "its family \(type) is none that attune has.")
  }

  /// By its configuration and its files.
  init(_ description: HubDescription) {
    if case .failure(let failure) = description.chosen {
      self = .no(reason: "\(failure.words).")
      return
    }
    guard let configuration = description.configuration else {
      self.init(description.repository)
      return
    }
    do {
      _ = try TransformerConfiguration(json: configuration, file: "its config.json")
      self = .yes
    } catch {
      self = .no(reason: Failure(error).sentence)
    }
  }

  /// For an answer: nil where it is not known.
  var runs: Bool? {
    switch self {
    case .yes: true
    case .no: false
    case .unknown: nil
    }
  }
}
