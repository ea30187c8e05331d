# The autoscaler scales by metrics of every kind. There is no kubelet: pods are said to run.
# shellcheck shell=bash

chapter "Autoscaling with the cluster's own HPA controller"

autoscaling=$(autoscaling_version)
for name in web api worker; do
  workload "$name" | kubectl apply -f - > /dev/null
  api PATCH "/api/v1/namespaces/my-ns/pods/$name-0/status" \
    '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}' > /dev/null
  api PATCH "/apis/apps/v1/namespaces/my-ns/deployments/$name/status" '{"status":{"replicas":1}}' > /dev/null
done

show kubectl apply -f - << MANIFEST
$(autoscaler web '{type: Pods, pods: {metric: {name: foo}, target: {type: AverageValue, averageValue: 500m}}}')
MANIFEST
show kubectl apply -f - << MANIFEST
$(autoscaler api "{type: Object, object: {describedObject: {apiVersion: apps/v1, kind: Deployment, name: api},
      metric: {name: depth}, target: {type: Value, value: \"2\"}}}")
MANIFEST
show kubectl apply -f - << MANIFEST
$(autoscaler worker '{type: External, external: {metric: {name: queue_length}, target: {type: AverageValue, averageValue: "21"}}}')
MANIFEST
eventually 60 "A metric of pods, 1500m where 500m are wanted, scales 1 replica to 3" \
  prints 3 kubectl get deployment web -n my-ns -o 'jsonpath={.spec.replicas}'
eventually 60 "A metric of an object, 7 where 2 are wanted, scales 1 replica to 4" \
  prints 4 kubectl get deployment api -n my-ns -o 'jsonpath={.spec.replicas}'
eventually 60 "An external metric, 42 where 21 a replica are wanted, scales 1 replica to 2" \
  prints 2 kubectl get deployment worker -n my-ns -o 'jsonpath={.spec.replicas}'

workload my-app | kubectl apply -f - > /dev/null
api PATCH /api/v1/namespaces/my-ns/pods/my-app-0/status \
  '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}' > /dev/null
autoscaler my-app '{type: Pods, pods: {metric: {name: missing}, target: {type: AverageValue, averageValue: 500m}}}' my-hpa \
  | kubectl apply -f - > /dev/null
eventually 60 "The events of an HPA on an unknown metric say what the README says" \
  prints_match 'unable to get metric missing: unable to fetch metrics from custom metrics API: custom metric missing is not provided by any metrics backend' \
  kubectl describe hpa/my-hpa -n my-ns
