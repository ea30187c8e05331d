/// The keyboard, the theme, and the beginning.
extension PageScript {
  static let keys = #"""
    // One row of a table is in the order of the Tab key; the arrow keys go to the others.
    function setFirstTabStop(body) {
      const rows = selectable(body);
      if (rows.length && !rows.some(row => row.tabIndex === 0)) rows[0].tabIndex = 0;
    }

    const selectable = body => [...body.rows].filter(row => row.classList.contains("row"));

    function focusRow(row) {
      if (!row) return;
      for (const other of selectable(row.parentElement)) if (other.tabIndex === 0) other.tabIndex = -1;
      row.tabIndex = 0;
      row.focus();
      row.scrollIntoView({ block: "nearest" });
    }

    function step(event, by) {
      const here = document.activeElement.closest("tbody tr.row");
      const body = here ? here.parentElement : byId("metrics").tBodies[0];
      const list = selectable(body);
      const index = here ? list.indexOf(here) + by : by > 0 ? 0 : -1;
      if (here && index < 0 && body.parentElement.id === "metrics") byId("search").focus();
      else if (here && index >= list.length && body.parentElement.id === "metrics" && !byId("more").hidden) showMore();
      else focusRow(list[index]);
      event.preventDefault();
    }

    function escape(event) {
      const element = document.activeElement;
      if (element.type === "search" && element.value !== "") {
        element.value = "";
        element.dispatchEvent(new Event("input"));
      } else if (element.closest("#verdict, #explain") && byId("metrics").querySelector("[aria-selected=true]")) {
        focusRow(byId("metrics").querySelector("[aria-selected=true]"));
      } else {
        element.blur();
      }
      event.preventDefault();
    }

    document.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
      const element = document.activeElement;
      const isTyping = element.matches("input:not([type=checkbox])");
      const row = element.matches("tbody tr.row") ? element : null;
      if (event.key === "Escape") return escape(event);
      // Elsewhere they scroll, as everywhere.
      if (event.key === "ArrowDown" && (row || element.id === "search")) return step(event, 1);
      if (event.key === "ArrowUp" && row) return step(event, -1);
      if (isTyping) {
        if (event.key === "Enter" && element.id === "search") step(event, 1);
        return;
      }
      if (row && (event.key === "Enter" || event.key === " ")) {
        if (row.explain) row.explain(); else toggle(row.dataset.source);
        event.preventDefault();
        return;
      }
      const does = { "/": () => { byId("search").focus(); byId("search").select(); }, j: () => step(event, 1), k: () => step(event, -1),
        s: () => focusRow(selectable(byId("sources").tBodies[0])[0]), e: () => byId("explain-metric").focus(),
        t: switchTheme, "?": help }[event.key];
      if (does) {
        does();
        event.preventDefault();
      }
    });

    function help() {
      if (!byId("help").open) byId("help").showModal();
    }

    const prefersDark = matchMedia("(prefers-color-scheme: dark)");
    const root = document.documentElement;

    function isDark() { return root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches; }

    function nameTheme() { setText(byId("theme"), isDark() ? "Light" : "Dark"); }

    function switchTheme() {
      root.dataset.theme = isDark() ? "light" : "dark";
      // Without storage it holds until the page is closed.
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* It may be forbidden. */ }
      nameTheme();
    }

    try {
      const theme = localStorage.getItem("theme");
      if (theme === "dark" || theme === "light") root.dataset.theme = theme;
    } catch { /* It may be forbidden. */ }
    nameTheme();
    prefersDark.addEventListener("change", nameTheme);

    byId("theme").addEventListener("click", switchTheme);
    byId("help-button").addEventListener("click", help);
    byId("help-close").addEventListener("click", () => byId("help").close());
    byId("search").addEventListener("input", searchSoon);
    byId("contested").addEventListener("change", () => search(false));
    byId("only-source").addEventListener("click", () => chooseSource(""));
    byId("more").addEventListener("click", showMore);
    byId("source-search").addEventListener("input", event => choose({ text: event.target.value.trim() }));
    byId("sources-before").addEventListener("click", () => choose({ offset: Math.max(0, view.offset - view.limit) }));
    byId("sources-after").addEventListener("click", () => choose({ offset: view.offset + view.limit }));
    byId("explain").addEventListener("submit", event => {
      event.preventDefault();
      explain();
    });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
    refresh();

    """#
}
