// swift-tools-version: 6.0
import PackageDescription

/// The rooms of DESIGN.md. A target's dependencies are the arrows drawn there, and there are no others.
let package = Package(
  name: "attune",
  platforms: [.macOS(.v15)],
  targets: [
    .target(name: "Tokenizers"),
    .target(name: "Drawing"),
    .testTarget(name: "TokenizersTests", dependencies: ["Tokenizers"]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing"]),
  ],
  swiftLanguageModes: [.v6]
)
