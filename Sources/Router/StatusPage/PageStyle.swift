/// The style of the page for browsers. Text keeps a contrast of 4.5 to 1 and more to what it stands on, in light and in dark.
enum PageStyle {
  static let css = colors + frame + tables + forms

  /// The dark ones stand twice: for who prefers dark, unless light was chosen here, and for who chose dark here.
  private static let colors = """
    :root { color-scheme: light; \(light) }
    :root[data-theme="dark"] { color-scheme: dark; \(dark) }
    @media (prefers-color-scheme: dark) {
      :root:not([data-theme="light"]) { color-scheme: dark; \(dark) }
    }

    """

  private static let light = """
    --page: #f6f7f9; --card: #ffffff; --line: #dfe3e8; --soft: #eef1f5; --text: #1b2430; --quiet: #566272;
    --accent: #1f5fcc; --on-accent: #ffffff; --select: #e6effd; --good: #17693a; --good-back: #e3f4e9;
    --warn: #8a4b00; --warn-back: #fdf0d9; --bad: #b3261e; --bad-back: #fdeae8; --shadow: 0 1px 2px #1b243012;
    """

  private static let dark = """
    --page: #12161c; --card: #1a2028; --line: #2e3742; --soft: #232b35; --text: #e6eaf0; --quiet: #9aa7b6;
    --accent: #7db0ff; --on-accent: #0d1a2e; --select: #22324a; --good: #7ed6a0; --good-back: #173323;
    --warn: #f2bd6b; --warn-back: #3c2d12; --bad: #ff9d94; --bad-back: #431f1c; --shadow: none;
    """

