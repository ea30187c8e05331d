# The doctor, on a cluster that is well and on one that is not.
# shellcheck shell=bash

chapter "check"

sed "s/port: 443/port: $server_port/" deploy/api-service.yaml > "$work/api-service.yaml"
report_of_check() { plugin check || true; }
# status_of CHECK
# check itself exits with 1 where something is wrong.
status_of() { { plugin check -o json || true; } | jq -r --arg check "$1" '[.checks[] | select(.check == $check)][0].status'; }

expect "Who is not registered is told what to do" \
  prints_match 'FAIL  APIService v1beta1.custom.metrics.k8s.io: not registered.*→ kubectl metricsrouter adopt' report_of_check
expect "A failure is status 1" prints 1 plugin_status check
kubectl apply -f "$work/api-service.yaml" > /dev/null
eventually 60 "An APIService that is available and verified is well" prints ok status_of 'APIService v1beta1.custom.metrics.k8s.io'
eventually 30 "The aggregator reaches the router" prints ok status_of 'Way to custom.metrics.k8s.io'
expect "The source is synced" prints ok status_of 'MetricsSource queues'
expect "That any certificate is taken is a warning" prints WARN status_of 'MetricsSource prometheus, certificate'
expect "The leader has renewed its lease" prints ok status_of 'Lease metrics-router'
expect "The autoscaler has its rights" prints ok status_of "Autoscaler's right to external.metrics.k8s.io"
expect "A Deployment without a kubelet is not available" prints FAIL status_of 'Deployment metrics-router-controller-manager'
api PATCH /apis/apps/v1/namespaces/metrics-router/deployments/metrics-router-controller-manager/status \
  '{"status":{"replicas":1,"availableReplicas":1,"readyReplicas":1,"updatedReplicas":1}}' > /dev/null
eventually 10 "Nothing fails any more: status 0, with warnings" prints 0 plugin_status check
expect "With --strict, warnings are status 1" prints 1 plugin_status check --strict
yaml_check() { plugin check -o yaml | python3 -c 'import sys, yaml; d = yaml.safe_load(sys.stdin); print(d["summary"]["fail"], len(d["checks"]) > 9)'; }
expect "-o yaml is YAML" prints '0 True' yaml_check
expect "On a terminal it is green and yellow" prints_match '\^\[\[32mok  .*\^\[\[33mWARN' on_terminal check

# message_of CHECK [FLAG...]
message_of() { { plugin check -o json "${@:2}" || true; } | jq -r --arg check "$1" '[.checks[] | select(.check == $check)][0].message'; }
kubectl apply -f - > /dev/null << YAML
apiVersion: autoscaling/v2beta2
kind: HorizontalPodAutoscaler
metadata: {name: in-vain, namespace: metrics-router}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: metrics-router-controller-manager}
  maxReplicas: 1
  metrics: [{type: External, external: {metric: {name: not_there}, target: {type: Value, value: 1}}}]
YAML
eventually 60 "An autoscaler that gets no metric shows" \
  prints_match '^1 of 1 that use custom or external metrics get none: metrics-router/in-vain: ' message_of HorizontalPodAutoscalers
expect "It is a warning" prints WARN status_of HorizontalPodAutoscalers
kubectl delete hpa in-vain -n metrics-router > /dev/null

sed 's/name: metrics-apiserver$/name: another/' "$work/api-service.yaml" | kubectl apply -f - > /dev/null
expect "An APIService of another Service in the router's namespace is not the router's" \
  prints_match '^answered by metrics-router/another, not by the router' message_of 'APIService v1beta1.external.metrics.k8s.io'
expect "unless the router's is called so" \
  prints_match '^not available' message_of 'APIService v1beta1.external.metrics.k8s.io' --router-service=another
kubectl apply -f "$work/api-service.yaml" > /dev/null

owner='{apiVersion: apps/v1, kind: ReplicaSet, name: gone, uid: 0b9f1b9e-0000-4000-8000-000000000000}'
pod_of_router evicted | sed -e '/^---$/,$d' -e "/^metadata:/a\  ownerReferences: [$owner]" | kubectl apply -f - > /dev/null
pod_is() { { plugin check -o json || true; } | jq -r '.checks[].check | select(startswith("Pod evicted"))'; }
expect "A pod that does not run shows" prints "Pod evicted" pod_is
api PATCH /api/v1/namespaces/metrics-router/pods/evicted/status '{"status":{"phase":"Failed","reason":"Evicted"}}' > /dev/null
expect "One that was evicted does not" prints "" pod_is
kubectl delete pod evicted -n metrics-router --grace-period=0 --force > /dev/null 2>&1

kubectl delete clusterrolebinding -l app.kubernetes.io/name=metrics-router > /dev/null
expect "Rights that are taken away show" prints FAIL status_of "Autoscaler's right to external.metrics.k8s.io"
kubectl apply -f deploy/all-in-one.yaml > /dev/null 2>&1 || true
finish controller || true
kubectl patch lease metrics-router -n metrics-router --type=merge -p '{"spec":{"holderIdentity":"gone","renewTime":"2020-01-01T00:00:00.000000Z"}}' > /dev/null
expect "A lease that nobody renews shows" prints FAIL status_of 'Lease metrics-router'
say_that_it_runs router-0 False
expect "A container that is not ready shows" prints FAIL status_of 'Pod router-0, container server'
say_that_it_runs router-0 True
expect "An API server that is not there is status 3" prints 3 plugin_status check --kubeconfig=/dev/null
start_controller
wait_until 10 curl -sf -o /dev/null "http://127.0.0.1:$controller_metrics_port/metrics" || true
