import ArgumentParser
import Drawing
import Models
import Pipelines

/// How a continuation is chosen, under the names of Hugging Face's `GenerationConfig`. What is not given is as the model's
/// `generation_config.json` says.
package struct GenerationOptions: ParsableArguments {
  @Option(name: .customLong("max-new-tokens"), help: "The most tokens to write.") package var maximumNewTokens: Int?
  @Option(name: .customLong("min-new-tokens"), help: "The fewest.") package var minimumNewTokens: Int?
  @Option(
    name: .customLong("sliding-window"),
    help:
      "Go on beyond the model's limit: look at so many tokens at most, and let the older half go when they are full.")
  package var window: Int?
  @Option(name: .customLong("stop"), parsing: .singleValue, help: "A text that ends it; may be given again.")
  package var stops: [String] = []
  @OptionGroup(title: "Drawing a token") package var drawing: DrawingOptions
  @Option(name: .customLong("num-beams"), help: "Beams of a search; 1 is none.") package var beams: Int?
  @Option(name: .customLong("length-penalty"), help: "Exponent of the length that a beam's score is divided by.")
  package var lengthPenalty: Float?
  @Option(
    name: .customLong("early-stopping"),
    help: "true: when as many are finished as there are beams; false: when none is likely to get better; never.")
  package var earlyStopping: String?
  @Option(name: .customLong("penalty-alpha"), help: "Weight of contrastive search, 0 to 1; with --top-k candidates.")
  package var contrast: Float?
  @Option(name: .customLong("num-return-sequences"), help: "Continuations of each text.") package var count: Int?
  @Option(name: .customLong("repetition-penalty"), help: "Above 1 makes tokens that were there less likely.")
  package var repetitionPenalty: Float?
  @Option(name: .customLong("frequency-penalty"), help: "Taken off a logit for each time that its token was written.")
  package var frequencyPenalty: Float?
  @Option(name: .customLong("presence-penalty"), help: "Taken off once.") package var presencePenalty: Float?
  @Option(name: .customLong("no-repeat-ngram-size"), help: "No run of that many tokens comes twice.")
  package var uniqueRun: Int?
  @Option(
    name: .customLong("prompt-lookup-num-tokens"),
    help: "Tokens that are guessed at most from earlier in the text, which is faster and changes nothing; 0 to 7.")
  package var lookupTokens: Int?

  package init() {}

  package mutating func validate() throws {
    try check(maximumNewTokens, "--max-new-tokens", 1...1 << 20)
    try check(minimumNewTokens, "--min-new-tokens", 0...1 << 20)
    try check(window, "--sliding-window", 8...1 << 20)
    try check(beams, "--num-beams", 1...64)
    try check(count, "--num-return-sequences", 1...64)
    try check(uniqueRun, "--no-repeat-ngram-size", 0...1 << 16)
    try check(lookupTokens, "--prompt-lookup-num-tokens", 0...GenerationSettings.mostLookupTokens)
    try check(contrast, "--penalty-alpha", 0...1)
    try check(repetitionPenalty, "--repetition-penalty", 0.001...1000)
    if let earlyStopping, GenerationOptions.endings[earlyStopping] == nil {
      throw ValidationError("--early-stopping is true, false or never, not '\(sanitized(earlyStopping))'.")
    }
    if let beams, let count, beams > 1, count > beams {
      throw ValidationError("--num-return-sequences \(count) needs as many --num-beams.")
    }
    if window != nil, contrast ?? 0 > 0 || beams ?? 1 > 1 {
      throw ValidationError("--sliding-window goes with neither --num-beams nor --penalty-alpha, which search.")
    }
    if contrast ?? 0 > 0, beams ?? 1 > 1 {
      throw ValidationError("--penalty-alpha searches without beams; give one of the two.")
    }
  }

  private static let endings: [String: GenerationSettings.EarlyStopping] = [
    "true": .atOnce, "false": .likely, "never": .never,
  ]

  /// The model's own settings with what was given in their place.
  /// - Parameter usual: the most new tokens where nothing says another number
  /// - Parameter task: what the model's folder says about the task, read after what it says about all
  func settings(
    _ repository: Repository, usual: Int, task: (inout GenerationSettings) throws -> Void = { _ in }
  ) throws -> GenerationSettings {
    var settings = GenerationSettings()
    settings.maximumNewTokens = usual
    try repository.read(into: &settings)
    try task(&settings)
    if let maximumNewTokens {
      (settings.maximumNewTokens, settings.maximumLength) = (maximumNewTokens, nil)
      settings.newTokensPerSource = nil
    }
    settings.minimumNewTokens = minimumNewTokens ?? settings.minimumNewTokens
    if let window {
      let limit = repository.configuration.maximumTokens
      guard window <= limit, repository.kind == .causalWords else {
        throw Failure(
          repository.kind == .causalWords
            ? "--sliding-window \(window) is more than \(repository.name) reads at once: \(limit) tokens."
            : "--sliding-window is for a model that continues texts; \(repository.name) has an encoder.", .usage)
      }
      settings.window = window
    }
    drawing.apply(to: &settings)
    settings.beams = beams ?? settings.beams
    settings.lengthPenalty = lengthPenalty ?? settings.lengthPenalty
    settings.earlyStopping = earlyStopping.flatMap { GenerationOptions.endings[$0] } ?? settings.earlyStopping
    settings.contrast = contrast ?? settings.contrast
    settings.count = count ?? settings.count
    settings.repetitionPenalty = repetitionPenalty ?? settings.repetitionPenalty
    settings.frequencyPenalty = frequencyPenalty ?? settings.frequencyPenalty
    settings.presencePenalty = presencePenalty ?? settings.presencePenalty
    settings.uniqueRun = uniqueRun ?? settings.uniqueRun
    settings.lookupTokens = lookupTokens ?? settings.lookupTokens
    if settings.count > 1, settings.beams == 1, !settings.draws {
      throw Failure(
        "Several continuations would all be the same; give --temperature or another way to draw, or --num-beams.",
        .usage)
    }
    return settings
  }
}

