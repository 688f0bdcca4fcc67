import Foundation

/// Bytes to a descriptor, all of them or an error number.
enum Output {
  struct Failure: Error, Equatable {
    let number: Int32
  }

  static func put(_ text: String, to descriptor: Int32) -> Result<Void, Failure> {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = write(descriptor, start, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&wait, 1, -1)
        } else if errno != EINTR {
          return .failure(Failure(number: errno))
        }
      }
      return .success(())
    }
  }
}
