/// The script of the page for browsers: plain JavaScript, in one function, so that nothing of it is to be found from outside.
///
/// What it shows comes from backends and from whoever writes MetricsSources: it is put in as text alone.
enum PageScript {
  static let js =
    "\n\"use strict\";\n(() => {\n" + elements + asking + status + sources + sparkline + metrics + explain + keys
    + "})();\n"

  /// Making and filling elements.
  private static let elements = #"""
    const byId = id => document.getElementById(id);

    // An element with attributes, and with texts or elements in it.
    function make(name, attributes, ...content) {
      const element = name.startsWith("svg:")
        ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(4)) : document.createElement(name);
      for (const [key, value] of Object.entries(attributes || {})) {
        if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
      }
      element.append(...content.filter(part => part !== null && part !== undefined && part !== ""));
      return element;
    }

    // Touches the page only where it changes: nothing flashes, and a selection stays.
    function setText(element, text) { if (element.textContent !== String(text)) element.textContent = text; }
    function setClass(element, name) { if (element.className !== name) element.className = name; }

    const counted = new Intl.NumberFormat("en");
    const count = number => counted.format(number);
    const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

    function milliseconds(value) {
      if (value === null || value === undefined) return "–";
      if (value >= 10000) return `${(value / 1000).toFixed(0)} s`;
      if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
      return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
    }

    // Never 0 % for what is not zero, nor 100 % for what is not all.
    function percent(part, whole) {
      if (!whole) return "–";
      const value = 100 * part / whole;
      if (part > 0 && value < 0.1) return "< 0.1 %";
      if (part < whole && value > 99.9) return "> 99.9 %";
      return `${value.toFixed(value === 0 || value === 100 ? 0 : 1)} %`;
    }

    function ago(seconds) {
      if (seconds < 90) return `${Math.max(0, Math.floor(seconds))} s ago`;
      if (seconds < 5400) return `${Math.floor(seconds / 60)} min ago`;
      if (seconds < 129600) return `${Math.floor(seconds / 3600)} h ago`;
      return `${Math.floor(seconds / 86400)} d ago`;
    }

    const clock = date => date.toLocaleTimeString("en-GB");

    """#

  /// Asking the server.
  private static let asking = #"""
    const patience = 10000;
    // As long as the router takes to ask all candidates, by default, and a little more.
    const askingPatience = 70000;

    // Resolves with JSON; rejects with an error whose `status` is nothing where there was no answer.
    async function ask(path, parameters, signal) {
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries(parameters || {})) {
        if (value !== "" && value !== null && value !== undefined && value !== false) query.set(key, value);
      }
      const limit = AbortSignal.timeout(parameters && parameters.ask ? askingPatience : patience);
      const answer = await fetch(query.size ? `${path}?${query}` : path, {
        headers: { "X-Metrics-Router-Page": "yes" }, cache: "no-store", credentials: "omit", redirect: "error", signal: signal ? AbortSignal.any([signal, limit]) : limit });
      if (answer.ok) return answer.json();
      const error = new Error((await answer.text()).trim() || `status ${answer.status}`);
      error.status = answer.status;
      throw error;
    }

    // Since when the server has not answered, and when it last did.
    let silentSince = null;
    let lastAnswer = null;

    function answered() {
      lastAnswer = new Date();
      if (silentSince) say("The router answers again.");
      silentSince = null;
      setText(byId("alert"), "");
      document.documentElement.classList.remove("stale-data");
      setText(byId("freshness"), `as of ${clock(lastAnswer)}`);
    }

    function unanswered(error) {
      silentSince = silentSince || new Date();
      const reason = error.status ? ` (${error.message})` : "";
      setText(byId("alert"), `The router does not answer since ${clock(silentSince)}${reason}. `
        + (lastAnswer ? `What is shown is as it was at ${clock(lastAnswer)}.` : "Nothing is known yet."));
      document.documentElement.classList.add("stale-data");
      setText(byId("freshness"), lastAnswer ? `out of date: as of ${clock(lastAnswer)}` : "no data");
    }

    function problem(error) {
      if (error.status) return error.message;
      return error.name === "TimeoutError" ? "The router has not answered this in time." : "The router does not answer.";
    }

    function say(text) { setText(byId("news"), text); }

    """#

  /// The head of the page, and when it is asked for anew.
  private static let status = #"""
    const interval = 5000;
    const view = { text: "", state: "", offset: 0, limit: 50 };
    let generation = null;
    let timer = null;
    let isRefreshing = false;

    async function refresh() {
      clearTimeout(timer);
      if (isRefreshing || document.hidden) return;
      isRefreshing = true;
      try {
        const wanted = JSON.stringify(view);
        const report = await ask("debug/status", { q: view.text, state: view.state, offset: view.offset, limit: view.limit });
        answered();
        // What was chosen meanwhile is asked for at once.
        if (wanted === JSON.stringify(view)) show(report); else setTimeout(refresh, 0);
      } catch (error) {
        unanswered(error);
      }
      isRefreshing = false;
      timer = setTimeout(refresh, interval);
    }

    function show(report) {
      const table = report.table;
      setText(byId("version"), report.version);
      setText(byId("generation"), table ? String(table.generation) : "none yet");
      setText(byId("age"), table ? ago(table.ageSeconds) : "–");
      setText(byId("source-count"), table ? count(table.sources) : "–");
      setText(byId("metric-count"), table ? count(table.metrics) : "–");
      showStates(report.states);
      showSources(report);
      conditionalClaims = table ? table.conditionalClaims : 0;
      if (table && table.generation !== generation) {
        if (generation !== null) say(`Another routing table is in force: generation ${table.generation}.`);
        generation = table.generation;
      }
      // Again at the next look where it came to nothing.
      if (table && table.generation !== listGeneration && !searching) search(true);
    }

    """#
}
