"""What a Prometheus that scrapes the router says to the queries of the dashboard and of the rules.

    queries.py URL healthy          no alert is pending or firing, and no rule has an error
    queries.py URL data             every query of the dashboard and every recording rule returns a number
    queries.py URL names            every metric that the dashboard, the rules or a page of docs names exists
    queries.py URL alerts NAME...   these alerts are pending or firing, and no others

Each waits up to a minute, and says what is missing. LOAD_ALERTS depend on how busy the machine is, and are not judged.
"""

import json
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE = 60
# What a process has that asks an API server for its certificate and for tokens, which those of the scene do not.
OF_A_CLUSTER = ("Sources/Controller/Measuring/BackendTokenMetrics.swift", "Sources/Controller/Measuring/CertificateMetrics.swift",
                "Sources/Router/Observation/BackendTokenMetrics.swift")
LOAD_ALERTS = {"MetricsRouterLatencyBudgetBurnsFast", "MetricsRouterLatencyBudgetBurnsSlowly", "MetricsRouterWorkersLate",
               "MetricsRouterSourceSlow"}
# Several scrapes, and short enough to forget what the scenario has left behind.
RATE_INTERVAL = "20s"


def get(base, path, **query):
    url = f"{base}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return json.load(response)["data"]
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{query}: {json.load(error)['error']}") from error


def dashboard():
    return json.loads((ROOT / "deploy/observability/dashboard.json").read_text())


def expressions():
    """(where, expression as Grafana would send it with everything chosen)."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"].replace("$__rate_interval", RATE_INTERVAL)
            yield f"{panel['title']} {target['refId']}", re.sub(r"\$(namespace|pod|source)\b", ".*", expression)


def rules(base):
    return [rule for group in get(base, "rules")["groups"] for rule in group["rules"]]


def has_number(base, expression):
    return any(sample["value"][1] != "NaN" for sample in get(base, "query", query=expression)["result"])


def unhealthy_rules(base):
    found = rules(base)
    if len(found) < 40:
        return [f"only {len(found)} rules are loaded"]
    return [f"{rule['name']}: {rule['health']} {rule.get('lastError', '')}" for rule in found if rule["health"] != "ok"]


def unexpected_alerts(base, expected):
    active = {alert["labels"]["alertname"] for alert in get(base, "alerts")["alerts"]} - LOAD_ALERTS
    return [f"{name} is not active" for name in sorted(expected - active)] + [
        f"{name} is active" for name in sorted(active - expected)]


def without_data(base):
    queries = dict(expressions())
    if len(queries) < 80:
        return [f"only {len(queries)} queries were found: the search is broken"]
    queries |= {rule["name"]: rule["name"] for rule in rules(base) if rule["type"] == "recording"}
    return [f"{where}: {expression}" for where, expression in queries.items() if not has_number(base, expression)]


def unknown_names(base):
    known = set(get(base, "label/__name__/values"))
    for file in OF_A_CLUSTER:
        known |= set(re.findall(r'"(metrics_router_[a-z_]+)"', (ROOT / file).read_text()))
    known |= {re.sub("_(bucket|sum|count)$", "", name) for name in known if name.endswith(("_bucket", "_sum", "_count"))}
    files = [ROOT / "deploy/observability" / name for name in ("dashboard.json", "rules.yaml")] + [
        # Other pages name more of what a process has that is not part of this scene.
        ROOT / "docs" / name for name in ("alerts.md", "metrics.md", "observability.md")]
    unknown, named = [], 0
    for file in files:
        for name in sorted(set(re.findall(r"(?<![\w:])metrics_router_[a-z0-9_]+\b(?!:)|(?<![\w:])process_[a-z_]+\b", file.read_text()))):
            named += 1
            if not name.endswith("_") and name not in known:
                unknown.append(f"{file.name}: {name} is no metric")
    return unknown if named > 60 else [f"only {named} names were found: the search is broken"]


def main():
    base, command, *names = sys.argv[1:]
    look = {
        "healthy": lambda: unhealthy_rules(base) + unexpected_alerts(base, set()),
        "data": lambda: unhealthy_rules(base) + without_data(base),
        "names": lambda: unknown_names(base),
        "alerts": lambda: unexpected_alerts(base, set(names)),
    }[command]
    deadline = time.monotonic() + PATIENCE
    while True:
        problems = look()
        if not problems:
            return
        if time.monotonic() > deadline:
            sys.exit("\n".join(problems))
        time.sleep(1)


main()
