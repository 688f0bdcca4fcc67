import COpenBLAS

/// Matrix products of one thread; the operations above split them over the engine's threads.
///
/// OpenBLAS is held to one thread: its own threads gain nothing on attention heads and spin while they wait.
package enum Products {
  private static let isReady: Bool = {
    ProductCore.choose()
    openblas_set_num_threads(1)
    return true
  }()

  /// The name of the processor kernel that the installed OpenBLAS picked, such as `Cooperlake`.
  package static var library: String {
    "\(String(cString: openblas_get_config())) / \(String(cString: openblas_get_corename()))"
  }

  package enum Form { case plain, transposed }

  /// c[m, n] = alpha * a[m, k] b[k, n] + beta * c, row-major, each with its own distance between rows.
  package static func multiply(
    _ a: UnsafePointer<Float>, _ aForm: Form, _ aStride: Int, _ b: UnsafePointer<Float>, _ bForm: Form, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ m: Int, _ n: Int, _ k: Int, alpha: Float = 1, beta: Float = 0
  ) {
    guard isReady, m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, aForm == .plain ? CblasNoTrans : CblasTrans, bForm == .plain ? CblasNoTrans : CblasTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(aStride), b, blasint(bStride), beta, c, blasint(cStride))
  }
}

/// How one large product is cut: bands of rows when there are many, else bands of columns. Depends on the shape alone.
package struct Cut {
  /// Products below this many multiplications are not worth waking a thread for.
  static let worthSharing = 2_000_000

  let rows: Int
  let columns: Int

  package init(_ m: Int, _ n: Int, _ k: Int) {
    if m * n * k < Cut.worthSharing {
      (rows, columns) = (m, n)
    } else if m >= 192 {
      (rows, columns) = (m >= 1024 ? 256 : 128, n)
    } else {
      (rows, columns) = (m, max(64, (n / 4 + 15) / 16 * 16))
    }
  }

  /// Runs `work(rows, columns)` for each part of an [m, n] result.
  package func forEach(_ m: Int, _ n: Int, _ work: (Range<Int>, Range<Int>) -> Void) {
    guard m > 0, n > 0 else { return }
    let across = (n + columns - 1) / columns
    let down = (m + rows - 1) / rows
    parallel(across * down, chunk: 1) { part in
      let (r, c) = (part.lowerBound / across * rows, part.lowerBound % across * columns)
      work(r..<min(m, r + rows), c..<min(n, c + columns))
    }
  }
}
