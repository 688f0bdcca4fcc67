import Drawing

extension BenchCommand.Answer {
  package var drawing: Drawing? {
    .stack([
      .table(
        .init(
          columns: ["measured", .number("value"), "unit", .number("share of limit")],
          rows: results.map { row in
            [
              .init(row.what), .init(measured(number(row.value))), .init(row.unit, .faint),
              .init(row.share.map { measured("\(number($0 * 100))%") } ?? "limit"),
            ]
          })),
      .words(.init("\(model), \(threads) threads, \(blas)", .faint)),
      .words(
        .init(
          blas_correct
            ? "OpenBLAS agrees with a plain product (relative error \(number(blas_error)))."
            : "OpenBLAS computes WRONG products here (relative error \(number(blas_error))): install a newer one.",
          blas_correct ? .good : .bad)),
    ])
  }
}
