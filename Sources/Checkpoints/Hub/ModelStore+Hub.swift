import Foundation

/// Looking at the hub without fetching a model.
extension ModelStore {
  /// What a repository is, and its configuration where it has one.
  package func describe(
    _ name: HubName, isCancelled: () -> Bool = { false }
  ) throws(PullError) -> HubDescription {
    try withHub(name, isCancelled: isCancelled) { client in
      let repository = try client.repository(name)
      let files = try client.files(name, commit: repository.commit)
      let chosen: Result<[HubFile], PullFailure>
      do throws(PullFailure) {
        chosen = .success(try HubSelection.choose(from: files, for: name))
      } catch {
        chosen = .failure(error)
      }
      let hasConfiguration = files.contains { $0.path == RepositoryFile.config.rawValue && $0.bytes < 1 << 20 }
      return HubDescription(
        repository: repository, files: files, chosen: chosen,
        configuration: hasConfiguration ? try configuration(of: repository, client) : nil)
    }
  }

  /// What a gated model is, everybody may know; its files are another matter.
  private func configuration(of repository: HubRepository, _ client: HubClient) throws -> Data? {
    do {
      return try client.text(RepositoryFile.config.rawValue, of: repository)
    } catch PullFailure.gated {
      return nil
    }
  }

  /// What the hub finds, those that are fetched most often first.
  /// - Parameter task: a task by Hugging Face's name, such as `text-classification`
  package func search(
    _ text: String, _ kind: HubName.Kind, task: String? = nil, limit: Int, isCancelled: () -> Bool = { false }
  ) throws(PullError) -> [HubRepository] {
    guard let nobody = HubName("search", kind) else { return [] }
    return try withHub(nobody, isCancelled: isCancelled) { client in
      try client.search(text, kind, task: task, limit: limit)
    }
  }
}

/// A repository of the hub before it is fetched.
package struct HubDescription: Sendable {
  package let repository: HubRepository
  package let files: [HubFile]
  /// What `pull` would fetch, or why it would not.
  package let chosen: Result<[HubFile], PullFailure>
  /// `config.json` as it stands.
  package let configuration: Data?

  /// What `pull` takes.
  package func plan() throws(PullError) -> PullPlan {
    switch chosen {
    case .success(let files): return PullPlan(repository: repository, files: files)
    case .failure(let failure):
      throw .unavailable(name: repository.name.text, attempts: [.init(source: .hub, failure: failure)])
    }
  }
}
