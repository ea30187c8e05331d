/// The sources.
extension PageScript {
  static let sources = #"""
    const words = { ready: "Ready", stale: "List out of date", failing: "Failing", unavailable: "Not answering",
      empty: "No metrics" };
    const severity = ["unavailable", "failing", "stale", "empty", "ready"];
    const rows = new Map();
    const known = new Map();
    const open = new Set();

    function showStates(states) {
      const bar = byId("states");
      for (const state of severity) {
        let chip = bar.querySelector(`[data-state=${state}]`);
        const number = states[state] || 0;
        if (!chip) {
          chip = make("button", { type: "button", class: "chip", "data-state": state, "aria-pressed": "false" });
          chip.addEventListener("click", () => choose({ state: view.state === state ? "" : state }));
          bar.append(chip);
        }
        setText(chip, `${words[state]} ${count(number)}`);
        chip.hidden = number === 0 && view.state !== state;
        chip.setAttribute("aria-pressed", String(view.state === state));
      }
    }

    function choose(change) {
      Object.assign(view, { offset: 0 }, change);
      refresh();
    }

    function showSources(report) {
      // There are fewer than there were.
      if (!report.sources.length && view.offset) {
        view.offset = 0;
        setTimeout(refresh, 0);
        return;
      }
      const body = byId("sources").tBodies[0];
      const shown = new Set(report.sources.map(source => source.name));
      for (const [name, row] of rows) {
        if (shown.has(name)) continue;
        row.details.remove();
        row.line.remove();
        rows.delete(name);
      }
      let position = 0;
      for (const source of report.sources) {
        if (!rows.has(source.name)) rows.set(source.name, makeRow(source.name));
        const row = rows.get(source.name);
        for (const part of [row.line, row.details]) {
          // Moved only where it stands elsewhere, which would take the focus from it.
          if (body.children[position] !== part) body.insertBefore(part, body.children[position] || null);
          position += 1;
        }
        fillRow(row, source, report);
      }
      setFirstTabStop(body);
      const rest = report.matches - report.sources.length;
      const notes = [];
      if (!report.table) notes.push("No routing table has been loaded yet: the controller writes one.");
      else if (report.table.sources === 0) notes.push("The routing table has no sources: create a MetricsSource.");
      else if (report.matches === 0) notes.push("No source matches.");
      if (rest > 0) notes.push(`Sources ${view.offset + 1} to ${view.offset + report.sources.length} of ${count(report.matches)}.`);
      if (report.rejectedTables > 0) notes.push(`${plural(report.rejectedTables, "routing table", "routing tables")} could not be used since the server started: see its log.`);
      setText(byId("sources-note"), notes.join(" "));
      byId("sources-before").hidden = view.offset === 0;
      byId("sources-after").hidden = view.offset + report.sources.length >= report.matches;
    }

    function makeRow(name) {
      const button = make("button", { type: "button", class: "open", "aria-expanded": "false", tabindex: "-1" }, name);
      const tags = make("span", {});
      const cells = { state: make("span", { class: "state" }), priority: make("td", { class: "number" }),
        listed: make("td", { class: "number" }), claims: make("td", { class: "number" }),
        requests: make("td", { class: "number" }), errors: make("td", { class: "number" }), mean: make("span", {}),
        spark: make("svg:svg", { class: "spark", viewBox: "0 0 160 30", role: "img" }) };
      const line = make("tr", { class: "row", tabindex: "-1", "data-source": name },
        make("th", { scope: "row" }, button, tags), make("td", {}, cells.state), cells.priority, cells.listed,
        cells.claims, cells.requests, cells.errors,
        make("td", {}, make("div", { class: "latency" }, cells.mean, cells.spark)));
      const content = make("dl", {});
      const onlyButton = make("button", { type: "button" }, "Show its metrics");
      onlyButton.addEventListener("click", () => chooseSource(name));
      const details = make("tr", { class: "details", hidden: true },
        make("td", { colspan: "8" }, content, make("p", { class: "actions" }, onlyButton)));
      const row = { line, details, button, tags, cells, content, drawn: "" };
      line.addEventListener("click", event => { toggle(name); event.preventDefault(); });
      if (open.has(name)) setOpen(row, true);
      return row;
    }

    function toggle(name) {
      const row = rows.get(name);
      if (!row) return;
      if (open.has(name)) open.delete(name); else open.add(name);
      setOpen(row, open.has(name));
    }

    function setOpen(row, isOpen) {
      row.details.hidden = !isOpen;
      row.button.setAttribute("aria-expanded", String(isOpen));
    }

