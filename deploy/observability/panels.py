"""What the dashboard shows: rows of panels. `render` lays them out and writes them as Grafana has them.

In the expressions $P stands for the selectors by namespace and pod, and $S for those with the source besides.
"""

# Grafana's names of units.
SECONDS, PER_SECOND, SHARE, BYTES, COUNT = "s", "reqps", "percentunit", "bytes", "short"

def steps(*pairs, base="green"):
    """Thresholds: colours from a value on, beginning with `base`."""
    return [{"color": base, "value": None}] + [{"color": color, "value": value} for value, color in pairs]


def quantiles(name, by, legend, selector="$P"):
    """Median and 99th percentile of a histogram."""
    return [
        (f"histogram_quantile({q}, sum by ({by}le) (rate({name}_bucket{{{selector}}}[$__rate_interval])))", f"{label} {legend}".strip())
        for q, label in (("0.5", "p50"), ("0.99", "p99"))
    ]


def rate(name, by, selector="$P"):
    grouping = f" by ({by})" if by else ""
    return f"sum{grouping} (rate({name}{{{selector}}}[$__rate_interval]))"


def panel(title, description, unit, targets, kind="timeseries", width=8, thresholds=None, stacked=False, **options):
    return {"title": title, "description": description, "unit": unit, "targets": targets, "kind": kind, "width": width,
            "thresholds": thresholds, "stacked": stacked, "options": options}


def stat(title, description, unit, expression, thresholds, **options):
    return panel(title, description, unit, [(expression, title)], "stat", 3, thresholds, **options)


R, C = "metrics_router_", "metrics_router_controller_"

OVERVIEW = [
    stat("Servers", "Servers that are scraped. 0: no autoscaler gets a metric, or Prometheus does not reach them; see the alert "
         "MetricsRouterServerAbsent.", COUNT, f'count({R}build_info{{$P, component="metrics-router-server"}})',
         steps((1, "green"), base="red")),
    stat("Controllers", "Controllers that are scraped. 0: changes of sources have no effect; see MetricsRouterControllerAbsent.",
         COUNT, f'count({R}build_info{{$P, component="metrics-router-controller"}})', steps((1, "green"), base="red")),
    stat("Leaders", "Controllers that write status and Events: 1. Otherwise see MetricsRouterNoLeader and "
         "MetricsRouterSeveralLeaders.", COUNT, f"sum({C}leader{{$P}})", steps((1, "green"), (2, "red"), base="red")),
    stat("Availability, 1 h", "Requests for metrics that did not fail by the router's own fault; 99.9 % is the objective. Below, "
         "look at Errors of the router itself.", SHARE,
         '1 - max(namespace:metrics_router_failed_requests:ratio_rate1h{namespace=~"$namespace"})',
         steps((0.985, "orange"), (0.999, "green"), base="red"), decimals=3),
    stat("Within 100 ms, 1 h", "Requests in which the router's own part took at most 100 ms; 99 % is the objective. Below, look at "
         "Reviews by the API server, and at CPU.", SHARE,
         '1 - max(namespace:metrics_router_slow_requests:ratio_rate1h{namespace=~"$namespace"})',
         steps((0.9, "orange"), (0.99, "green"), base="red"), decimals=2),
    stat("Sources failing to sync", "Sources whose list could not be read the last time; kubectl get ms NAME -o yaml says why.",
         COUNT, f"count(min by (source) ({C}source_synced{{$S}}) == 0) or vector(0)", steps((1, "orange"))),
    stat("Breakers open", "Workers that leave a source alone, since it fails: see Breakers below, and MetricsRouterBreakerOpen.",
         COUNT, f"sum({R}backend_breakers_open{{$S}})", steps((1, "red"))),
    stat("Certificate", "Time until the serving certificate ends. Below a week somebody who should have renewed it has not: see "
         "MetricsRouterCertificateExpires.", SECONDS, f"min({R}certificate_expiry_seconds{{$P}})",
         steps((86400, "orange"), (604800, "green"), base="red")),
    panel("Alerts", "Alerts of Metrics Router, pending and firing. docs/alerts.md says what to do about each.", COUNT,
          [('max by (alertname, alertstate, severity) (ALERTS{alertname=~"MetricsRouter.+", '
            'namespace=~"$namespace|"})', "{{alertname}} {{alertstate}}")],
          "state-timeline", 12),
    panel("Error budget burn", "How many times faster than allowed the budget of 30 days is spent: 1 is just sustainable, above 14.4 "
          "over an hour MetricsRouterErrorBudgetBurnsFast fires.", COUNT,
          [(f'max(namespace:metrics_router_failed_requests:ratio_rate{w}{{namespace=~"$namespace"}}) / 0.001', w)
           for w in ("5m", "30m", "1h", "6h")], width=12, thresholds=steps((6, "orange"), (14.4, "red"))),
]

