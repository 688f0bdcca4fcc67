/// Which linear maps get a low-rank addition, and how large (LoRA, Hu et al. 2021); the fields of peft's `LoraConfig`.
package struct LowRankAdaptation: Sendable, Equatable {
  /// `target_modules`: which maps, by the place of their weight.
  package enum Targets: Sendable, Equatable {
    /// The place itself, or its end after a dot.
    case places([String])
    /// A regular expression that fits the whole place.
    case pattern(String)
  }

  package var rank: Int
  package var alpha: Float
  package var dropoutRate: Float
  package var targets: Targets
  /// `modules_to_save`: places that are trained whole beside the additions, such as a new head.
  package var trainedPlaces: [String]
  /// Scale by alpha / sqrt(rank) instead of alpha / rank (Kalajdzievski 2023).
  package var isRankStabilised: Bool
  /// `rank_pattern` and `alpha_pattern`: other values for some places.
  package var ranks: [String: Int]
  package var alphas: [String: Float]

  package init(
    rank: Int = 8, alpha: Float = 16, dropoutRate: Float = 0, targets: Targets, trainedPlaces: [String] = [],
    isRankStabilised: Bool = false, ranks: [String: Int] = [:], alphas: [String: Float] = [:]
  ) {
    self.rank = rank
    self.alpha = alpha
    self.dropoutRate = dropoutRate
    self.targets = targets
    self.trainedPlaces = trainedPlaces
    self.isRankStabilised = isRankStabilised
    self.ranks = ranks
    self.alphas = alphas
  }

  /// The rank of what is added at a place; nil where nothing is.
  package func rank(at place: String) -> Int? { addition(at: place)?.rank }

  /// The rank and scale at a place; nil where nothing is added.
  func addition(at place: String) -> (rank: Int, scale: Float)? {
    guard !trains(place), isTarget(place) else { return nil }
    let rank = ranks.first { LowRankAdaptation.fits(place, $0.key) }?.value ?? rank
    let alpha = alphas.first { LowRankAdaptation.fits(place, $0.key) }?.value ?? alpha
    return (rank, alpha / (isRankStabilised ? Float(rank).squareRoot() : Float(rank)))
  }

  /// Whether the parameters at this place are trained whole: it, or a place above it, ends in a trained name, as peft
  /// compares them.
  func trains(_ place: String) -> Bool {
    let parts = place.split(separator: ".")
    return parts.indices.contains { last in
      let above = parts[...last].joined(separator: ".")
      return trainedPlaces.contains { above.hasSuffix($0) }
    }
  }

  private func isTarget(_ place: String) -> Bool {
    switch targets {
    case .places(let names): names.contains { LowRankAdaptation.fits(place, $0) }
    case .pattern(let pattern): (try? Regex(pattern).wholeMatch(in: place)) != nil
    }
  }

  private static func fits(_ place: String, _ name: String) -> Bool { place == name || place.hasSuffix("." + name) }
}