    function fillRow(row, source, report) {
      const { cells } = row;
      setText(cells.state, words[source.state] || source.state);
      setClass(cells.state, `state ${source.state}`);
      setText(cells.priority, source.priority);
      setText(cells.listed, count(source.listed + source.retained));
      setText(cells.claims, source.claims.length ? count(source.claims.length) : "–");
      setText(cells.requests, count(source.requests));
      setText(cells.errors, percent(source.errors, source.requests));
      setClass(cells.errors, source.errors > 0 ? "number bad" : "number");
      setText(cells.mean, milliseconds(source.meanMilliseconds));
      const tags = source.shadowOf ? [`shadow of ${source.shadowOf}`] : [];
      if (row.tags.dataset.tags !== tags.join()) {
        row.tags.dataset.tags = tags.join();
        row.tags.replaceChildren(...tags.map(text => make("span", { class: "tag" }, text)));
      }
      draw(row, source, report.slotSeconds);
      fillDetails(row.content, facts(source, report));
      const before = known.get(source.name);
      if (before && before !== source.state) say(`${source.name}: ${words[source.state]}`);
      known.set(source.name, source.state);
    }

    function facts(source, report) {
      const failures = Object.entries(source.failures).map(([reason, number]) => `${reason} ${count(number)}`);
      const facts = [["State", explained(source, report)], ["Backend", source.backend], ["Service", source.service],
        ["Metric types", source.metricTypes.join(", ") || "–"],
        ["Falls through after", source.fallThrough.join(", ") || "nothing"],
        ["Certificate", source.backend.startsWith("http:") ? "none: plain HTTP"
          : source.skipsVerification ? "any is taken" : "verified"],
        ["The router's token", source.sendsToken ? "sent" : "not sent"],
        ["Time for a request", `${source.timeoutSeconds} s`], ["Open connections", count(source.connections)],
        ["Not answered since the start", failures.join(", ") || "none"]];
      facts.splice(1, 0, ["Priority", source.priority], ["Lists", plural(source.listed, "metric", "metrics")]);
      if (source.retained) facts.push(["No longer listed, still routed", count(source.retained)]);
      source.claims.forEach((claim, index) => facts.push([`Claim ${index + 1}`, claim]));
      if (source.shadowOf) {
        const shadow = source.shadow;
        facts.push([`Compared with ${source.shadowOf}`, !shadow ? "nothing yet" : `${count(shadow.agreed)} of ${count(shadow.compared)} agree, `
          + `${count(shadow.failed)} failed, largest difference ${shadow.maxRelativeDifference}`]);
      }
      return facts;
    }

    function explained(source, report) {
      switch (source.state) {
      case "unavailable": return `it has failed repeatedly: ${source.breakersOpen} of ${plural(report.workers, "worker does", "workers do")} not ask it for a while`;
      case "failing": return "half of the requests of the last minute failed, or more";
      case "stale": return "its list could not be read the last time; the last good one is routed";
      case "empty": return "it neither lists nor claims anything";
      default: return source.requests ? "it answers" : source.shadowOf ? `it is sent what ${source.shadowOf} is asked, to compare`
        : "its list was read; it has not been asked anything in the last ten minutes";
      }
    }

    function fillDetails(list, facts) {
      while (list.children.length > facts.length) list.lastChild.remove();
      facts.forEach(([term, text], index) => {
        if (!list.children[index]) list.append(make("div", {}, make("dt"), make("dd")));
        setText(list.children[index].firstChild, term);
        setText(list.children[index].lastChild, text);
      });
    }

    """#

  /// The latency of a source as a line, and below it a stroke for each slot with errors.
  static let sparkline = #"""
    function draw(row, source, slotSeconds) {
      const drawn = JSON.stringify([source.latency, source.errorRates]);
      if (row.drawn === drawn) return;
      row.drawn = drawn;
      const width = 160, height = 30, floor = height - 3;
      const values = source.latency.filter(value => value !== null);
      const highest = Math.max(...values, 0.001);
      const step = width / Math.max(1, source.latency.length - 1);
      const parts = [make("svg:path", { class: "base", d: `M0 ${height - 0.5}H${width}` })];
      // A line for each run of slots that have a value; one slot alone is a point.
      let run = [];
      const end = () => {
        if (run.length) {
          const points = run.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
          const [first, last] = [run[0][0].toFixed(1), run[run.length - 1][0].toFixed(1)];
          if (run.length > 1) parts.push(make("svg:path", { class: "area", d: `M${first} ${floor}L${points.join("L")}L${last} ${floor}Z` }));
          parts.push(make("svg:path", { class: "line", d: `M${points.join("L")}${run.length === 1 ? "h.01" : ""}` }));
        }
        run = [];
      };
      source.latency.forEach((value, index) => {
        if (value === null) return end();
        run.push([index * step, floor - (floor - 3) * value / highest]);
      });
      end();
      source.errorRates.forEach((rate, index) => {
        if (rate) parts.push(make("svg:path", { class: "errors", d: `M${(index * step).toFixed(1)} ${height}v${-(3 + 7 * rate).toFixed(1)}` }));
      });
      row.cells.spark.replaceChildren(...parts);
      const minutes = Math.round(source.latency.length * slotSeconds / 60);
      row.cells.spark.setAttribute("aria-label", values.length === 0 ? "not asked"
        : `mean latency over ${minutes} minutes: from ${milliseconds(Math.min(...values))} to ${milliseconds(highest)}, `
          + `last ${milliseconds(values[values.length - 1])}; ${percent(source.errors, source.requests)} of the requests failed`);
    }

    """#
}