REQUESTS = [
    panel("Requests by code", "Answered requests for metrics. 4xx are the caller's or the metric's, 429 is shedding; 5xx: see Errors "
          "below.", PER_SECOND, [(rate(f"{R}requests_total", "code", '$S, group!=""'), "{{code}}")], stacked=True),
    panel("Requests by source", "Who answers. Without a source: refused, not found, or failed by the router itself.", PER_SECOND,
          [(rate(f"{R}requests_total", "source", '$S, group!=""'), "{{source}}")], stacked=True),
    panel("Requests by API", "Custom and external metrics; without a group discovery, health and the like. Much discovery: clients that do not cache.", PER_SECOND,
          [(rate(f"{R}requests_total", "group, version"), "{{group}}/{{version}}")], stacked=True),
    panel("Under way", "Requests under way in each server; more than --max-requests-inflight (1000) are answered 429. It grows when a "
          "source is slow.", COUNT, [(f"{R}requests_inflight{{$P}}", "{{pod}}")], thresholds=steps((800, "orange"), (1000, "red"))),
    panel("Connections of callers", "Open connections. Beyond --max-connections they are closed at once; see MetricsRouterConnectionsRefused.", COUNT,
          [(f"{R}connections{{$P}}", "{{pod}}")]),
    panel("Connections opened", "New connections. Many for few requests: callers do not keep theirs.", "ops",
          [(rate(f"{R}connections_opened_total", "pod"), "{{pod}}")]),
    panel("Failed handshakes", "Connections that could not be secured. protocol: does a client not trust the certificate, or speak "
          "plain HTTP? Then look at caBundle of the APIServices.", "ops",
          [(rate(f"{R}tls_handshake_failures_total", "reason"), "{{reason}}")]),
    panel("Callers looked up", "hit: known from memory. Few hits: callers come more seldom than reviews are kept, raise "
          "--authorization-webhook-cache-authorized-ttl. turned_away: too many to ask.", "ops",
          [(rate(f"{R}review_lookups_total", "kind, result"), "{{kind}} {{result}}")]),
    panel("Reviews", "TokenReviews and SubjectAccessReviews. error: the API server cannot be asked, see MetricsRouterReviewsFail; "
          "refusal: the caller is unknown or may not.", "ops", [(rate(f"{R}reviews_total", "kind, result"), "{{kind}} {{result}}")]),
]

LATENCY = [
    panel("Whole requests", "From the head of a request to its answer. Autoscalers give up after 30 s; the next two panels say whose part it is.", SECONDS,
          quantiles(f"{R}request_duration_seconds", "group, ", "{{group}}", '$P, group!=""')),
    panel("The router's part", "Authentication, authorization and routing. Above some milliseconds it is the API server's reviews, "
          "or a lack of CPU.", SECONDS, quantiles(f"{R}overhead_duration_seconds", "", ""), thresholds=steps((0.1, "red"))),
    panel("The sources' part", "Connecting and waiting for a connection included. Above timeoutSeconds requests fail with 504.",
          SECONDS, quantiles(f"{R}backend_duration_seconds", "source, ", "{{source}}", "$S"), thresholds=steps((2.5, "red"))),
    panel("Router or source", "Where the time goes, on average. The router: look at reviews and CPU. A source: look at its adapter.", SECONDS,
          [(f"{rate(R + 'overhead_duration_seconds_sum', '')} / {rate(R + 'overhead_duration_seconds_count', '')}", "router"),
           (f"{rate(R + 'backend_duration_seconds_sum', '')} / {rate(R + 'backend_duration_seconds_count', '')}", "source")],
          stacked=True),
    panel("Reviews by the API server", "How long it takes to review a caller, retries included. Slow: look at the API server and at "
          "its etcd.", SECONDS, quantiles(f"{R}review_duration_seconds", "kind, ", "{{kind}}")),
    panel("Sources: on average", "Each source by itself. One that is far above the others: look at what its adapter asks.", SECONDS,
          [(f"{rate(R + 'backend_duration_seconds_sum', 'source', '$S')} / "
            f"{rate(R + 'backend_duration_seconds_count', 'source', '$S')}", "{{source}}")]),
]

