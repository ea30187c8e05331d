# Taking it out again.
# shellcheck shell=bash

chapter "Ending"

expect "The server ends as it should when it is asked to" ends_well server
expect "So does the controller" ends_well controller
expect "Its token stands neither in the snapshot nor in a log" \
  fails_with '^$' grep -F -f "$work/router.token" "$snapshot" "$work/logs/controller.log" "$work/logs/server.log"
show kubectl delete -f "$work/api-service.yaml"
show kubectl delete ms --all
expect "Nothing is left that keeps the resource definition from going" \
  prints_match deleted kubectl delete crd metricssources.metricsrouter.io.metricsrouter.io --timeout=20s
