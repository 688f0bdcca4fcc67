import Checkpoints
import Drawing
import Foundation
import Testing

@Suite("HTML and SVG")
struct MarkupTests {
  private static let attack = "<script>alert(\"x\" & 'y')</script>\u{1B}[2J"
  private static let safe = "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;\\u{1B}[2J"

  private static let block = "<script type=\"application/json\" class=\"values\">"

  private static let drawings: [Drawing] = [
    .text(.init([.init(attack, .bad)])),
    .table(.init(title: attack, columns: [.init(attack)], rows: [[.init(attack)]])),
    .bars(.init(title: attack, bars: [.init(attack, 1, text: attack)])),
    .heatmap(.init(title: attack, rows: [attack], columns: [attack], values: [[1]], legend: attack)),
    .grid(.init(title: attack, maps: [.init(attack, [[1]])], legend: attack, note: attack)),
    .tokens(.init(title: attack, tokens: [.init(attack, id: 1)], shadeName: attack)),
    .highlights(
      .init(title: attack, text: attack, marks: [.init(3..<9, attack, note: attack)], meanings: [attack: attack])),
    .curves(.init(title: attack, xTitle: attack, series: [.init(attack, [.init(0, 1), .init(1, 2)])])),
    .progress(.init(label: attack, done: 1, total: 2, unit: .count(attack))),
  ]

  @Test("text from outside is escaped everywhere")
  func escaping() {
    for drawing in Self.drawings {
      for markup in [drawing.html(), drawing.svg() ?? ""] {
        // The only script elements are data blocks, and nothing in them can end one.
        #expect(markup.components(separatedBy: "<script").count == markup.components(separatedBy: Self.block).count)
        #expect(markup.components(separatedBy: "</script").count == markup.components(separatedBy: Self.block).count)
        #expect(!markup.contains("\u{1B}"))
      }
    }
    #expect(Self.drawings[0].html() == "<p class=\"words\"><span class=\"bad\">\(Self.safe)</span></p>")
    #expect(Drawing.htmlPage(title: Self.attack, body: "<p>kept</p>").contains("<title>\(Self.safe)</title>"))
    #expect(Drawing.htmlPage(title: "", body: "<p>kept</p>").contains("<p>kept</p>"))
  }

  @Test("tables are tables, with scopes and alignment")
  func table() {
    let html = Samples.models.html()
    #expect(html.contains("<caption>Models</caption>"))
    #expect(html.contains("<th scope=\"col\">name</th>"))
    #expect(html.contains("<td class=\"right\">91 MB</td><td><span class=\"good\">yes</span></td>"))
  }

  @Test("pictures are figures with a sentence that stands for them, and a heat map has its table")
  func pictures() {
    let html = Samples.attention.html()
    #expect(html.hasPrefix("<figure"))
    #expect(html.contains("role=\"img\" aria-label=\"Layer 4, head 7: 6 rows by 6 columns, attention weight"))
    #expect(html.contains("<th scope=\"row\">trophy</th><td class=\"right\">0.02</td>"))
    #expect(html.contains("<title>trophy attends to was 0.09</title>"))
    #expect(Samples.loss.html().contains("pre-trained starts 0.70 at step 0, ends 0.21 at step 40"))
  }

  @Test("tokens are a list with numbers and places")
  func tokens() {
    let html = Samples.tokens.html()
    #expect(html.contains("<li class=\"special\"><b>[CLS]</b><span>101</span><span>special</span></li>"))
    #expect(html.contains(">trophy</b><span>5384</span><span>4-10</span></li>"))
  }

  @Test("marks are marks, with a label and a legend")
  func highlights() {
    let html = Samples.names.html()
    #expect(html.contains("title=\"score 0.99\">Elon Musk <b>PER</b></mark> founded <mark"))
    #expect(html.contains("<b>LOC</b></mark> place (2)</p>"))
    #expect(Samples.names.svg()?.contains(">[Elon Musk </text>") == true)
  }

  @Test("an SVG file stands alone; words and tables have none; a stack has its pictures")
  func files() {
    for drawing in [Samples.attention, Samples.names, Samples.heads, Samples.loss, Samples.answer] {
      let svg = drawing.svg() ?? ""
      #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""))
      #expect(svg.hasSuffix("</svg>\n"))
      #expect(!svg.contains("nan") && !svg.contains("inf\""))
    }
    for drawing in [Samples.words, Samples.models, Samples.tokens, Samples.steps, .stack([])] {
      #expect(drawing.svg() == nil)
    }
    let stack = Drawing.stack([Samples.words, Samples.attention, Samples.loss]).svg() ?? ""
    #expect(stack.contains("Layer 4, head 7") && stack.contains("polyline"))
  }

  @Test("a page is whole, has light and dark, and no script")
  func page() {
    let page = Drawing.htmlPage(title: "Lesson", body: Samples.all.map { $0.html() }.joined())
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(page.contains("prefers-color-scheme: dark") && !page.contains("<script"))
    for tag in [
      "table", "figure", "svg", "ol", "li", "p", "span", "details", "td", "th", "tr", "g", "text", "title",
    ] {
      let opened = page.ranges(of: "<\(tag)>").count + page.ranges(of: "<\(tag) ").count
      #expect(opened == page.ranges(of: "</\(tag)>").count, "\(tag)")
    }
  }

  @Test("a map carries its numbers, so that a page can be explored: by row and column, each as written and as a shade")
  func viewer() throws {
    let map = Drawing.heatmap(
      .init(
        title: "T", rows: ["a", "<b>"], columns: ["a", "<b>"], values: [[0.25, 1], [.nan, 0]], relation: "looks at"))
    let html = map.html()
    #expect(html.contains(#""rows":["a","\u003Cb\u003E"]"#))
    #expect(html.contains(#""maps":[[[["0.25",250],["1.00",1000]],[null,["0.00",0]]]]"#))
    #expect(html.contains("<g data-row=\"1\">"))
    let grid = Drawing.grid(.init(maps: [.init("head 0", [[1]]), .init("head 1", [[0.5]])], rows: ["a"]))
    #expect(grid.html().contains(#""captions":["head 0","head 1"]"#))
    #expect(grid.html().contains("<g data-map=\"1\">"))
    // Without names there is nothing to point at, and with too many numbers a page would be too heavy.
    #expect(!Drawing.grid(.init(maps: [.init("head 0", [[1]])])).html().contains("<script"))
    let names = (0..<600).map(String.init)
    let large = Drawing.heatmap(.init(rows: names, columns: names, values: []))
    #expect(!large.html().contains("<script"))
  }

  @Test("a page runs its own script and no other")
  func policy() throws {
    let page = Drawing.htmlPage(title: "T", body: "")
    let script = try #require(page.firstMatch(of: /<script>([^<]*(?:<(?!\/script)[^<]*)*)<\/script>/)).1
    let digits = Array(SHA256.hex(of: Data(script.utf8)))
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    let hash = Data(bytes).base64EncodedString()
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("script-src 'sha256-\(hash)'"), "pageScriptHash has to be \(hash)")
    #expect(!script.contains("innerHTML") && !script.contains("fetch") && !script.contains("eval"))
    #expect(!page.contains("http://") && !page.contains("https://"))
  }
}