ERRORS = [
    panel("Errors of the router itself", "5xx and 429 that no source is the cause of. 429: shedding; 500: reviews fail; 503: no table. "
          "See MetricsRouterErrorBudgetBurnsFast.", PER_SECOND,
          [(rate(f"{R}requests_total", "code", '$P, group!="", source="", code=~"5..|429"') + " or vector(0)", "{{code}}")]),
    panel("Sources: failed requests", "5xx of all requests to a source. Above 5 % see MetricsRouterSourceFails.", SHARE,
          [('namespace_source:metrics_router_failed_requests:ratio_rate5m{namespace=~"$namespace", source=~"$source"}',
            "{{source}}")], thresholds=steps((0.05, "red"))),
    panel("Sources: failures by reason", "Requests that got no answer. unreachable: is the adapter running? tls: caBundle, "
          "tlsServerName. timeout: slow. overloaded: too many wait for it.", PER_SECOND,
          [(rate(f"{R}backend_failures_total", "source, reason", "$S"), "{{source}} {{reason}}")]),
    panel("Sources: answers by code", "What callers got from each source. 404: it does not know the metric. 502: its answer cannot be "
          "understood, or it refuses the router's token.", PER_SECOND,
          [(rate(f"{R}requests_total", "source, code", '$S, source!=""'), "{{source}} {{code}}")]),
    panel("Fall-throughs", "Requests that a source left to the next candidate, as its fallThrough says. Unavailable: the source is "
          "down. Those that no candidate answered were given what the source had said.", PER_SECOND,
          [(rate(f"{R}fall_throughs_total", "source, outcome", "$S"), "{{source}} {{outcome}}"),
           (rate(f"{R}exhausted_chains_total", "source, outcome", "$S"), "{{source}} {{outcome}}, answered by nobody")]),
    panel("Requests spared", "Not asked, since the source did not know the metric a moment ago (unknown), or another caller was asking the same (shared). Nothing is to be done.",
          PER_SECOND, [(rate(f"{R}unknown_metric_skips_total", "source", "$S"), "{{source}} unknown"),
                       (rate(f"{R}coalesced_requests_total", "source", "$S"), "{{source}} shared")]),
]

BREAKERS = [
    panel("Breakers", "Workers that leave a source alone after five failures in a row. Mend the adapter: MetricsRouterBreakerOpen.",
          COUNT, [(f"sum by (source) ({R}backend_breakers_open{{$S}})", "{{source}}")], thresholds=steps((1, "red"))),
    panel("Connections to sources", "One or a few with HTTP/2; as many as requests are under way with HTTP/1.1.", COUNT,
          [(f"sum by (source) ({R}backend_connections{{$S}})", "{{source}}")]),
    panel("Shedding", "Requests answered 429, and connections closed at once. Is a source slow, or a caller greedy? "
          "MetricsRouterSheds.", PER_SECOND,
          [(rate(f"{R}requests_rejected_total", "pod"), "{{pod}} 429"),
           (rate(f"{R}connections_refused_total", "pod"), "{{pod}} refused")], thresholds=steps((0.01, "red"))),
]

