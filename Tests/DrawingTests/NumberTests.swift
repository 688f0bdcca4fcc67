import Drawing
import Testing

@Suite("Numbers, sizes and times as text")
struct NumberTests {
  @Test(
    "decimals are fixed",
    arguments: [
      (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (1.005, 1, "1.0"), (2.5, 0, "3"), (-2.5, 0, "-3"),
      (0.999, 2, "1.00"),
      (1234567.891, 1, "1234567.9"), (.nan, 2, "nan"), (.infinity, 2, "inf"), (-.infinity, 0, "-inf"),
      (1e300, 2, "1e+300"), (0.05, 3, "0.050"), (1e14, 12, "100000000000000.0"),
    ])
  func fixed(_ value: Double, _ digits: Int, _ expected: String) {
    #expect(number(value, digits: digits) == expected)
  }

  @Test(
    "short numbers keep about three significant digits",
    arguments: [
      (0.0, "0"), (0.694, "0.69"), (0.0213, "0.021"), (0.0012, "0.0012"), (3.14e-7, "3.1e-7"),
      (12.46, "12.5"),
      (12400.4, "12400"), (-5e-5, "-5.0e-5"), (2.5e12, "2.5e12"), (.nan, "nan"),
      (.leastNonzeroMagnitude, "4.9e-324"),
    ])
  func short(_ value: Double, _ expected: String) {
    #expect(number(value) == expected)
  }

  @Test(
    "sizes are decimal",
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9949, "9.9 kB"), (9950, "10 kB"), (999_499, "999 kB"),
      (999_500, "1.0 MB"), (90_868_376, "91 MB"), (1_340_000_000, "1.3 GB"), (-2000, "-2.0 kB"),
      (.max, "9.2 EB"),
      (.min, "-9.2 EB"),
    ])
  func sizes(_ count: Int, _ expected: String) {
    #expect(bytes(count) == expected)
  }

  @Test(
    "times show two units",
    arguments: [
      (0.0, "0 s"), (0.0004, "0.4 ms"), (0.012, "12 ms"), (1.23, "1.2 s"), (9.96, "10 s"), (59.4, "59 s"),
      (59.6, "1 min"), (72, "1 min 12 s"), (3599.7, "1 h"), (7500, "2 h 5 min"), (273600, "3 d 4 h"),
      (-1, "unknown"), (.nan, "unknown"), (.infinity, "unknown"), (1e300, "unknown"),
    ])
  func times(_ seconds: Double, _ expected: String) {
    #expect(duration(seconds: seconds) == expected)
  }
}
