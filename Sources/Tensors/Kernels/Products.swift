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

  /// Up to here, rows of a are read anew for every weight instead of being packed: then the weights are read once, at the
  /// rate of the memory. Each row gets the bits that it would get alone, so that a text may be read in any such steps.
  package static let fewRows = 8

  /// Up to here, rows of a go together over weights that lie as [in, out], in wide bands.
  static let streamedRows = 12

  /// c[m, n] = alpha * a[m, k] b[k, n] + beta * c + bias[n], row-major, each with its own distance between rows.
  package static func multiply(
    _ a: UnsafePointer<Float>, _ aForm: Form, _ aStride: Int, _ b: UnsafePointer<Float>, _ bForm: Form, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ m: Int, _ n: Int, _ k: Int, alpha: Float = 1, beta: Float = 0,
    bias: UnsafePointer<Float>? = nil
  ) {
    guard isReady, m > 0, n > 0 else { return }
    if aForm == .plain,
      attune_multiply_matrices(
        a, aStride, b, bForm == .transposed ? 1 : 0, bStride, c, cStride, m, n, k, alpha, beta, bias) == 1
    {
      return
    }
    defer { if let bias { attune_add_bias(c, cStride, bias, m, n) } }
    if aForm == .plain, bForm == .transposed, m <= fewRows, alpha == 1, beta == 0 {
      return attune_few_rows(a, aStride, m, b, bStride, k, c, cStride, n)
    }
    if aForm == .plain, bForm == .plain, m <= fewRows, alpha == 1, beta == 0 {
      for row in 0..<m { attune_one_row_transposed(a + row * aStride, b, bStride, k, c + row * cStride, n) }
      return
    }
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
      // Small enough that a thread which wakes late leaves little to wait for.
      (rows, columns) = (m, max(64, (n / 12 + 31) / 32 * 32))
    }
  }

  /// All rows, in bands of that many columns.
  init(bandsOf columns: Int) { (rows, self.columns) = (.max, columns) }

  /// For weights that are unpacked on the way: bands of columns, and of rows only where there are very many.
  init(unpacking m: Int, _ n: Int, _ k: Int) {
    rows = m > 512 ? 256 : m
    columns = m * n * k < Cut.worthSharing / 16 ? n : max(16, min(256, (n / 8 + 15) / 16 * 16))
  }

  /// The parts of an [m, n] result.
  func parts(_ m: Int, _ n: Int) -> [(rows: Range<Int>, columns: Range<Int>)] {
    guard m > 0, n > 0 else { return [] }
    let (rows, columns) = (min(m, rows), min(n, columns))
    return stride(from: 0, to: m, by: rows).flatMap { r in
      stride(from: 0, to: n, by: columns).map { c in (r..<min(m, r + rows), c..<min(n, c + columns)) }
    }
  }

  /// Runs `work(rows, columns)` for each part of an [m, n] result.
  package func forEach(_ m: Int, _ n: Int, _ work: (Range<Int>, Range<Int>) -> Void) {
    let parts = parts(m, n)
    parallel(parts.count, chunk: 1) { part in work(parts[part.lowerBound].rows, parts[part.lowerBound].columns) }
  }
}