/// What narrows and shapes the distribution that a token is drawn from.
package struct DrawingOptions: ParsableArguments {
  @Flag(name: .customLong("do-sample"), help: "Draw at random instead of taking the likeliest.")
  package var draws = false
  @Option(help: "Below 1 sharpens the distribution, above 1 flattens it; 0 takes the likeliest.")
  package var temperature: Float?
  @Option(name: .customLong("top-k"), help: "Only so many of the likeliest; 0 keeps all.") package var topCount: Int?
  @Option(name: .customLong("top-p"), help: "Only the likeliest that make up this probability.")
  package var topMass: Float?
  @Option(name: .customLong("min-p"), help: "Only those with this share of the likeliest one's probability.")
  package var leastShare: Float?
  @Option(name: .customLong("typical-p"), help: "Only those whose surprise is nearest to the expected one.")
  package var typicalMass: Float?
  @Option(help: "Seed of the drawing.") package var seed: UInt64?

  package init() {}

  package mutating func validate() throws {
    try check(temperature, "--temperature", 0...1000)
    try check(topCount, "--top-k", 0...1 << 24)
    try check(topMass, "--top-p", 0...1)
    try check(leastShare, "--min-p", 0...1)
    try check(typicalMass, "--typical-p", 0...1)
  }

  /// Whether anything was given that only matters when tokens are drawn.
  var isGiven: Bool {
    draws || topMass != nil || leastShare != nil || typicalMass != nil || seed != nil
      || temperature.map { $0 > 0 } ?? false
  }

  func apply(to settings: inout GenerationSettings) {
    if let temperature { settings.temperature = temperature > 0 ? temperature : 1 }
    if let topCount { settings.topCount = topCount == 0 ? nil : topCount }
    settings.topMass = topMass ?? settings.topMass
    settings.leastShare = leastShare ?? settings.leastShare
    settings.typicalMass = typicalMass ?? settings.typicalMass
    settings.seed = seed ?? settings.seed
    if temperature == 0 { settings.draws = false } else if isGiven { settings.draws = true }
  }
}

/// - Throws: `ValidationError` for a number outside of what it may be
private func check<Number: Comparable>(_ number: Number?, _ name: String, _ range: ClosedRange<Number>) throws {
  guard let number, !range.contains(number) else { return }
  throw ValidationError("\(name) is \(range.lowerBound) to \(range.upperBound), not \(number).")
}
