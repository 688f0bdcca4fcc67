import CKernels
import COpenBLAS

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which of OpenBLAS's processor kernels is used.
///
/// The library chooses when it is loaded, by a list of processors as old as itself, or by `OPENBLAS_CORETYPE`, which
/// some systems set to an old kernel for everybody; on a processor with AVX-512 that halves the rate of products. Then
/// the fitting kernel is chosen here, tried against a plain product, and given up if it is wrong. `ATTUNE_BLAS_CORE`
/// names another one, or `keep`.
enum ProductCore {
  static func choose() {
    let current = String(cString: openblas_get_corename())
    guard let wanted = wanted(instead: current) else { return }
    guard switchTo(wanted), isRight() else {
      _ = switchTo(current)
      return
    }
  }

  private static let modern: Set<String> = ["SkylakeX", "Cooperlake", "SapphireRapids"]

  private static func wanted(instead current: String) -> String? {
    if let named = getenv("ATTUNE_BLAS_CORE").map({ String(cString: $0) }) { return named == "keep" ? nil : named }
    switch attune_vector_level() {
    case 1 where !modern.contains(current): return "SkylakeX"
    case 2 where !modern.contains(current): return "Cooperlake"
    default: return nil
    }
  }

  /// Lets the library choose again. Builds for one processor do not have these entry points: nothing changes then.
  private static func switchTo(_ core: String) -> Bool {
    typealias Entry = @convention(c) () -> Void
    guard let quit = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init") else {
      return false
    }
    let before = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }
    setenv("OPENBLAS_CORETYPE", core, 1)
    unsafeBitCast(quit, to: Entry.self)()
    unsafeBitCast(start, to: Entry.self)()
    if let before { setenv("OPENBLAS_CORETYPE", before, 1) } else { unsetenv("OPENBLAS_CORETYPE") }
    return String(cString: openblas_get_corename()) == core
  }

  /// One small product beside a plain loop.
  private static func isRight() -> Bool {
    let (m, n, k) = (37, 50, 41)
    let a = (0..<m * k).map { Float(($0 * 7) % 13) - 6 }
    let b = (0..<n * k).map { Float(($0 * 5) % 11) - 5 }
    var c = [Float](repeating: 0, count: m * n)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(m), blasint(n), blasint(k), 1, a, blasint(k), b, blasint(k), 0,
      &c,
      blasint(n))
    for row in 0..<m {
      for column in 0..<n {
        // Whole numbers this small are exact in any order.
        let sum = (0..<k).reduce(Float(0)) { $0 + a[row * k + $1] * b[column * k + $1] }
        if c[row * n + column] != sum { return false }
      }
    }
    return true
  }
}
