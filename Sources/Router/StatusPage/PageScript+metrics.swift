/// The metrics and the explain box.
extension PageScript {
  static let metrics = #"""
    const page = 50;
    const most = 2000;
    let conditionalClaims = 0;
    // Of the table that the rows are of.
    let listGeneration = null;
    let onlySource = "";
    let found = { shown: 0, matches: 0, after: null };
    let searching = null;
    let pending = null;

    function searchSoon() {
      clearTimeout(pending);
      pending = setTimeout(() => search(false), 150);
    }

    // `isKept` asks for as much as is shown, for another table is in force; else from the first metric on.
    async function search(isKept) {
      const limit = isKept ? Math.max(page, Math.min(500, found.shown)) : page;
      const answer = await askForMetrics({ limit });
      if (!answer) return;
      listGeneration = answer.generation;
      found = { shown: answer.metrics.length, matches: answer.matches, after: answer.after || null };
      const body = byId("metrics").tBodies[0];
      const focused = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      body.replaceChildren(...answer.metrics.map(metricRow));
      setFirstTabStop(body);
      if (focused !== null) focusRow([...body.rows].find(row => row.dataset.key === focused) || body.rows[0]);
      noteMetrics();
    }

    async function showMore() {
      if (!found.after) return;
      const answer = await askForMetrics({ limit: page, after: found.after });
      if (!answer) return;
      const body = byId("metrics").tBodies[0];
      const first = body.rows.length;
      body.append(...answer.metrics.map(metricRow));
      found = { shown: body.rows.length, matches: found.matches, after: answer.after || null };
      noteMetrics();
      if (body.rows[first]) focusRow(body.rows[first]);
    }

    // Nil where a later search took its place, or there was no answer.
    async function askForMetrics(parameters) {
      if (searching) searching.abort();
      const control = searching = new AbortController();
      byId("metrics").setAttribute("aria-busy", "true");
      try {
        for (let attempt = 0; ; attempt += 1) {
          try {
            return await ask("debug/routes", { q: byId("search").value.trim(), source: onlySource,
              contested: byId("contested").checked, ...parameters }, control.signal);
          } catch (error) {
            if (error.status !== 429 || attempt === 10) throw error;
            await new Promise(resume => setTimeout(resume, 300));
            if (control.signal.aborted) return null;
          }
        }
      } catch (error) {
        if (control.signal.aborted) return null;
        if (error.status || error.name === "TimeoutError") setText(byId("metrics-note"), problem(error)); else unanswered(error);
        return null;
      } finally {
        if (searching === control) {
          searching = null;
          byId("metrics").removeAttribute("aria-busy");
        }
      }
    }

    function noteMetrics() {
      const all = found.matches;
      const what = all === 0 ? "No metric matches." : found.shown < all
        ? `The first ${count(found.shown)} of ${count(all)} metrics.` : `${plural(all, "metric", "metrics")}.`;
      const claims = conditionalClaims === 0 ? "" : ` ${plural(conditionalClaims, "claim depends", "claims depend")} on the namespace or the selector: explain says what comes of them.`;
      setText(byId("metrics-note"), what + claims);
      byId("more").hidden = !found.after || found.shown >= most;
    }

    function metricRow(metric) {
      const type = metric.group === "external" ? "external" : metric.isNamespaced ? "namespaced" : "cluster";
      const [first, ...others] = metric.candidates;
      const losers = others.map(candidate => named(candidate, "loser"));
      if (metric.omitted > 0) losers.push(make("span", { class: "candidate loser" }, `${count(metric.omitted)} more`));
      const row = make("tr", { class: "row", tabindex: "-1", "data-key": `${type} ${metric.metric}` },
        make("th", { scope: "row", class: "mono" }, ...breakable(metric.metric)), make("td", { class: "quiet" }, type),
        make("td", {}, first ? named(first, "") : "–"), make("td", { class: "loser" }, ...(losers.length ? losers.flatMap((loser, index) => index ? [", ", loser] : [loser]) : ["–"])));
      row.addEventListener("click", () => {
        if (String(getSelection()) === "") explainMetric(metric);
      });
      row.explain = () => explainMetric(metric);
      return row;
    }

    // May break behind what joins words, and elsewhere only where it must.
    function breakable(name) {
      return name.length > 200 ? [name] : name.split(/(?<=[_/.-])/).flatMap((part, index) => index ? [make("wbr"), part] : [part]);
    }

