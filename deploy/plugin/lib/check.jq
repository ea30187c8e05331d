# Judges what check.bash has fetched: {checks: [{check, status: ok|WARN|FAIL, message, advice}], summary}.
# Each variable is an array of one: an object, a list, or {error}.

def result($status; $check; $message; $advice):
  {check: $check, status: $status, message: $message} + (if $advice then {advice: $advice} else {} end);
def ok($check; $message): result("ok"; $check; $message; null);
def warn($check; $message; $advice): result("WARN"; $check; $message; $advice);
def fail($check; $message; $advice): result("FAIL"; $check; $message; $advice);

def is_missing: (.error // "") | test("NotFound|not found|could not find the requested resource|doesn't have a resource type");
def is_forbidden: (.error // "") | test("Forbidden|forbidden");
def condition($type): [.status.conditions[]? | select(.type == $type)][0] // {status: "Unknown", reason: "", message: ""};
# One line of what kubectl said.
def said: .error | split("\n") | map(select(. != "")) | last // "no answer";
# unreadable(check): what to say of something that could not be read at all.
def unreadable($check):
  if is_forbidden then warn($check; "not looked at: you may not read it"; "ask somebody who may, or have the right given: \(said)")
  else fail($check; said; "look at the API server") end;

def crd:
  $crd[0] | "CustomResourceDefinition" as $check
  | if is_missing then fail($check; "metricssources.metricsrouter.io.metricsrouter.io is not there"; "kubectl apply -f deploy/all-in-one.yaml")
    elif .error then unreadable($check)
    elif condition("Established").status != "True" then
      fail($check; "not established: \(condition("Established").message)"; "kubectl describe crd \(.metadata.name)")
    else ok($check; "\(.metadata.name) is served") end;

def deployments:
  $deployments[0]
  | if .error then unreadable("Deployment")
    elif (.items | length) == 0 then
      fail("Deployment"; "none in namespace \($namespace) has the label app.kubernetes.io/name=metrics-router";
        "kubectl apply -f deploy/all-in-one.yaml; --router-namespace says where the router is")
    else .items[] | "Deployment \(.metadata.name)" as $check | (.spec.replicas // 1) as $wanted | (.status.availableReplicas // 0) as $there
      | if $wanted == 0 then fail($check; "no replicas are wanted"; "kubectl scale -n \($namespace) deployment/\(.metadata.name) --replicas=1")
        elif $there == 0 then fail($check; "none of \($wanted) replicas is available"; "kubectl describe -n \($namespace) deployment/\(.metadata.name)")
        elif $there < $wanted then warn($check; "\($there) of \($wanted) replicas are available"; "kubectl describe -n \($namespace) deployment/\(.metadata.name)")
        else ok($check; "\($there) of \($wanted) replicas are available") end
    end;

def container_state($pod):
  . as $container | "Pod \($pod), container \(.name)" as $check
  | if .state.waiting then
      fail($check; "\(.state.waiting.reason // "waiting"): \(.state.waiting.message // "")";
        "kubectl logs -n \($namespace) \($pod) -c \($container.name) --previous")
    elif .state.terminated then
      fail($check; "ended with status \(.state.terminated.exitCode)"; "kubectl logs -n \($namespace) \($pod) -c \($container.name) --previous")
    elif .ready != true then fail($check; "runs, but is not ready"; "kubectl logs -n \($namespace) \($pod) -c \($container.name)")
    elif (.restartCount // 0) > 5 then
      warn($check; "ready, after \(.restartCount) restarts; the last one because of \(.lastState.terminated.reason // "something unknown")";
        "kubectl logs -n \($namespace) \($pod) -c \($container.name) --previous")
    else ok($check; "ready, \(.restartCount // 0) restarts") end;

# An evicted pod stays in the list, and its owner has made another one in its place.
def has_successor: (.status.phase == "Failed" or .status.phase == "Succeeded") and ((.metadata.ownerReferences // []) != []);

def pods:
  $pods[0]
  | if .error then unreadable("Pod") else .items |= map(select(has_successor | not)) end
  | if .error then empty
    elif (.items | length) == 0 then fail("Pod"; "there is none"; "kubectl get events -n \($namespace)")
    else
      (.items[] | select(.metadata.deletionTimestamp | not) | . as $pod
        | if (.status.containerStatuses // []) == [] then
            fail("Pod \(.metadata.name)"; "\(.status.phase // "unknown"): \(condition("PodScheduled").message // "")";
              "kubectl describe pod -n \($namespace) \(.metadata.name)")
          else .status.containerStatuses[] | container_state($pod.metadata.name) end),
      ([.items[].spec.containers[].image] | unique
        | if length > 1 then warn("Images"; "the pods differ: \(join(", "))"; "wait for the rollout: kubectl rollout status -n \($namespace) deployment")
          else ok("Images"; .[0]) end)
    end;

def apiservice($name):
  "APIService \($name)" as $check | ([.items[] | select(.metadata.name == $name)][0]) as $found
  | if $found == null then
      if $name == "v1beta2.custom.metrics.k8s.io" then
        warn($check; "not registered: callers see v1beta1 alone"; "kubectl apply -f deploy/api-service.yaml")
      else fail($check; "not registered: nobody answers"; "kubectl metricsrouter adopt --apply, or kubectl apply -f deploy/api-service.yaml") end
    else $found
      | if .spec.service.namespace != $namespace or .spec.service.name != $service then
          warn($check; "answered by \(.spec.service.namespace // "the API server")/\(.spec.service.name // "itself"), not by the router";
            "kubectl metricsrouter adopt tells what would take it over")
        elif condition("Available").status != "True" then
          fail($check; "not available: \(condition("Available").reason): \(condition("Available").message)";
            "the API server must reach the pods: look at NetworkPolicies, firewalls between the control plane and the nodes, and at caBundle")
        elif .spec.insecureSkipTLSVerify == true then
          warn($check; "available, but any certificate is taken (insecureSkipTLSVerify)"; "give it a caBundle: see docs/certificates.md")
        elif (.spec.caBundle // "") == "" then
          warn($check; "available, verified by the API server's own authorities for want of a caBundle"; "give it a caBundle")
        else ok($check; "available, verified by its caBundle") end
    end;

def apiservices:
  $apiservices[0]
  | if .error then unreadable("APIServices")
    else apiservice("v1beta1.custom.metrics.k8s.io"), apiservice("v1beta2.custom.metrics.k8s.io"), apiservice("v1beta1.external.metrics.k8s.io") end;

def reach($answer; $group):
  "Way to \($group)" as $check | $answer[0]
  | if .error == null then ok($check; "the API server's aggregator lists \(.resources | length) metrics")
    elif is_missing then warn($check; "nobody answers for the group"; "see its APIService above")
    elif is_forbidden then warn($check; "you may not list it"; "bind a role to yourself that may get it: \(said)")
    else fail($check; said; "see its APIService above, and the server's log") end;

def sources:
  $sources[0]
  | if is_missing then empty
    elif .error then unreadable("MetricsSources")
    elif (.items | length) == 0 then warn("MetricsSources"; "there is none: no metric is routed"; "create one: see docs/adapters")
    else .items[] | "MetricsSource \(.metadata.name)" as $check | condition("Synced") as $synced | condition("Conflict") as $conflict
      | (if .status == null or .status.synced == null then
          fail($check; "the controller has said nothing of it"; "kubectl logs -n \($namespace) -l app.kubernetes.io/name=metrics-router -c controller")
        elif .status.synced != true then
          fail($check; "\($synced.reason): \($synced.message)"; "see the reason in docs/status.md")
        elif (.status.observedGeneration // .metadata.generation) < .metadata.generation then
          warn($check; "its last change has not been seen yet"; "wait, then look at the controller's log")
        elif (.status.metricsCount // 0) == 0 and (.status.claims // 0) == 0 then
          warn($check; "synced, but it lists no metric and claims none"; "see spec.claims in docs/routing.md")
        else ok($check; "synced, \(.status.metricsCount // 0) metrics, \(.status.claims // 0) claims") end),
        (select($conflict.status == "True") | warn("\($check), priority"; $conflict.message; "give one of them another spec.priority")),
        (select(.spec.insecureSkipTLSVerify == true)
          | warn("\($check), certificate"; "any certificate is taken (insecureSkipTLSVerify)"; "set spec.caBundle to the adapter's authority"))
    end;

def seconds: sub("\\.[0-9]+"; "") | fromdateiso8601;

def lease:
  "Lease metrics-router" as $check | $lease[0]
  | if is_missing then warn($check; "there is none: no controller leads"; "kubectl logs -n \($namespace) -l app.kubernetes.io/name=metrics-router -c controller")
    elif .error then unreadable($check)
    elif (.spec.renewTime // "") == "" or (.spec.holderIdentity // "") == "" then
      warn($check; "nobody holds it"; "a controller takes it within seconds of its start; see its log")
    else ((now - (.spec.renewTime | seconds)) | floor) as $age | (.spec.leaseDurationSeconds // 15) as $limit
      | if $age > 2 * $limit then
          fail($check; "\(.spec.holderIdentity) holds it, and renewed it \($age) s ago, which is longer than \($limit) s";
            "nobody reports the status of sources; see the controller's log")
        else ok($check; "\(.spec.holderIdentity) leads, renewed \([$age, 0] | max) s ago") end
    end;

def rights($review; $group):
  "Autoscaler's right to \($group)" as $check | $review[0]
  | if .error then warn($check; "not looked at: \(said)"; "needs the right to create subjectaccessreviews")
    elif .status.allowed == true then ok($check; "given")
    else fail($check; "system:serviceaccount:kube-system:horizontal-pod-autoscaler may not list it"; "kubectl apply -f deploy/all-in-one.yaml, which gives it") end;

def autoscalers:
  "HorizontalPodAutoscalers" as $check | $autoscalers[0]
  | if .error then unreadable($check)
    else [.items[] | select([.spec.metrics[]?.type] | any(. == "Pods" or . == "Object" or . == "External"))] as $using
      | [$using[] | . as $hpa | condition("ScalingActive") | select(.status == "False" and (.reason | startswith("FailedGet")))
          | "\($hpa.metadata.namespace)/\($hpa.metadata.name): \(.message)"] as $failing
      | if ($failing | length) > 0 then
          warn($check; "\($failing | length) of \($using | length) that use custom or external metrics get none: \($failing[0])";
            "kubectl metricsrouter explain METRIC -n NAMESPACE --ask")
        else ok($check; "\($using | length) use custom or external metrics, and none says that it gets none") end
    end;

[crd, deployments, pods, lease, apiservices, reach($custom; "custom.metrics.k8s.io"), reach($external; "external.metrics.k8s.io"),
  sources, rights($rights_custom; "custom.metrics.k8s.io"), rights($rights_external; "external.metrics.k8s.io"), autoscalers]
| {
    checks: .,
    summary: {
      ok: map(select(.status == "ok")) | length, warn: map(select(.status == "WARN")) | length,
      fail: map(select(.status == "FAIL")) | length
    }
  }
