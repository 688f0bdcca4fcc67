extension Drawing {
  /// A whole HTML page around fragments: one file, no scripts, light and dark.
  ///
  /// `title` is escaped; `body` is taken as the HTML it is.
  package static func htmlPage(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    \(pageStyle)
    </style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>

    """
  }

  private static let pageStyle = """
    :root { color-scheme: light dark; --ground: #fcfcfa; --ink: #1b1b1f; --soft: #5f6068; --line: #d9d9d4;
      --panel: #f1f1ec; --accent: #1a6fb5; --good: #18794e; --bad: #b3372b;
      --positive: #4697e4; --negative: #ce7c22; }
    @media (prefers-color-scheme: dark) { :root { --ground: #17181c; --ink: #e8e8e3; --soft: #a2a4ad;
      --line: #3a3c44; --panel: #22242a; --accent: #7cbcf5; --good: #5cc796; --bad: #f08b7d; } }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
    main { max-width: 46rem; margin: 2.5rem auto 4rem; padding: 0 1.2rem; }
    h1, h2, h3 { line-height: 1.25; margin: 1.8em 0 .6em; }
    h1 { margin-top: 0; }
    a { color: var(--accent); }
    code, pre { font: .9em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    code { background: var(--panel); padding: .1em .35em; border-radius: 4px; }
    pre { background: var(--panel); padding: .8em 1em; border-radius: 8px; overflow-x: auto; }
    pre code { background: none; padding: 0; }
    .words { white-space: pre-wrap; overflow-wrap: anywhere; }
    .faint { color: var(--soft); }
    .good { color: var(--good); }
    .bad { color: var(--bad); }
    .accent { color: var(--accent); font-weight: 600; }
    .scroll { overflow-x: auto; margin: 1.2em 0; }
    .scroll table { font-variant-numeric: tabular-nums; }
    table { border-collapse: collapse; }
    caption { text-align: left; font-weight: 600; padding-bottom: .4em; }
    th, td { padding: .3em 1.1em .3em 0; text-align: left; vertical-align: top;
      border-bottom: 1px solid var(--line); }
    thead th { color: var(--soft); font-weight: 600; }
    tbody th { font-weight: 500; }
    .right { text-align: right; white-space: nowrap; }
    .center { text-align: center; }
    figure { margin: 1.4em 0; }
    figcaption { font-weight: 600; margin-bottom: .5em; }
    figcaption .faint { font-weight: 400; font-size: .85em; margin-left: .5em; }
    svg { display: block; width: 100%; height: auto; }
    details { margin: .6em 0; }
    details summary { color: var(--soft); cursor: pointer; }
    figure details table { font-size: .8em; }
    figure details th, figure details td { padding: .15em .6em .15em 0; }
    .tokens ol { list-style: none; display: flex; flex-wrap: wrap; gap: .7em .3em; margin: 0; padding: 0; }
    .tokens li { display: flex; flex-direction: column; align-items: center; font-size: .78em;
      line-height: 1.5; color: var(--soft); font-variant-numeric: tabular-nums; }
    .tokens b { align-self: stretch; text-align: center; padding: .12em .5em; border-radius: 5px;
      white-space: pre; font: 600 1.25em/1.6 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    .tokens .special b { border: 1px dashed var(--soft); padding: calc(.12em - 1px) .5em; font-weight: 400; }
    .marked p { margin: .4em 0; }
    .marked mark { padding: .08em .3em; border-radius: 5px; }
    .marked mark b { font-size: .78em; }
    .bars { width: 100%; margin: 1.2em 0; font-variant-numeric: tabular-nums; }
    .bars th, .bars td { border: 0; padding: .18em .8em .18em 0; vertical-align: middle;
      white-space: nowrap; }
    .bars th { text-align: right; width: 1%; }
    .bars .bar { width: 100%; background: linear-gradient(var(--panel), var(--panel)) content-box; }
    .bars .bar span { display: block; height: 1.1em; min-width: 1px; background: var(--positive);
      border-radius: 0 3px 3px 0; }
    .bars .bar .negative { background: var(--negative); border-radius: 3px 0 0 3px; }
    .progress { font-variant-numeric: tabular-nums; }
    progress { appearance: none; vertical-align: middle; width: 15em; height: .6em; margin: 0 .5em; border: 0;
      border-radius: 1em; overflow: hidden; background: var(--line); }
    progress::-webkit-progress-bar { background: var(--line); }
    progress::-webkit-progress-value { background: var(--positive); }
    progress::-moz-progress-bar { background: var(--positive); }
    """
}
