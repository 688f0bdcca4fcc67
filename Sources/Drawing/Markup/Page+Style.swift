extension Drawing {
  static let pageStyle = """
    :root { color-scheme: light dark; --ground: #fcfcfa; --ink: #1b1b1f; --soft: #5f6068; --line: #d9d9d4;
      --panel: #f1f1ec; --accent: #1a6fb5; --good: #18794e; --bad: #b3372b;
      --positive: #4697e4; --negative: #ce7c22; }
    html { font-size: clamp(16px, 10px + .6vw, 26px); -webkit-text-size-adjust: 100%; }
    @media (prefers-color-scheme: dark) { :root { --ground: #17181c; --ink: #e8e8e3; --soft: #a2a4ad;
      --line: #3a3c44; --panel: #22242a; --accent: #7cbcf5; --good: #5cc796; --bad: #f08b7d; } }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
    main { max-width: 48rem; margin: 2.5rem auto 4rem; padding: 0 1.2rem; }
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
    svg { display: block; height: auto; }
    a:focus-visible, button:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
      outline: 3px solid var(--accent); outline-offset: 2px; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: 1rem; top: .5rem; padding: .3em .8em; background: var(--ground); }
    nav ol { columns: 2 16rem; }
    .task { border-left: 4px solid var(--good); padding-left: 1em; margin: 1.4em 0; }
    .cell > pre:first-child { border-left: 4px solid var(--accent); border-radius: 0 8px 8px 0; }
    .viewer { margin: 1em 0; }
    .viewer p { margin: .5em 0; }
    .viewer button, .viewer .strip span { font: .9em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 5px;
      padding: .2em .5em; margin: 0; }
    .viewer button { cursor: pointer; min-width: 1.8rem; min-height: 1.8rem; }
    .viewer .strip { display: flex; flex-wrap: wrap; gap: .35em .25em; }
    .viewer .strip span { display: inline-block; }
    .viewer .strip .from { box-shadow: 0 0 0 2px var(--ground), 0 0 0 4px var(--ink); }
    .viewer .says { min-height: 1.6em; font-variant-numeric: tabular-nums; }
    .heads { display: flex; flex-wrap: wrap; gap: .35em .25em; }
    .heads [aria-checked="true"] { background: var(--accent); color: var(--ground); border-color: var(--accent);
      font-weight: 600; }
    .viewer .map { max-height: 70vh; overflow: auto; }
    .map table { border-collapse: separate; border-spacing: 1px; font-size: .78em; }
    .map th, .map td { border: 0; padding: .25em .4em; text-align: right; white-space: nowrap; }
    .map caption { padding-bottom: .3em; }
    .map thead th, .map tbody th { position: sticky; background: var(--ground); z-index: 1; font-weight: 500; }
    .map thead th { top: 0; }
    .map tbody th { left: 0; }
    .map tr.lit th { font-weight: 700; text-decoration: underline; }
    svg [data-map] { cursor: pointer; }
    figure:has(.strip :focus-visible) svg [data-row]:not(.lit) { opacity: .35; }
    @media (hover: hover) { figure:has(.strip:hover, svg:hover) svg [data-row]:not(.lit) { opacity: .35; } }
    @media print { .viewer, .skip { display: none; } details > * { display: block; } }
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
    @media (max-width: 40rem) { .bars th { white-space: normal; min-width: 6em; width: 45%; } }
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
