# Taking it out again.
# shellcheck shell=bash

chapter "Ending"

expect "The server ends as it should when it is asked to" ends_well server
expect "So does the controller" ends_well controller
expect "Its token stands neither in the snapshot nor in a log" \
  fails_with '^$' grep -F -f "$work/router.token" "$snapshot" "$work/logs/controller.log" "$work/logs/server.log"
sort -u "$work/prometheus.tokens" "$work/queues.tokens" > "$work/shown.tokens"
expect "Nor do those that adapters were shown, of which each process had one" \
  fails_with '^$' grep -F -f "$work/shown.tokens" "$snapshot" "$work/logs/controller.log" "$work/logs/server.log"
expect "No adapter was ever shown the token of the pod" \
  fails_with '^$' grep -F -f "$work/router.token" "$work/shown.tokens"
show kubectl delete -f "$work/api-service.yaml"
show kubectl delete ms --all
expect "Nothing is left that keeps the resource definition from going" \
  prints_match deleted kubectl delete crd metricssources.metricsrouter.io.metricsrouter.io --timeout=20s
