/// The skeleton of the page for browsers; its script fills it.
enum PageMarkup {
  static func html(style: String, script: String) -> String {
    head + "<style>" + style + "</style>\n</head>\n" + body + "<script>" + script + "</script>\n</body>\n</html>\n"
  }

  /// The icon is two arrows from one point: in the page, since nothing else is asked for.
  private static let head = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Metrics Router</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 8h4l4-4h4M6 8l4 4h4' fill='none' stroke='%232f6fde' stroke-width='2'/%3E%3C/svg%3E">

    """#

  private static let body = #"""
    <body>
    <a class="skip" href="#search">Skip to the search</a>
    <header>
      <div class="brand">
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1 8h5l4-4h5M6 8l4 4h5"/></svg>
        <h1>Metrics Router</h1>
        <span id="version" class="quiet"></span>
      </div>
      <dl id="facts" aria-label="The routing table in force">
        <div><dt>Generation</dt><dd id="generation">–</dd></div>
        <div><dt>Loaded</dt><dd id="age">–</dd></div>
        <div><dt>Sources</dt><dd id="source-count">–</dd></div>
        <div><dt>Metrics</dt><dd id="metric-count">–</dd></div>
      </dl>
      <div class="tools">
        <span id="freshness" class="quiet"></span>
        <button type="button" id="theme" aria-keyshortcuts="t">Dark</button>
        <button type="button" id="help-button" aria-label="Keyboard shortcuts" aria-keyshortcuts="?">?</button>
      </div>
    </header>
    <div id="alert" role="alert"></div>
    <p id="news" class="unseen" role="status" aria-live="polite"></p>
    <main id="main">
      <noscript><p>This page asks the server for what it shows, which takes JavaScript. <code>/debug/explain</code>
      and <code>/debug/shadow</code> do not.</p></noscript>
      <section aria-labelledby="sources-title">
        <div class="bar">
          <h2 id="sources-title">Sources</h2>
          <div id="states" class="chips" role="group" aria-label="Show only sources in this state"></div>
          <label class="field find"><span class="unseen">Find sources</span>
            <input type="search" id="source-search" placeholder="Find sources" autocomplete="off" spellcheck="false"></label>
        </div>
        <div class="scroll">
          <table id="sources">
            <caption class="unseen">Metrics sources, the highest priority first, with what became of the requests of the last ten minutes</caption>
            <thead><tr>
              <th scope="col">Source</th><th scope="col">State</th><th scope="col" class="number">Priority</th>
              <th scope="col" class="number">Listed</th><th scope="col" class="number">Claims</th>
              <th scope="col" class="number">Requests</th><th scope="col" class="number">Errors</th>
              <th scope="col">Latency, 10 min</th>
            </tr></thead>
            <tbody></tbody>
          </table>
        </div>
        <p id="sources-note" class="note"></p>
        <div class="pager"><button type="button" id="sources-before" hidden>Previous</button>
          <button type="button" id="sources-after" hidden>Next</button></div>
      </section>
      <div class="pair">
      <section aria-labelledby="metrics-title">
        <div class="bar">
          <h2 id="metrics-title">Metrics</h2>
          <label class="field find wide"><span class="unseen">Search metrics</span>
            <input type="search" id="search" placeholder="Search metrics: words, all of which must occur" autocomplete="off"
              spellcheck="false" maxlength="256" aria-keyshortcuts="/" aria-controls="metrics"><kbd aria-hidden="true">/</kbd></label>
          <label class="check"><input type="checkbox" id="contested"> Several sources</label>
        </div>
        <div class="chips"><button type="button" id="only-source" class="chip" hidden></button></div>
        <div class="scroll">
          <table id="metrics">
            <caption class="unseen">Metrics, and which source answers each</caption>
            <thead><tr><th scope="col">Metric</th><th scope="col">Type</th><th scope="col">Answered by</th>
              <th scope="col">Other candidates</th></tr></thead>
            <tbody></tbody>
          </table>
        </div>
        <p id="metrics-note" class="note" role="status" aria-live="polite"></p>
        <button type="button" id="more" hidden>Show more</button>
      </section>
      <section aria-labelledby="explain-title" class="explain">
        <div class="bar"><h2 id="explain-title">Explain</h2></div>
        <form id="explain">
          <label class="field"><span>Metric</span>
            <input id="explain-metric" required placeholder="pods/foo, or queue_length" autocomplete="off" spellcheck="false" aria-keyshortcuts="e"></label>
          <label class="field"><span>Namespace</span>
            <input id="explain-namespace" placeholder="none: objects outside namespaces" autocomplete="off" spellcheck="false"></label>
          <label class="field"><span>Selector of the metric</span>
            <input id="explain-selector" placeholder="verb=GET" autocomplete="off" spellcheck="false"></label>
          <div class="actions">
            <button type="submit" class="primary">Explain</button>
            <label class="check" title="Sends the request to each of them, with the router's own rights"><input type="checkbox" id="explain-ask"> and ask each candidate</label>
          </div>
        </form>
        <div id="verdict" tabindex="-1" aria-live="polite"><p class="note">Why does a request go where it goes? Choose a metric with Enter, or name one.</p></div>
      </section>
      </div>
    </main>
    <dialog id="help" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl>
        <div><dt><kbd>/</kbd></dt><dd>search metrics</dd></div>
        <div><dt><kbd>↓</kbd> <kbd>↑</kbd> or <kbd>j</kbd> <kbd>k</kbd></dt><dd>move through the rows</dd></div>
        <div><dt><kbd>Enter</kbd></dt><dd>explain the metric; open or close a source</dd></div>
        <div><dt><kbd>s</kbd></dt><dd>go to the sources</dd></div>
        <div><dt><kbd>e</kbd></dt><dd>go to the explain box</dd></div>
        <div><dt><kbd>t</kbd></dt><dd>dark or light</dd></div>
        <div><dt><kbd>Esc</kbd></dt><dd>clear the search, leave a field, close this</dd></div>
      </dl>
      <button type="button" class="primary" id="help-close">Close</button>
    </dialog>

    """#
}