  private static let frame = #"""
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    body { margin: 0; background: var(--page); color: var(--text); font-variant-numeric: tabular-nums; }
    h1, h2, p, dl, dd { margin: 0; }
    h1 { font-size: 1.1rem; font-weight: 650; letter-spacing: -.01em; }
    h2 { font-size: 1rem; font-weight: 650; }
    h3 { font-size: .85rem; font-weight: 600; margin: 1rem 0 .4rem; color: var(--quiet); }
    code, .mono { font: .92em/1.45 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
      overflow-wrap: anywhere; }
    .quiet { color: var(--quiet); }
    .note { color: var(--quiet); font-size: .87rem; padding: .6rem 1rem .8rem; }
    .note:empty { display: none; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: .5rem 1rem; z-index: 3; }
    .skip:focus { top: .5rem; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
    header { display: flex; flex-wrap: wrap; gap: .6rem 2.2rem; align-items: center; padding: .8rem 1.5rem;
      background: var(--card); border-bottom: 1px solid var(--line); }
    .brand, .tools { display: flex; align-items: center; gap: .6rem; }
    .brand svg { width: 1.5rem; height: 1.5rem; fill: none; stroke: var(--accent); stroke-width: 2; stroke-linecap: round;
      stroke-linejoin: round; }
    #version, #freshness { font-size: .82rem; }
    .tools { margin-left: auto; }
    #facts { display: flex; flex-wrap: wrap; gap: .3rem 1.8rem; }
    #facts > div { display: flex; gap: .45rem; align-items: baseline; }
    #facts dt { color: var(--quiet); font-size: .85rem; }
    #facts dd { font-weight: 600; }
    main { display: grid; gap: 1.1rem; padding: 1.1rem 1.5rem 2.5rem; max-width: 96rem; margin: 0 auto; }
    section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: var(--shadow);
      min-width: 0; }
    .pair { display: grid; gap: 1.1rem; align-items: start; min-width: 0; }
    @media (min-width: 68rem) {
      .pair { grid-template-columns: minmax(0, 1fr) minmax(22rem, 27rem); }
      .explain { position: sticky; top: 1.1rem; max-height: calc(100vh - 2.2rem); overflow: auto; }
    }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1rem; padding: .8rem 1rem .7rem; }
    #alert { max-width: 93rem; margin: 0 auto; }
    #alert:not(:empty) { margin: 1.1rem auto 0; width: calc(100% - 3rem); padding: .7rem 1rem; border-radius: 8px;
      background: var(--bad-back); color: var(--bad); border: 1px solid currentColor; font-weight: 600; }
    .stale-data main, .stale-data #facts { opacity: .72; filter: saturate(.35); }
    dialog { border: 1px solid var(--line); border-radius: 10px; background: var(--card); color: var(--text);
      padding: 1.2rem 1.4rem; max-width: min(30rem, calc(100vw - 2rem)); }
    dialog::backdrop { background: #0008; }
    dialog dl { margin: .8rem 0 1rem; display: grid; gap: .5rem; }
    dialog dl div { display: grid; grid-template-columns: 9.5rem 1fr; gap: .8rem; }
    kbd { font: .82em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; border: 1px solid var(--line); border-radius: 4px;
      background: var(--soft); color: var(--quiet); padding: .1em .42em; }
    @media (prefers-reduced-motion: no-preference) {
      .chip, button, input { transition: background-color .12s, border-color .12s; }
    }
    @media (max-width: 40rem) {
      header, main { padding-left: .8rem; padding-right: .8rem; }
      header { gap: .6rem 1.2rem; }
      .tools { margin-left: 0; width: 100%; }
      .tools #freshness { margin-right: auto; }
      #alert:not(:empty) { width: calc(100% - 1.6rem); }
    }

    """#

  private static let tables = #"""
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th { text-align: left; font-size: .78rem; font-weight: 600; color: var(--quiet); white-space: nowrap;
      padding: .35rem .7rem; border-bottom: 1px solid var(--line); }
    th[scope=row] { font-size: inherit; color: inherit; white-space: normal; border-color: var(--line); }
    td, th[scope=row] { padding: .5rem .7rem; border-bottom: 1px solid var(--line); vertical-align: middle; }
    th:first-child, td:first-child { padding-left: 1rem; }
    th:last-child, td:last-child { padding-right: 1rem; }
    .number { text-align: right; white-space: nowrap; }
    tbody tr:focus { outline: 2px solid transparent; outline-offset: -2px; background: var(--select); box-shadow: inset 3px 0 var(--accent); }
    tbody tr.row { cursor: pointer; }
    tbody tr.row:hover { background: var(--soft); }
    tbody tr.row:focus:hover { background: var(--select); }
    #metrics tr[aria-selected=true] { background: var(--select); }
    .open { all: unset; cursor: pointer; display: inline-flex; align-items: baseline; gap: .45rem; font-weight: 600; }
    .open:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    .open::before { content: "▸"; color: var(--quiet); font-size: .8em; width: .8em; }
    .open[aria-expanded=true]::before { content: "▾"; }
    .state { display: inline-block; padding: .06rem .6rem; border-radius: 99px; font-size: .82rem; font-weight: 600;
      white-space: nowrap; background: var(--soft); color: var(--quiet); }
    .state.ready { background: var(--good-back); color: var(--good); }
    .state.stale, .state.empty { background: var(--warn-back); color: var(--warn); }
    .state.unavailable, .state.failing { background: var(--bad-back); color: var(--bad); }
    .tag { display: inline-block; margin-left: .5rem; font-size: .76rem; color: var(--quiet); border: 1px solid var(--line);
      border-radius: 4px; padding: 0 .35rem; white-space: nowrap; }
    .bad { color: var(--bad); font-weight: 600; }
    .latency { display: flex; align-items: center; gap: .8rem; min-width: 15.5rem; }
    .latency span { width: 4.6rem; text-align: right; white-space: nowrap; }
    .spark { width: 160px; height: 30px; overflow: visible; flex: none; }
    .spark .line { fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
    .spark .area { fill: var(--accent); opacity: .13; }
    .spark .errors { stroke: var(--bad); stroke-width: 2; }
    .spark .base { stroke: var(--line); }
    .details td { background: var(--soft); padding: .8rem 1rem 1rem 2rem; white-space: normal; }
    .details dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .7rem 2rem; }
    .details dt, .verdict dt { color: var(--quiet); font-size: .8rem; }
    .details dd { overflow-wrap: anywhere; }
    .details .actions { margin-top: .9rem; }
    #metrics .mono { font-size: .9rem; min-width: 15rem; width: 42%; }
    #metrics td:nth-child(2) { white-space: nowrap; }
    #metrics td, #metrics th[scope=row] { padding-top: .38rem; padding-bottom: .38rem; font-weight: 400; }
    .candidate { white-space: nowrap; }
    .loser { color: var(--quiet); }
    @media (max-width: 40rem) {
      #sources tr > :is(:nth-child(3), :nth-child(4), :nth-child(5), :nth-child(6)), #metrics tr > :nth-child(2) { display: none; }
      #sources tr > *, #metrics tr > * { padding-left: .4rem; padding-right: .4rem; }
      #metrics .mono { min-width: 8rem; }
      .candidate { white-space: normal; }
      .latency { min-width: 0; display: grid; gap: 0; }
      .latency span { text-align: left; }
      .spark { width: 76px; height: 24px; }
      .tag { margin-left: 0; white-space: normal; }
      .details td { padding-left: 1rem; }
    }

    """#

  private static let forms = #"""
    button, input { font: inherit; color: inherit; }
    button:not(.open), .chip { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      padding: .25rem .75rem; cursor: pointer; }
    button:not(.open):hover { background: var(--soft); }
    button.primary:not(.open) { background: var(--accent); border-color: var(--accent); color: var(--on-accent);
      font-weight: 600; }
    button.primary:not(.open):hover { filter: brightness(1.08); background: var(--accent); }
    .field { display: block; position: relative; }
    .field > span:not(.unseen) { display: block; font-size: .82rem; color: var(--quiet); margin-bottom: .15rem; }
    .field input { width: 100%; background: var(--card); border: 1px solid var(--quiet); border-radius: 6px;
      padding: .35rem .65rem; }
    .field input::placeholder { color: var(--quiet); opacity: 1; }
    .find { flex: 1 1 12rem; max-width: 16rem; margin-left: auto; }
    .find.wide { max-width: none; margin-left: 0; flex-basis: 16rem; }
    .find kbd { position: absolute; right: .6rem; top: .5rem; pointer-events: none; }
    .find input:focus + kbd, .find input:not(:placeholder-shown) + kbd { display: none; }
    @media (max-width: 40rem) { .find { max-width: none; flex-basis: 100%; } }
    .check { display: inline-flex; gap: .45rem; align-items: center; font-size: .92rem; white-space: nowrap; }
    input[type=checkbox] { accent-color: var(--accent); width: 1rem; height: 1rem; margin: 0; }
    .chips { display: flex; flex-wrap: wrap; gap: .4rem; }
    .chips:not(.bar .chips) { padding: 0 1rem; }
    button.chip:not(.open) { border-radius: 99px; font-size: .84rem; padding: .1rem .75rem; margin-bottom: .1rem; }
    button.chip[aria-pressed=true]:not(.open) { background: var(--select); border-color: var(--accent); }
    #only-source { margin-bottom: .6rem; }
    .pager { display: flex; gap: .5rem; padding: 0 1rem; }
    .pager button { margin-bottom: .8rem; }
    #more { margin: 0 1rem 1rem; }
    #explain { display: grid; gap: .65rem; padding: 0 1rem .9rem; }
    .actions { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; margin-top: .15rem; }
    #verdict { border-top: 1px solid var(--line); padding-bottom: .4rem; }
    #verdict:focus { outline: 2px solid transparent; }
    .verdict { padding: .9rem 1rem .6rem; }
    .verdict ol { list-style: none; margin: .7rem 0 0; padding: 0; display: grid; gap: .6rem; }
    .verdict li { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .75rem; overflow-wrap: anywhere; }
    .verdict li.answers { border-color: var(--good); }
    .verdict li.next { border-color: var(--accent); }
    .verdict li.refused { border-color: var(--bad); }
    .verdict li b { font-weight: 650; }
    .verdict .why { display: block; color: var(--quiet); font-size: .9rem; }
    .says { color: var(--text); }
    .problem { color: var(--bad); padding: .9rem 1rem; overflow-wrap: anywhere; }

    """#
}
