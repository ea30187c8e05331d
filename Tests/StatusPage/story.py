"""What a person sees on the status page, in a real browser: run by `run`, which says what it takes."""

import json
import os
import re
import sys
import time
import traceback
import urllib.error
import urllib.request

import backends
import checks
from landscape import Landscape, wait_until
from webdriver import Browser, Failed

PRODUCTS, WORK, IMAGES = sys.argv[1], sys.argv[2], sys.argv[3]
PORTS = [int(port) for port in sys.argv[4:8]]
# With this many seconds of traffic before the screenshots; none are taken without.
HISTORY = int(os.environ.get("SCREENSHOTS_AFTER", "0"))

SOURCE = """
  const row = document.querySelector(`#sources tr[data-source="${given[0]}"]`);
  return row && { state: row.querySelector('.state').textContent, cells: [...row.cells].map(cell => cell.innerText.trim()),
    lines: row.querySelectorAll('.spark .line').length, errors: row.querySelectorAll('.spark .errors').length,
    label: row.querySelector('.spark').getAttribute('aria-label') };
"""
METRICS = "return [...document.querySelectorAll('#metrics tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))"


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


class Story:
    def __init__(self, landscape, browser, base):
        self.landscape, self.browser, self.base = landscape, browser, base

    def source(self, name):
        return self.browser.run(SOURCE, name)

    def wait_for_source(self, name, condition, what):
        deadline = time.monotonic() + 40
        while True:
            found = self.source(name)
            if found and condition(found):
                return found
            expect(time.monotonic() < deadline, f"{name}: {what}: {found}")
            time.sleep(0.3)

    def rows(self):
        return self.browser.run(METRICS)

    def search(self, text):
        """Types it, and waits for what is found."""
        self.browser.run("document.getElementById('search').value = ''")
        self.browser.run("document.body.focus(); document.activeElement.blur()")
        self.browser.press("/", text)
        # The page waits for a moment before it searches, and is busy from then on.
        time.sleep(1)
        self.browser.wait("the search to end", "return !document.getElementById('metrics').hasAttribute('aria-busy')")

    def open(self):
        self.browser.open(self.base + "/")
        self.browser.wait("the sources", "return document.querySelectorAll('#sources tr.row').length === 6")

    # What follows is told in this order.

    def the_table_in_force_is_told(self):
        facts = self.browser.run("return Object.fromEntries([...document.querySelectorAll('#facts div')].map(d => [d.children[0].textContent, d.children[1].textContent]))")
        expect(facts["Sources"] == "6", facts)
        expect(facts["Generation"].isdigit() and facts["Loaded"].endswith("ago"), facts)
        # 50 of prometheus, the hostile one, 8 of keda, 2 of datadog that keda has not, 2 of cloudwatch.
        expect(facts["Metrics"] == "63", facts)

    def sources_stand_by_priority_with_their_state(self):
        names = self.browser.run("return [...document.querySelectorAll('#sources tr.row')].map(row => row.dataset.source)")
        expect(names == ["prometheus", "keda", "datadog", "cloudwatch", "legacy-prometheus", "next-prometheus"], names)
        good = self.wait_for_source("prometheus", lambda source: source["lines"] > 0, "a sparkline")
        expect(good["state"] == "Ready" and good["cells"][2:5] == ["100", "50", "–"], good)
        expect(good["cells"][6] == "0 %" and "ms" in good["cells"][7], good)
        expect(good["label"].startswith("mean latency over 10 minutes: from "), good)
        expect(self.source("keda")["cells"][4] == "1", "its claim is counted")
        expect("shadow of prometheus" in self.source("next-prometheus")["cells"][0], "a shadow is told")

    def a_source_that_is_gone_does_not_answer(self):
        gone = self.wait_for_source("cloudwatch", lambda source: source["state"] == "Not answering", "not answering")
        expect(gone["cells"][6] == "100 %" and gone["errors"] > 0, gone)
        failing = self.wait_for_source("datadog", lambda source: source["cells"][6] not in ("–", "0 %"), "errors")
        expect(failing["state"] == "Ready" and failing["errors"] > 0, failing)

    def details_of_a_source_open_by_the_keyboard(self):
        self.browser.press("s", "j", "j", "j", "Enter")
        told = self.browser.wait("details", "const shown = document.querySelector('tr.details:not([hidden])'); return shown && shown.innerText")
        for words in ("http://cloudwatch.monitoring.svc:80", "monitoring/cloudwatch", "ExternalMetrics", "unreachable", "plain HTTP", "not sent"):
            expect(words in told, f"{words}: {told}")
        expect(self.browser.run("return document.activeElement.dataset.source") == "cloudwatch", "the focus stays")
        self.browser.press("Enter")
        expect(not self.browser.run("return !!document.querySelector('tr.details:not([hidden])')"), "closed again")

    def a_refresh_touches_nothing_that_is_the_same(self):
        self.browser.run("""
          window.row = document.querySelector('#sources tr.row'); window.row.marked = true; window.row.focus();
          window.changes = 0;
          new MutationObserver(list => changes += list.filter(change => change.type === 'childList' && change.target.matches('tbody, tr')).length)
            .observe(document.querySelector('#sources tbody'), { childList: true, subtree: true });""")
        before = self.browser.run("return document.getElementById('freshness').textContent")
        self.browser.wait("the next refresh", "return document.getElementById('freshness').textContent !== given[0]", before)
        self.browser.wait("another", "return document.getElementById('freshness').textContent !== given[0]",
                          self.browser.run("return document.getElementById('freshness').textContent"))
        expect(self.browser.run("return document.querySelector('#sources tr.row').marked && document.activeElement === window.row"), "the same row, with the focus")
        expect(self.browser.run("return window.changes") == 0, "no row came or went")

    def a_hidden_page_does_not_ask(self):
        asked = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/debug/status')).length"
        self.browser.run("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
        time.sleep(1)
        before = self.browser.run(asked)
        time.sleep(6)
        expect(self.browser.run(asked) == before, "asked while hidden")
        self.browser.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        self.browser.wait("asking again at once", asked.replace("return ", "return given[0] < "), before, seconds=3)

    def a_search_narrows(self):
        expect(len(self.rows()) == 50, "a page of metrics")
        note = self.browser.run("return document.getElementById('metrics-note').innerText")
        expect("The first 50 of 63 metrics." in note and "1 claim depends" in note, note)
        self.search("QUEUE pay")
        expect([row[0] for row in self.rows()] == ["pods/payment_queue_depth"], self.rows())
        self.search("lag")
        expect(len(self.rows()) == 8 and all("lag" in row[0] and row[1] == "external" for row in self.rows()), self.rows())
        self.search("nothing like it")
        expect(self.rows() == [] and "No metric matches." in self.browser.run("return document.getElementById('metrics-note').innerText"), "none")
        self.browser.press("Escape")
        self.browser.wait("all again", "return document.querySelectorAll('#metrics tbody tr').length === 50")

    def losing_candidates_are_told(self):
        self.search("pods/checkout_http_req")
        row = self.rows()[0]
        expect(row[2] == "prometheus (100)", row)
        # prometheus falls through, legacy-prometheus does not.
        expect(row[3] == "legacy-prometheus (10, fallback), next-prometheus (5)", row)
        self.search("s0-kafka")
        expect(self.rows()[0][2:] == ["keda (60)", "datadog (50, fallback)"], self.rows())
        self.browser.run("document.getElementById('search').value = ''")
        self.browser.click("#contested")
        self.browser.wait("those of several sources", "return document.querySelectorAll('#metrics tbody tr').length === 31")
        self.browser.click("#contested")
        self.browser.wait("all again", "return document.querySelectorAll('#metrics tbody tr').length === 50")

    def more_are_shown_a_page_at_a_time(self):
        self.browser.click("#more")
        self.browser.wait("all of them", "return document.querySelectorAll('#metrics tbody tr').length === 63")
        names = [row[0] + row[1] for row in self.rows()]
        expect(len(set(names)) == 63, "each once")
        expect(self.browser.run("return document.getElementById('more').hidden"), "no more")

    def names_are_texts(self):
        self.search("onerror")
        expect(self.rows()[0][0] == "pods/" + backends.HOSTILE, self.rows())
        expect(self.browser.run("return document.querySelectorAll('main img').length") == 0, "no element of it")
        expect(self.browser.run("return document.title") == "Metrics Router", "the title is ours")

    def a_metric_is_explained_by_the_keyboard_alone(self):
        self.search("checkout_http_req")
        self.browser.press("ArrowDown", "Enter")
        verdict = self.browser.wait("the verdict", "const items = [...document.querySelectorAll('#verdict li')]; return items.length && items.map(item => item.innerText)")
        expect(verdict[0].startswith("prometheus (100) answers") and "http://prometheus.monitoring.svc:80" in verdict[0], verdict)
        expect(verdict[1].startswith("legacy-prometheus (10) is asked after Unavailable"), verdict)
        expect(verdict[2].startswith("next-prometheus (5) is not asked"), verdict)
        expect(any(item.startswith("keda (60)") and "does not serve custom.metrics.k8s.io" in item for item in verdict), verdict)
        expect(self.browser.run("return document.activeElement.dataset.key") == "namespaced pods/checkout_http_requests_per_second", "the focus stays")

    def a_selector_counts(self):
        self.browser.press("e")
        self.browser.run("""const set = (id, value) => document.getElementById(id).value = value;
          set('explain-metric', 's9-cron'); set('explain-namespace', 'team-a'); set('explain-selector', 'scaledobject.keda.sh/name=web');""")
        self.browser.press("Enter")
        claimed = self.browser.wait("the claim", "return [...document.querySelectorAll('#verdict li')].map(i => i.innerText).find(t => t.includes('claims it'))")
        expect(claimed.startswith("keda (60) answers"), claimed)
        self.browser.run("document.getElementById('explain-selector').value = 'a==='")
        self.browser.press("Enter")
        problem = self.browser.wait("the problem", "const p = document.querySelector('#verdict .problem'); return p && p.innerText")
        expect("cannot be read" in problem, problem)

    def words_of_a_backend_are_texts(self):
        self.landscape.adapters["datadog"].failing = 1.0
        self.browser.run("""const set = (id, value) => document.getElementById(id).value = value;
          set('explain-metric', 'nginx.requests'); set('explain-selector', ''); document.getElementById('explain-ask').checked = true;""")
        self.browser.click("#explain button.primary")
        said = self.browser.wait("its words", "const said = document.querySelector('#verdict .says'); return said && said.innerText")
        self.landscape.adapters["datadog"].failing = 0.12
        expect(said == backends.INJECTION, said)
        expect(self.browser.run("return document.querySelectorAll('#verdict script, #verdict .says *').length") == 0, "no element of them")
        expect(self.browser.run("return document.title") == "Metrics Router", "the title is ours")
        self.browser.run("document.getElementById('explain-ask').checked = false")

    def keys_are_explained(self):
        self.browser.run("document.activeElement.blur()")
        self.browser.press("?")
        self.browser.wait("the help", "return document.getElementById('help').open")
        self.browser.press("Escape")
        expect(not self.browser.run("return document.getElementById('help').open"), "closed")

    def only_a_sources_metrics_can_be_shown(self):
        self.browser.run("document.querySelector('tr[data-source=cloudwatch] + tr.details button').click()")
        self.browser.wait("its metrics", "return document.querySelectorAll('#metrics tbody tr').length === 2")
        self.browser.click("#only-source")
        self.browser.wait("all again", "return document.querySelectorAll('#metrics tbody tr').length > 2")

    def sources_can_be_narrowed(self):
        self.browser.click("[data-state=unavailable]")
        self.browser.wait("the one that is down", "return document.querySelectorAll('#sources tr.row').length === 1")
        self.browser.click("[data-state=unavailable]")
        self.browser.wait("all", "return document.querySelectorAll('#sources tr.row').length === 6")

    def every_control_has_a_name(self):
        nameless = checks.nameless_controls(self.browser)
        expect(not nameless, nameless)

    def the_theme_follows_the_system_and_the_key(self):
        back = "return getComputedStyle(document.body).backgroundColor"
        self.browser.prefer("light")
        light = self.browser.run(back)
        self.browser.prefer("dark")
        dark = self.browser.run(back)
        expect(checks.luminance(light) > 0.8 and checks.luminance(dark) < 0.05, (light, dark))
        self.browser.run("document.activeElement.blur()")
        self.browser.press("t")
        expect(self.browser.run(back) == light, "light, by the key")
        self.open()
        expect(self.browser.run(back) == light, "and it is remembered")
        self.browser.press("t")
        expect(self.browser.run(back) == dark, "dark again")
        self.browser.run("localStorage.clear(); delete document.documentElement.dataset.theme")

    def texts_can_be_read_in_both_themes(self):
        self.browser.run("document.querySelector('tr[data-source=cloudwatch]').click()")
        self.browser.wait("an explanation", "document.querySelector('#metrics tbody tr.row').click(); return document.querySelector('#verdict li')")
        time.sleep(0.3)
        for scheme in ("light", "dark"):
            self.browser.prefer(scheme)
            time.sleep(0.3)
            poor = checks.poor_contrasts(self.browser)
            expect(not poor, f"{scheme}: {poor}")
        self.browser.prefer("light")

    def a_narrow_window_is_enough(self):
        for width in (360, 768, 1366):
            self.browser.resize(width, 800)
            wide = self.browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            expect(wide[0] <= wide[1] == width, (width, wide))
        if HISTORY:
            self.browser.resize(360, 800)
            self.browser.screenshot(os.path.join(WORK, "narrow.png"))
        self.browser.resize(1366, 900)

    def nothing_is_asked_of_anybody_else(self):
        # The browser's own pages, of which it opens one at its start, are none of ours.
        urls = {message["params"]["request"]["url"] for message in self.messages("Network.requestWillBeSent")
                if message["params"]["documentURL"].startswith(self.base + "/")}
        foreign = {url for url in urls if not url.startswith((self.base + "/", "data:"))}
        expect(len(urls) > 5 and not foreign, foreign)
        problems = [entry["message"] for entry in self.browser.log("browser")]
        # What was asked on purpose to be told that it is wrong.
        problems = [problem for problem in problems if "selector=a%3D%3D%3D" not in problem]
        expect(not problems, problems)

    def messages(self, method):
        return [message for entry in self.browser.log("performance")
                if (message := json.loads(entry["message"])["message"])["method"] == method]

    def scripts_that_get_in_are_not_run(self):
        injected = self.browser.run("""
          const broken = [];
          document.addEventListener('securitypolicyviolation', event => broken.push(event.effectiveDirective));
          const attempt = work => { try { work(); } catch (error) { broken.push(error.name); } };
          attempt(() => { const script = document.createElement('script'); script.text = 'window.owned = 1'; document.body.append(script); });
          attempt(() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.owned = 2">'); });
          attempt(() => { const image = document.createElement('img'); image.setAttribute('onerror', 'window.owned = 3'); image.src = 'x'; document.body.append(image); });
          attempt(() => { const frame = document.createElement('iframe'); frame.src = 'https://example.invalid/'; document.body.append(frame); });
          attempt(() => { const style = document.createElement('style'); style.textContent = 'body { display: none }'; document.head.append(style); });
          await fetch('https://example.invalid/').catch(error => broken.push('fetch'));
          await new Promise(resume => setTimeout(resume, 500));
          return [window.owned || null, getComputedStyle(document.body).display, broken];""")
        owned, display, broken = injected
        expect(owned is None and display == "block", injected)
        for directive in ("TypeError", "connect-src", "frame-src", "style-src-elem", "fetch"):
            expect(directive in broken, f"{directive}: {broken}")
        expect(any(name.startswith(("script-src", "require-trusted-types-for")) for name in broken), broken)
        self.open()

    def the_page_is_small_and_guarded(self):
        answer = checks.fetch(self.base + "/", {"Accept": "text/html"})
        expect(len(answer.body) < 100_000, f"{len(answer.body)} bytes")
        expect(not re.search(rb"(?:src|href)=[\"']?https?:", answer.body), "nothing from elsewhere")
        for name, value in {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
                            "Cross-Origin-Resource-Policy": "same-origin"}.items():
            expect(answer.headers[name] == value, f"{name}: {answer.headers[name]}")
        policy = answer.headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "script-src 'sha256-"):
            expect(part in policy and "unsafe" not in policy, policy)
        for host, status in {"evil.example.com": 403, "localhost.evil.example.com:8083": 403, "localhost:9": 200,
                             "127.0.0.1": 200, "[::1]:8083": 200}.items():
            found = checks.fetch(self.base + "/debug/status", {"Host": host}).status
            expect(found == status, f"{host}: {found}")
        expect(checks.fetch(self.base + "/debug/routes", {"Origin": "https://evil.example.com"}).status == 403, "another origin")
        expect(checks.fetch(self.base + "/", {}, method="POST").status == 405, "GET and HEAD alone")
        head = checks.fetch(self.base + "/", {"Accept": "text/html"}, method="HEAD")
        expect(head.status == 200 and head.body == b"", "HEAD")

    def pictures_are_taken(self):
        if not HISTORY:
            return
        time.sleep(max(0, HISTORY - (time.monotonic() - self.landscape.asked_at)))
        for scheme in ("light", "dark"):
            self.browser.prefer(scheme)
            self.open()
            self.browser.resize(1240, 930)
            self.search("checkout")
            self.browser.press("ArrowDown", "Enter")
            self.browser.wait("the verdict", "return document.querySelector('#verdict li')")
            self.wait_for_source("prometheus", lambda source: source["lines"] > 0, "a sparkline")
            time.sleep(1)
            self.browser.screenshot(os.path.join(IMAGES, f"status-page-{scheme}.png"))
        self.browser.prefer("light")
        self.browser.resize(1366, 900)

    def a_server_that_is_gone_is_told(self):
        self.landscape.stop("server")
        told = self.browser.wait("the alert", "return document.getElementById('alert').innerText")
        expect(re.match(r"The router does not answer since \d\d:\d\d:\d\d\. What is shown is as it was at \d\d:\d\d:\d\d\.", told), told)
        expect(self.browser.run("return document.documentElement.classList.contains('stale-data')"), "what is shown is marked")
        expect(self.browser.run("return document.getElementById('freshness').textContent").startswith("out of date"), "and dated")
        expect(checks.luminance(self.browser.run("return getComputedStyle(document.body).backgroundColor")) > 0.8, "still light")
        poor = checks.poor_contrasts(self.browser, within="#alert")
        expect(not poor, poor)
        self.landscape.start_server()
        self.browser.wait("the alert to go", "return document.getElementById('alert').innerText === ''")
        expect(not self.browser.run("return document.documentElement.classList.contains('stale-data')"), "no mark any more")

    CHAPTERS = (
        the_table_in_force_is_told, sources_stand_by_priority_with_their_state, a_source_that_is_gone_does_not_answer,
        details_of_a_source_open_by_the_keyboard, a_refresh_touches_nothing_that_is_the_same, a_hidden_page_does_not_ask,
        a_search_narrows, losing_candidates_are_told, more_are_shown_a_page_at_a_time, names_are_texts,
        a_metric_is_explained_by_the_keyboard_alone, a_selector_counts, words_of_a_backend_are_texts, keys_are_explained,
        only_a_sources_metrics_can_be_shown, sources_can_be_narrowed, every_control_has_a_name,
        the_theme_follows_the_system_and_the_key, texts_can_be_read_in_both_themes, a_narrow_window_is_enough,
        nothing_is_asked_of_anybody_else, scripts_that_get_in_are_not_run, the_page_is_small_and_guarded, pictures_are_taken,
        a_server_that_is_gone_is_told)


