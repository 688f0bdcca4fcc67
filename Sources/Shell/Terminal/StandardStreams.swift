import Foundation

/// Standard input, output and error, of which whoever starts attune may have closed some.
enum StandardStreams {
  /// Puts something in the place of a closed one. The next file that is opened would get its number: a prompt would be
  /// read from a model, and results written into it. Input ends at once; writing fails as it should.
  static func fill() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the one that is closed.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
