import Drawing
import Foundation
import Notebook
import Testing

extension Sittings {
  @Suite struct ProseTests {
    private func shown(_ body: String, width: Int = 40, accessible: Bool = false) throws -> String {
      let sitting = try Sitting()
      let file = try sitting.lesson(body + "\n<!-- pause -->\nEnd.")
      sitting.screen.style.width = width
      sitting.screen.style.accessible = accessible
      let all = sitting.type("lesson \(file)").split(separator: "\n", omittingEmptySubsequences: false)
      let start = all.firstIndex { $0.isEmpty }.map { $0 + 1 } ?? 0
      return all[start...].dropLast(2).joined(separator: "\n")
    }

    @Test func wrapsAndSetsApart() throws {
      let body = """
        Some **strong** and *soft* words with `code`
        that go over a line or two.

        - first thing that is rather long for one line
        - second [link](https://example.org)
          goes on

        1. one
        2. two

        > a quoted
        > remark

        ```text
          as  it is
        ```

        | a | b |
        |---|---|
        | 1 | 2 |
        """
      let found = try shown(body)
      #expect(
        found == """
          Some strong and soft words with `code`
          that go over a line or two.

          • first thing that is rather long for
            one line
          • second link (https://example.org) goes
            on

          1. one
          2. two

          ▏ a quoted remark

                as  it is

          a  b
          ─  ─
          1  2
          """)
    }

    @Test func isPlainForAScreenReader() throws {
      #expect(try shown("## Title\n\n- one\n- two", accessible: true) == "Title\n\n- one\n- two")
    }

    @Test func neverLetsControlCharactersThrough() throws {
      #expect(!(try shown("a \u{1B}[31mred `\u{7}`")).contains("\u{1B}"))
    }
  }
}
