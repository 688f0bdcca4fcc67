import CKernels
import COpenBLAS

/// Matrix products of one thread; the operations above split them over the engine's threads.
///
/// Rows that lie as they are multiplied by our own loops where the processor has what they need, the rest by OpenBLAS.
/// That is held to one thread: its own threads gain nothing on attention heads and spin while they wait.
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

  /// c[m, n] = alpha * a[m, k] b[k, n] + beta * c + bias[n], row-major, each with its own distance between rows.
  package static func multiply(
    _ a: UnsafePointer<Float>, _ aForm: Form, _ aStride: Int, _ b: UnsafePointer<Float>, _ bForm: Form, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ m: Int, _ n: Int, _ k: Int, alpha: Float = 1, beta: Float = 0,
    bias: UnsafePointer<Float>? = nil
  ) {
    guard isReady, m > 0, n > 0 else { return }
    // A row by weights that are [in, out] is read band by band below.
    let isRowByRows = m == 1 && bForm == .plain && n >= 64 && alpha == 1 && beta == 0
    if aForm == .plain, !isRowByRows,
      attune_multiply_matrices(
        a, aStride, b, bForm == .transposed ? 1 : 0, bStride, c, cStride, m, n, k, alpha, beta, bias) == 1
    {
      return
    }
    if aForm == .plain, alpha == 1, beta == 0, bForm == .transposed ? m <= 4 : m == 1 {
      // OpenBLAS would copy the weights first.
      if bForm == .transposed {
        attune_few_rows(a, aStride, m, b, bStride, k, c, cStride, n)
      } else {
        attune_one_row_transposed(a, b, bStride, k, c, n)
      }
      if let bias { attune_add_bias(c, cStride, bias, m, n) }
      return
    }
    cblas_sgemm(
      CblasRowMajor, aForm == .plain ? CblasNoTrans : CblasTrans, bForm == .plain ? CblasNoTrans : CblasTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(aStride), b, blasint(bStride), beta, c, blasint(cStride))
    if let bias { attune_add_bias(c, cStride, bias, m, n) }
  }
}

/// How one large product is cut: bands of rows when there are many, else bands of columns. Depends on the shape alone.
package struct Cut {
  /// Products below this many multiplications are not worth waking a thread for.
  static let worthSharing = 2_000_000

  private let rows, columns: Int
  private let m, n: Int

  package init(_ m: Int, _ n: Int, _ k: Int) {
    (self.m, self.n) = (m, n)
    if m * n * k < Cut.worthSharing {
      (rows, columns) = (m, n)
    } else if m >= 192 {
      (rows, columns) = (m >= 1024 ? 256 : 128, n)
    } else {
      // Small enough that a thread which wakes late leaves little to wait for.
      (rows, columns) = (m, max(64, (n / 12 + 31) / 32 * 32))
    }
  }

  /// For rows so few that reading the weights is all the work: bands of columns, of some hundred kilobytes each.
  /// - Parameter isTransposed: the weights are [in, out], and a band of them is read in short pieces
  init(fewRows m: Int, _ n: Int, _ k: Int, isTransposed: Bool) {
    (self.m, self.n) = (m, n)
    (rows, columns) = (m, isTransposed ? 256 : max(16, (1 << 16) / max(1, k)))
  }

  private var across: Int { n == 0 ? 0 : (n + columns - 1) / columns }

  /// How many parts there are.
  var count: Int { m == 0 ? 0 : across * ((m + rows - 1) / rows) }

  subscript(part: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (row, column) = (part / across * rows, part % across * columns)
    return (row..<min(m, row + rows), column..<min(n, column + columns))
  }

  /// Runs `work(rows, columns)` for each part of an [m, n] result.
  package func forEach(_ work: (Range<Int>, Range<Int>) -> Void) {
    parallel(count, chunk: 1) { part in
      let (rows, columns) = self[part.lowerBound]
      work(rows, columns)
    }
  }
}
