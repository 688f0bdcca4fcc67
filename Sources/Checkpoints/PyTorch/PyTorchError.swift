/// A PyTorch file that cannot be used, and why.
package struct PyTorchError: Error, Equatable, Sendable {
  package let file: String
  package let problem: PyTorchProblem

  package init(file: String, problem: PyTorchProblem) {
    self.file = file
    self.problem = problem
  }
}

/// What is wrong inside a `pytorch_model.bin`.
package enum PyTorchProblem: Error, Equatable, Sendable {
  /// Written before PyTorch 1.6, as one stream of pickles.
  case oldFormat
  /// It begins like nothing that PyTorch writes.
  case notAnArchive
  /// A program, not weights.
  case torchScript
  case bigEndian

  // Of the archive (APPNOTE.TXT, section 4)
  /// The archive's list of contents is missing or leads outside of the file.
  case brokenArchive(part: String)
  case duplicateEntry(String)
  case missingEntry(String)
  /// PyTorch stores plainly; anything else is somebody else's.
  case compressedEntry(String)
  case entryTooLarge(String, bytes: Int, limit: Int)

  // Of the pickle
  /// The pickle ends inside an instruction, or before its end mark.
  case cutShort(offset: Int)
  /// An instruction that no list of tensors needs.
  case instruction(code: UInt8, offset: Int)
  /// It asks for something to be run that is not a tensor's making.
  case foreignCode(name: String, offset: Int)
  /// An instruction finds something else than it needs.
  case nonsense(offset: Int)

  // Of the tensors
  case noTensors
  case outsideOfStorage(tensor: String, end: Int, available: Int)
  case tooLarge(tensor: String, shape: [Int])
  case noSuchTensor(String)
  case shortStorage(tensor: String, expected: Int, found: Int)
}