TABLE = [
    panel("Generation", "Of the table that the controller has written and the server uses. Apart for more than a moment: "
          "MetricsRouterTableBehind. Pods count by themselves.", COUNT,
          [(f"{R}table_generation{{$P}}", "{{pod}} server"), (f"{C}snapshot_generation{{$P}}", "{{pod}} controller")]),
    panel("Age", "Since the table was loaded, and written. It may grow: as long as nothing changes no table is written.", SECONDS,
          [(f"{R}table_age_seconds{{$P}}", "{{pod}} server"), (f"{C}snapshot_age_seconds{{$P}}", "{{pod}} controller")]),
    panel("Reloads", "rejected or unreadable: the file is damaged, the server goes on with the last table. "
          "MetricsRouterTableRejected.", "cps", [(rate(f"{R}table_reloads_total", "pod, result"), "{{pod}} {{result}}")]),
    panel("Sources and metrics", "What is routed. When it falls at once, look whether an adapter has lost its rules.", COUNT,
          [(f"{R}table_sources{{$P}}", "{{pod}} sources"), (f"{R}table_metrics{{$P}}", "{{pod}} metrics"),
           (f"{R}discovery_omitted_metrics{{$P}}", "{{pod}} not in discovery")]),
    panel("Writes", "error: the volume is full or gone, see MetricsRouterTableNotWritten. Many successes: a source's list never "
          "stays the same.", "wps", [(rate(f"{C}snapshot_writes_total", "pod, result"), "{{pod}} {{result}}")]),
    panel("Size of the file", "Of the routing table. The volume must hold it twice: raise sizeLimit of the volume snapshot before it comes near.", BYTES, [(f"{C}snapshot_bytes{{$P}}", "{{pod}}")]),
]

CONTROLLER = [
    panel("Reconciles", "Attempts to sync sources. Any result but success is the reason of the condition Synced: "
          "docs/troubleshooting.md.", "ops", [(rate(f"{C}reconciles_total", "result", "$S"), "{{result}}")], stacked=True),
    panel("Reconciles by source", "The same for each source: which one fails, and why.", "ops",
          [(rate(f"{C}reconciles_total", "source, result", "$S"), "{{source}} {{result}}")]),
    panel("Age of the lists", "Since each source was last synced. Above the resync interval (5m) it fails or the controller is stuck: "
          "MetricsRouterSourceNotSynced, MetricsRouterControllerStuck.", SECONDS,
          [(f"time() - max by (source) ({C}source_last_sync_timestamp_seconds{{$S}})", "{{source}}")],
          thresholds=steps((400, "orange"), (900, "red"))),
    panel("Synced", "1: the last attempt succeeded in all replicas. 0: kubectl get ms NAME -o yaml says why it did not.", COUNT,
          [(f"min by (source) ({C}source_synced{{$S}})", "{{source}}")], "state-timeline"),
    panel("Queue", "Sources that wait, and that are asked now: --concurrent-syncs (64) at most. A queue that stays: adapters are slow "
          "to list.", COUNT, [(f"{C}work_queue_depth{{$P}}", "{{pod}} waiting"),
                              (f"{C}reconciles_in_flight{{$P}}", "{{pod}} under way")]),
    panel("How long reconciles take", "By result. BackendTimeout takes as long as the source's timeoutSeconds allows.", SECONDS, quantiles(f"{C}reconcile_duration_seconds", "result, ", "{{result}}")),
    panel("How long adapters take to list", "By API and code; error: no answer.", SECONDS,
          [(f"histogram_quantile(0.99, sum by (group, version, code, le) "
            f"(rate({C}discovery_request_duration_seconds_bucket{{$P}}[$__rate_interval])))", "p99 {{group}}/{{version}} {{code}}")]),
    panel("Metrics of sources", "Routed by name, and those of them that are no longer listed (retained for 15 minutes).", COUNT,
          [(f"max by (source) ({C}source_metrics{{$S}})", "{{source}}"),
           (f"max by (source) ({C}source_retained_metrics{{$S}})", "{{source}} retained")]),
    panel("Conflicts", "Sources that list metrics of another one with the same priority: give them different ones. "
          "MetricsRouterConflict.", COUNT, [(f"max({C}conflicting_sources{{$P}})", "sources")], thresholds=steps((1, "orange"))),
    panel("Leadership", "Who leads. One does at any time, save for seconds when it changes.", COUNT,
          [(f"{C}leader{{$P}}", "{{pod}}")], "state-timeline"),
    panel("Lease", "Requests for the lease, and changes. forbidden: the Role is missing. Many changes: the API server is slow, or the "
          "pod short of CPU.", "ops",
          [(rate(f"{C}lease_requests_total", "pod, result"), "{{pod}} {{result}}"),
           (rate(f"{C}leader_transitions_total", "pod, to"), "{{pod}} to {{to}}")]),
    panel("Writing status and Events", "error: MetricsRouterStatusNotWritten, MetricsRouterEventsNotWritten.", "wps",
          [(rate(f"{C}status_patches_total", "result"), "status {{result}}"), (rate(f"{C}events_total", "result"), "Event {{result}}")]),
    panel("Trouble with the watch", "Listing or watching failed and was begun anew, or left out what cannot be read. Now and then is "
          "normal; MetricsRouterWatchFails.", "ops", [(rate(f"{C}watch_problems_total", "pod"), "{{pod}}")]),
]

