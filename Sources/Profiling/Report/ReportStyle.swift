/// The style of a report.
///
/// The colours of the stages are those of Okabe and Ito (2008), which people who see few colours tell
/// apart; waits are grays. The order of the page, not its colour, carries the meaning.
let reportStyle: HTML = """
    :root {
      --ground: #fdfdfc; --ink: #1b1d20; --muted: #666b73; --line: #e4e5e8; --track: #f1f2f3;
      --accent: #3a6ea5; --bad: #b3372f;
      --fetch: #56a5d8; --decode: #0a6cb4; --filter: #e39a13; --encode: #0c9270; --store: #c078a4;
      --wait-1: #d3d6da; --wait-2: #bcc0c6; --wait-3: #a3a8b0; --wait-4: #8b919b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #15171a; --ink: #e7e8ea; --muted: #9a9fa8; --line: #2c3036; --track: #202328;
        --accent: #6f9fd0; --bad: #e8837a;
        --fetch: #6db6e4; --decode: #2f8ad8; --filter: #e8aa3c; --encode: #22a884; --store: #cd8ab3;
        --wait-1: #3a3f46; --wait-2: #4b5159; --wait-3: #5e656f; --wait-4: #737b87;
      }
    }
    * { box-sizing: border-box; margin: 0; }
    body {
      background: var(--ground); color: var(--ink); margin: 0 auto; max-width: 58rem;
      padding: 3rem 1.5rem 5rem; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
      "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums;
      -webkit-text-size-adjust: 100%;
    }
    h1 { font-size: 2rem; font-weight: 650; line-height: 1.2; letter-spacing: -.015em; }
    h2 { font-size: 1.15rem; font-weight: 650; letter-spacing: -.005em; }
    h3 { font-size: .875rem; font-weight: 400; color: var(--muted); margin: 1.5rem 0 .5rem; }
    h1 a { color: var(--bad); text-decoration: none; white-space: nowrap; }
    h1 a:hover { text-decoration: underline; }
    h3 b { color: var(--ink); font-weight: 600; }
    section { margin-top: 3.25rem; }
    .brand { color: var(--muted); font-size: .875rem; margin-bottom: .5rem; }
    .command {
      margin-top: .75rem; color: var(--muted); white-space: pre-wrap; overflow-wrap: anywhere;
      font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
    }
    .note { color: var(--muted); font-size: .875rem; max-width: 42rem; margin-top: .25rem; }
    .verdict { margin-top: 2rem; border-left: 3px solid var(--accent); padding-left: 1.1rem; }
    .verdict h2 { font-size: .875rem; font-weight: 400; color: var(--muted); }
    .verdict p { font-size: 1.2rem; line-height: 1.45; margin-top: .15rem; }
    .verdict code { font: inherit; white-space: nowrap; }
    .verdict p::first-letter { text-transform: uppercase; }
    .tiles {
      display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1.25rem 1rem;
      margin-top: 2.25rem; padding: 1.25rem 0; border: solid var(--line); border-width: 1px 0;
    }
    .tiles dt { color: var(--muted); font-size: .8125rem; }
    .tiles dd { font-size: 1.45rem; font-weight: 600; line-height: 1.25; letter-spacing: -.01em; }
    .bars {
      display: grid; grid-template-columns: 9rem 1fr auto auto; gap: .45rem 1rem;
      align-items: center; font-size: .9375rem;
    }
    .bar { width: 100%; height: 14px; display: block; }
    .share, .busy { text-align: right; white-space: nowrap; }
    .busy { color: var(--muted); min-width: 4.25rem; }
    .plot { display: block; width: calc(100% - 3.75rem); margin: 2.4rem 0 0 3.75rem; overflow: visible; }
    .plot svg { overflow: hidden; shape-rendering: crispEdges; }
    .plot line { stroke: var(--line); stroke-width: 1; }
    .plot line.base { stroke: var(--muted); stroke-opacity: .55; }
    .plot line.mark { stroke: var(--ink); stroke-opacity: .6; stroke-dasharray: 2 3; }
    text { fill: var(--muted); font-size: 12px; }
    text.mark { fill: var(--ink); paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
    .rate { fill: var(--accent); stroke: var(--ground); stroke-width: 1px; }
    .rate:hover { fill: var(--ink); }
    .track { fill: var(--track); }
    .legend {
      list-style: none; padding: 0; margin-top: .9rem; display: flex; flex-wrap: wrap;
      gap: .2rem 1.1rem; font-size: .875rem;
    }
    .swatch { width: 10px; height: 10px; margin-right: .45rem; }
    .scroll {
      overflow-x: auto; margin-top: 1.75rem;
      background: linear-gradient(to right, var(--ground), transparent) left / 2rem 100% no-repeat local,
        linear-gradient(to left, var(--ground), transparent) right / 2rem 100% no-repeat local,
        linear-gradient(to left, var(--line), transparent) right / 1rem 100% no-repeat scroll;
    }
    table { border-collapse: collapse; width: 100%; font-size: .875rem; white-space: nowrap; }
    th, td { text-align: right; font-weight: 400; padding: .4rem 0 .4rem 1.25rem; }
    th:first-child { text-align: left; padding-left: 0; }
    thead th { color: var(--muted); }
    tbody tr { border-top: 1px solid var(--line); }
    .images, .failed { list-style: none; padding: 0; margin-top: 1rem; font-size: .9375rem; }
    .images li {
      display: grid; grid-template-columns: minmax(0, 1fr) 11rem auto; gap: .25rem 1rem;
      align-items: center; padding: .4rem 0; border-top: 1px solid var(--line);
    }
    .failed li { padding: .5rem 0; border-top: 1px solid var(--line); }
    .source, bdi { overflow-wrap: anywhere; }
    small { color: var(--muted); font-size: .8125rem; white-space: nowrap; }
    .reason { display: block; color: var(--bad); font-size: .875rem; overflow-wrap: anywhere; }
    .facts {
      display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1.5rem;
      margin-top: .9rem; font-size: .9375rem;
    }
    .facts dt { color: var(--muted); }
    .facts dd { overflow-wrap: anywhere; }
    .fetch { fill: var(--fetch); } .decode { fill: var(--decode); }
    .filter { fill: var(--filter); } .encode { fill: var(--encode); } .store { fill: var(--store); }
    .waitForFetched, .waitForSource { fill: var(--wait-1); }
    .waitForMemory, .waitForLane { fill: var(--wait-2); }
    .waitForStore, .waitForEncoded { fill: var(--wait-3); }
    .waitForWorker { fill: var(--wait-4); }
    @media (max-width: 40rem) {
      body { padding: 1.75rem 1.1rem 3rem; }
      h1 { font-size: 1.6rem; }
      section { margin-top: 2.5rem; }
      .tiles { grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); }
      .tiles dd { font-size: 1.2rem; }
      .bars { grid-template-columns: 7.6rem 1fr auto; gap: .45rem .6rem; font-size: .875rem; }
      th, td { padding-left: .9rem; }
      .bars .busy { display: none; }
      .images li { grid-template-columns: minmax(0, 1fr) auto; }
      .images .source { grid-column: 1 / -1; }
      .facts { gap: .3rem 1rem; }
    }
    @media print { body { max-width: none; padding: 0; } section { break-inside: avoid; } }
    """
