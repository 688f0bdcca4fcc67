import Foundation

/// Where the hub is and who asks, by the variables that Hugging Face's own library reads.
struct HubSettings: Sendable {
  /// The hub, unless `HF_ENDPOINT` names another.
  static let usualEndpoint = "https://huggingface.co"

  /// Without a slash at its end.
  let endpoint: URL
  /// The server that hands out rows of data sets.
  let rowsEndpoint: URL
  /// Of the user; sent to these two and nobody else, and never shown.
  let token: String?

  /// - Parameter home: `HF_HOME`, where a login leaves its token
  init(environment: [String: String], home: URL) throws(PullFailure) {
    if let variable = Self.offlineVariable(environment) { throw .offline(variable: variable) }
    let text = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.usualEndpoint
    guard let endpoint = Self.address(text) else { throw .badEndpoint(variable: "HF_ENDPOINT") }
    self.endpoint = endpoint
    if let text = environment["HF_DATASETS_SERVER"], !text.isEmpty {
      guard let address = Self.address(text) else { throw .badEndpoint(variable: "HF_DATASETS_SERVER") }
      rowsEndpoint = address
    } else {
      rowsEndpoint = Self.rowsAddress(beside: endpoint)
    }
    token = try Self.token(environment, home)
  }

  /// The variable that forbids the network, if one does.
  static func offlineVariable(_ environment: [String: String]) -> String? {
    ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].first { isTrue(environment[$0]) }
  }

  private static func isTrue(_ value: String?) -> Bool {
    value.map { ["1", "true", "yes", "on"].contains($0.lowercased()) } ?? false
  }

  /// Whether the token may be sent there.
  func trusts(_ url: URL) -> Bool { url.isOneServer(with: endpoint) || url.isOneServer(with: rowsEndpoint) }

  /// A path below the hub's address. Every part is escaped, so that none can leave its place.
  func url(_ parts: [String], _ query: [(String, String)] = []) -> URL? { Self.url(endpoint, parts, query) }

  static func url(_ base: URL, _ parts: [String], _ query: [(String, String)] = []) -> URL? {
    let path = parts.map { "/" + escaped($0) }.joined()
    let question = query.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    return URL(string: base.absoluteString + path + (question.isEmpty ? "" : "?" + question))
  }

  private static func escaped(_ text: String) -> String {
    let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  /// A server's address without anything secret or further in it; nil where it is none.
  private static func address(_ text: String) -> URL? {
    var text = Substring(text)
    while text.hasSuffix("/") { text = text.dropLast() }
    guard let url = URL(string: String(text)), let scheme = url.scheme?.lowercased(),
      ["http", "https"].contains(scheme),
      let host = url.host, !host.isEmpty, url.user == nil, url.query == nil, url.fragment == nil
    else { return nil }
    return url
  }

  /// `datasets-server.` in front of the host, as Hugging Face's library has it; a numeric address serves both.
  private static func rowsAddress(beside endpoint: URL) -> URL {
    let host = endpoint.host ?? ""
    let isNumeric = host == "localhost" || host.allSatisfy { $0.isNumber || $0 == "." } || host.contains(":")
    guard !isNumeric, var parts = URLComponents(url: endpoint, resolvingAgainstBaseURL: false) else { return endpoint }
    parts.host = "datasets-server.\(host)"
    return parts.url ?? endpoint
  }

  /// `HF_TOKEN`, else what a login left in `HF_TOKEN_PATH` or in the home.
  private static func token(_ environment: [String: String], _ home: URL) throws(PullFailure) -> String? {
    guard !isTrue(environment["HF_HUB_DISABLE_IMPLICIT_TOKEN"]) else { return nil }
    var (found, place) = ("", "")
    for variable in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"] where found.isEmpty {
      (found, place) = ((environment[variable] ?? "").trimmingCharacters(in: .whitespacesAndNewlines), variable)
    }
    if found.isEmpty {
      let path = environment["HF_TOKEN_PATH"].flatMap { $0.isEmpty ? nil : $0 }
      let file = path.map { URL(fileURLWithPath: $0) } ?? home.appendingPathComponent("token")
      found = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
      place = file.path
    }
    guard !found.isEmpty else { return nil }
    // It becomes a line of a request: nothing in it may begin another.
    guard found.utf8.count <= 4096, found.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .badToken(place: place) }
    return found
  }
}

extension URL {
  /// Whether both are on one server: scheme, host and port.
  func isOneServer(with other: URL) -> Bool {
    func port(_ url: URL) -> Int { url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80) }
    return scheme?.lowercased() == other.scheme?.lowercased() && host?.lowercased() == other.host?.lowercased()
      && port(self) == port(other)
  }
}