SHADOWS = [
    panel("Comparisons", "Answers of shadows compared with their source's, by result: docs/shadow.md.", PER_SECOND,
          [(rate(f"{R}shadow_comparisons_total", "source, of, result", "$S"), "{{source}} of {{of}} {{result}}")], width=6),
    panel("Disagreement", "Of the answers that could be compared, those that differed. Above 5 % do not migrate yet: "
          "MetricsRouterShadowDisagrees.", SHARE,
          [(rate(f"{R}shadow_comparisons_total", "source, of", '$S, result=~"differed|missing"') + " / "
            + rate(f"{R}shadow_comparisons_total", "source, of", '$S, result=~"agreed|differed|missing"'),
            "{{source}} of {{of}}")], width=6, thresholds=steps((0.05, "orange"))),
    panel("Differences of values", "Relative to the larger one. Close nearly always and apart when the load changes: the same metric.",
          SHARE, quantiles(f"{R}shadow_difference_ratio", "source, of, ", "{{source}} of {{of}}", "$S"), width=6),
    panel("Not sent", "rate, inflight: by --shadow-rate and --shadow-max-inflight, as meant. protobuf, size: cannot be compared.",
          PER_SECOND, [(rate(f"{R}shadow_skipped_total", "source, of, reason", "$S"), "{{source}} of {{of}} {{reason}}")], width=6),
]

PROCESS = " * on (job, instance) group_left (component) metrics_router_build_info{$P}"
PROCESSES = [
    panel("CPU", "Cores in use. The server takes one for each worker at most.", COUNT,
          [("rate(process_cpu_seconds_total{$P}[$__rate_interval])" + PROCESS, "{{pod}} {{component}}")]),
    panel("Memory", "Resident. The containers are limited to 512 MiB. Steady growth: report it.", BYTES,
          [("process_resident_memory_bytes{$P}" + PROCESS, "{{pod}} {{component}}")],
          thresholds=steps((400 << 20, "orange"), (512 << 20, "red"))),
    panel("File descriptors", "Of those allowed. Above 80 %: MetricsRouterDescriptorsRunOut.", SHARE,
          [("process_open_fds{$P} / process_max_fds{$P}" + PROCESS, "{{pod}} {{component}}")],
          thresholds=steps((0.8, "red"))),
    panel("Event loops", "How late workers come to what is due on them. Above 0.1 s on average: MetricsRouterWorkersLate.", SECONDS,
          quantiles(f"{R}event_loop_delay_seconds", "pod, ", "{{pod}}"), thresholds=steps((0.1, "red"))),
    panel("Running since", "A short one: it was restarted. Again and again: MetricsRouterRestarts.", SECONDS,
          [("(time() - process_start_time_seconds{$P})" + PROCESS, "{{pod}} {{component}}")]),
    panel("Certificate reloads", "rejected: files of a new certificate that do not fit together; MetricsRouterCertificateRejected.",
          "ops", [(rate(f"{R}certificate_reloads_total", "pod, result"), "{{pod}} {{result}}")]),
    panel("Versions", "Builds that run. Where there are two for longer than an update takes, find the pod that is old.", COUNT,
          [(f"count by (component, version) ({R}build_info{{$P}})", "{{component}} {{version}}")]),
]

ROWS = [
    ("Overview", OVERVIEW), ("Requests", REQUESTS), ("Latency: router and sources", LATENCY), ("Errors by source", ERRORS),
    ("Breakers and shedding", BREAKERS), ("Routing table", TABLE), ("Controller", CONTROLLER), ("Shadow differences", SHADOWS),
    ("Processes", PROCESSES),
]
