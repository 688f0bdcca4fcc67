import Foundation

/// Hugging Face's `generation_config.json`; older models have the same keys in `config.json`.
extension GenerationSettings {
  /// What a file says, and for all else what there was before.
  /// - Parameter file: the name that errors carry
  package mutating func read(_ json: Data, file: String) throws(ConfigurationError) {
    let reader = try ConfigurationReader(json, file: file)
    try readLengths(reader)
    try readWords(reader)
    try readDrawing(reader)
    beams = try reader.integer("num_beams", default: beams, in: 1...64)
    count = try reader.integer("num_return_sequences", default: count, in: 1...64)
    lengthPenalty = try reader.number("length_penalty", default: lengthPenalty, in: -100...100)
    if reader.object["early_stopping"] as? String == "never" {
      earlyStopping = .never
    } else if reader.holds("early_stopping") {
      earlyStopping = try reader.bool("early_stopping", default: false) ? .atOnce : .likely
    }
    let guessed = try reader.integer("prompt_lookup_num_tokens", default: lookupTokens, in: 0...1 << 16)
    lookupTokens = min(guessed, GenerationSettings.mostLookupTokens)
    if reader.holds("penalty_alpha") { contrast = try reader.number("penalty_alpha", default: 0, in: 0...1) }
  }

  private mutating func readLengths(_ reader: ConfigurationReader) throws(ConfigurationError) {
    let lengths = 0...1 << 24
    if reader.holds("max_length") { maximumLength = try reader.integer("max_length", in: lengths) }
    if reader.holds("max_new_tokens") {
      maximumNewTokens = try reader.integer("max_new_tokens", in: lengths)
      maximumLength = nil
    }
    // Marian's `max-length-factor`, as its file is read here.
    if reader.holds("max_length_factor") {
      newTokensPerSource = try reader.number("max_length_factor", default: 1, in: 0.01...100)
    }
    minimumLength = try reader.integer("min_length", default: minimumLength, in: lengths)
    minimumNewTokens = try reader.integer("min_new_tokens", default: minimumNewTokens, in: lengths)
  }

  private mutating func readWords(_ reader: ConfigurationReader) throws(ConfigurationError) {
    // Ids that no word has are allowed: they never come.
    let ids = 0...Int(Int32.max)
    func tokens(_ key: String, or before: [Int32]) throws(ConfigurationError) -> [Int32] {
      reader.holds(key) ? try reader.integers(key, in: ids).map(Int32.init) : before
    }
    endIDs = Set(try tokens("eos_token_id", or: Array(endIDs)))
    forcedFirstID = try tokens("forced_bos_token_id", or: forcedFirstID.map { [$0] } ?? []).first
    forcedLastID = try tokens("forced_eos_token_id", or: forcedLastID.map { [$0] } ?? []).first
    suppressed = try tokens("suppress_tokens", or: suppressed)
    suppressedFirst = try tokens("begin_suppress_tokens", or: suppressedFirst)
    if reader.holds("bad_words_ids") {
      banned = try reader.integerLists("bad_words_ids", in: ids).map { $0.map(Int32.init) }
    }
    uniqueRun = try reader.integer("no_repeat_ngram_size", default: uniqueRun, in: 0...1 << 16)
    repetitionPenalty = try reader.number("repetition_penalty", default: repetitionPenalty, in: 1e-3...1e3)
  }

  private mutating func readDrawing(_ reader: ConfigurationReader) throws(ConfigurationError) {
    draws = try reader.bool("do_sample", default: draws)
    temperature = try reader.number("temperature", default: temperature, in: 0...1e3)
    if reader.holds("top_k") {
      let most = try reader.integer("top_k", in: 0...1 << 24)
      topCount = most == 0 ? nil : most
    }
    topMass = try reader.number("top_p", default: topMass, in: 0...1)
    if reader.holds("min_p") { leastShare = try reader.number("min_p", default: 0, in: 0...1) }
    typicalMass = try reader.number("typical_p", default: typicalMass, in: 0...1)
    // Without heat only the likeliest is left.
    if temperature == 0 { (draws, temperature) = (false, 1) }
  }
}
