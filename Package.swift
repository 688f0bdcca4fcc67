// swift-tools-version: 6.0
import PackageDescription

/// The rooms of DESIGN.md. A target's dependencies are the arrows drawn there, and there are no others.
let package = Package(
  name: "attune",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "attune", targets: ["attune"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CLibEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Tokenizers"),
    .target(name: "Drawing"),
    .target(name: "Tensors", dependencies: ["COpenBLAS", "CKernels"]),
    .target(name: "Layers", dependencies: ["Tensors"]),
    .target(name: "Models", dependencies: ["Layers", "Tensors"]),
    .target(name: "Checkpoints", dependencies: ["Layers", "Tensors", "CKernels"]),
    .target(name: "Training", dependencies: ["Models", "Layers", "Tensors", "Checkpoints", "Tokenizers"]),
    .target(name: "Pipelines", dependencies: ["Models", "Layers", "Tensors", "Checkpoints", "Tokenizers"]),
    .target(
      name: "Notebook",
      dependencies: [
        "Pipelines", "Training", "Models", "Layers", "Tensors", "Checkpoints", "Tokenizers", "Drawing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Lessons",
      dependencies: [
        "Notebook", "Drawing", .product(name: "Yams", package: "Yams"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Shell",
      dependencies: [
        "CLibEdit", "Lessons", "Notebook", "Drawing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "attune", dependencies: ["Shell", "Lessons", "Notebook"]),

    .testTarget(name: "TokenizersTests", dependencies: ["Tokenizers"]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Checkpoints"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(name: "LayersTests", dependencies: ["Layers", "Tensors"]),
    .testTarget(name: "ModelsTests", dependencies: ["Models", "Layers", "Tensors"]),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["TestSupport", "Checkpoints", "Layers", "Tensors", "CKernels"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "Models", "Layers", "Tensors", "Checkpoints", "Tokenizers"]),
    .testTarget(
      name: "PipelinesTests",
      dependencies: ["Pipelines", "Models", "Checkpoints", "Layers", "Tensors", "Tokenizers"]),
    .target(name: "TestSupport", dependencies: ["Notebook", "Checkpoints", "Drawing"], path: "Tests/Support"),
    .testTarget(
      name: "NotebookTests",
      dependencies: ["TestSupport", "Shell", "Lessons", "Notebook", "Training", "Drawing"]),
    .testTarget(
      name: "TranscriptTests",
      dependencies: ["TestSupport", "Lessons", "Notebook", "Drawing", "attune"]),
    .testTarget(
      name: "LessonTests",
      dependencies: [
        "TestSupport", "Lessons", "Notebook", "Checkpoints", "Drawing", "attune",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "ShellTests",
      dependencies: [
        "TestSupport", "Shell", "Lessons", "Notebook", "Drawing", "attune",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