    function named(candidate, name) {
      const notes = [candidate.priority];
      if (candidate.reason !== "listed") notes.push(candidate.reason);
      if (candidate.isStale) notes.push("list out of date");
      if (name === "loser" && candidate.isAsked) notes.push("fallback");
      return make("span", { class: `candidate ${name}` }, candidate.source, make("span", { class: "quiet" }, ` (${notes.join(", ")})`));
    }

    function chooseSource(name) {
      onlySource = name;
      const chip = byId("only-source");
      chip.hidden = !name;
      if (name) byId("search").value = "";
      setText(chip, `Listed by ${name} ✕`);
      chip.setAttribute("aria-label", `Listed by ${name}: show all again`);
      search(false);
      if (name) byId("search").focus();
    }

    """#

  static let explain = #"""
    function explainMetric(metric) {
      byId("explain-metric").value = metric.metric;
      const namespace = byId("explain-namespace");
      if (metric.group === "custom" && !metric.isNamespaced) namespace.value = "";
      else if (!namespace.value) namespace.value = "default";
      for (const row of byId("metrics").tBodies[0].rows) row.removeAttribute("aria-selected");
      const row = document.activeElement;
      if (row && row.explain) row.setAttribute("aria-selected", "true");
      explain();
    }

    let explaining = null;

    async function explain() {
      if (explaining) explaining.abort();
      const control = explaining = new AbortController();
      const box = byId("verdict");
      const isAsking = byId("explain-ask").checked;
      if (isAsking) box.replaceChildren(make("p", { class: "note" }, "Asking each candidate …"));
      try {
        const report = await ask("debug/explain", { output: "json", metric: byId("explain-metric").value.trim(),
          namespace: byId("explain-namespace").value.trim(), selector: byId("explain-selector").value.trim(),
          ask: isAsking }, control.signal);
        if (explaining === control) box.replaceChildren(verdict(report));
      } catch (error) {
        if (control.signal.aborted) return;
        box.replaceChildren(make("p", { class: "problem" }, problem(error)));
      }
    }

    const isAnswer = finding => finding.outcome === "answer";

    // Its values in short, or its words.
    function says(finding) {
      if (!finding.values) return finding.message;
      const all = finding.values.length + (finding.omittedValues || 0);
      if (all < 2) return all ? finding.values[0] : "no items";
      return `${finding.values.slice(0, 3).join(" ")}${all > 3 ? " …" : ""} (${count(all)} items)`;
    }

    function verdict(report) {
      const items = report.candidates.map(candidate => {
        const source = candidate.source;
        const place = !candidate.asked ? "loses" : candidate === report.candidates[0] ? "answers" : "next";
        const lead = { answers: "answers", next: `is asked after ${candidate.after.join(", ")}`, loses: "is not asked" }[place];
        const why = [candidate.why];
        if (candidate.lastListed) why.push(`last listed at ${candidate.lastListed}`);
        if (!source.synced) why.push("its last sync failed; the last good list is routed");
        if (place === "loses") why.push("one before it never falls through");
        return make("li", { class: place }, make("b", {}, source.name), ` (${source.priority}) ${lead}`,
          make("span", { class: "why" }, why.join("; ")),
          place === "loses" ? null : make("span", { class: "why mono" }, source.backend));
      });
      if (report.refusal) items.push(make("li", { class: "refused" }, make("b", {}, "No source answers"), ": 404",
        make("span", { class: "why" }, report.refusal)));
      const parts = [make("p", {}, make("code", {}, report.metric), ` ${report.type}`), make("ol", {}, ...items)];
      if (report.findings) {
        parts.push(make("h3", {}, "What they said"));
        parts.push(make("ol", {}, ...report.findings.map(finding => make("li", { class: isAnswer(finding) ? "answers" : "refused" },
          make("b", {}, finding.source), ` ${finding.code}, ${milliseconds(finding.latencySeconds * 1000)}, `
            + (isAnswer(finding) ? "an answer" : finding.outcome + (finding.fallsThrough ? ": falls through" : "")),
          make("span", { class: "why says mono" }, says(finding))))));
      }
      if (report.notCandidates.length) {
        parts.push(make("h3", {}, "Not candidates"));
        parts.push(make("ol", {}, ...report.notCandidates.map(other => make("li", {}, make("b", {}, other.source.name),
          ` (${other.source.priority})`, make("span", { class: "why" }, other.why)))));
        if (report.omittedNotCandidates) parts.push(make("p", { class: "quiet" }, `and ${count(report.omittedNotCandidates)} more`));
      }
      return make("div", { class: "verdict" }, ...parts);
    }

    """#
}