def main():
    landscape = Landscape(PRODUCTS, WORK, PORTS[:3])
    browser, failed = None, 0
    try:
        landscape.begin()
        landscape.ask_for_metrics()
        landscape.asked_at = time.monotonic()
        # As by `kubectl port-forward`: under another port than the server's own.
        forwarder = backends.Forwarder(landscape.status_port)
        forwarder.start()
        base = f"http://localhost:{forwarder.port}"
        with open(os.path.join(WORK, "chromedriver.log"), "ab") as log:
            browser = Browser(PORTS[3], os.path.join(WORK, "browser"), log)
        browser.resize(1366, 900)
        browser.prefer("light")
        story = Story(landscape, browser, base)
        story.open()
        for chapter in Story.CHAPTERS:
            name = chapter.__name__.replace("_", " ")
            try:
                chapter(story)
                print("ok    ", name, flush=True)
            except (AssertionError, Failed, OSError) as error:
                failed += 1
                print("FAILED", name + ":", error, flush=True)
                if not isinstance(error, AssertionError):
                    traceback.print_exc()
                browser.screenshot(os.path.join(WORK, f"failed-{failed}.png"))
        print(f"\n{len(Story.CHAPTERS) - failed} passed, {failed} failed")
    finally:
        if browser:
            browser.end()
        landscape.end()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
