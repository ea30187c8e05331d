# Which account can do what, docs/access.md: the pod's, the one that adapters see, the autoscaler's, people's. And what an
# adapter could do with the token that it is shown.
# shellcheck shell=bash

chapter "The pod's account: what the two processes need, and nothing else"

expect "The token of the pod is that of an account of its own" prints "$pod_account" user_of "$work/router.token"
in_every_namespace=$(cat << 'RIGHTS'
create subjectaccessreviews.authorization.k8s.io
create tokenreviews.authentication.k8s.io
get services
get,list,watch metricssources.metricsrouter.io.metricsrouter.io
get,patch apiservices.apiregistration.k8s.io named v1beta1.custom.metrics.k8s.io,v1beta1.external.metrics.k8s.io,v1beta2.custom.metrics.k8s.io
patch,update metricssources/status.metricsrouter.io.metricsrouter.io
RIGHTS
)
with() { LC_ALL=C sort - <(echo "$in_every_namespace"); }
expect "What it may do in any namespace" prints "$in_every_namespace" rights_of "$work/router.token" my-ns
expect "In its own namespace also: one lease, one Secret, and tokens of the account that adapters see" \
  prints "$(with << 'RIGHTS'
create leases.coordination.k8s.io
create serviceaccounts/token named metrics-router
get,patch secrets named metrics-router-serving-certificate
get,patch,update leases.coordination.k8s.io named metrics-router
RIGHTS
)" rights_of "$work/router.token" metrics-router
expect "In kube-system also: the one ConfigMap that says who is a front proxy" \
  prints "$(with <<< 'get,list,watch configmaps named extension-apiserver-authentication')" \
  rights_of "$work/router.token" kube-system
expect "In default also: Events" \
  prints "$(with << 'RIGHTS'
create,patch events
create,patch events.events.k8s.io
RIGHTS
)" rights_of "$work/router.token" default
expect "It may not read a metric: that is for the account that adapters see" \
  fails_with '[Ff]orbidden' kubectl get --raw "$pods/*/foo" --as="$pod_account"
expect "Nor have a token of its own account made" \
  prints_match '^403 ' as_holder "$work/router.token" POST \
  /api/v1/namespaces/metrics-router/serviceaccounts/metrics-router-controller-manager/token "$(jq -n '{spec: {}}')"

chapter "The account that adapters see, by a token that one of them was shown"

token=$work/prometheus.tokens
expect "An adapter that asks the API server learns of that account, and of none other" \
  prints "$shown_account" user_of "$token"
expect "It reads metrics, and nothing else is among its rights, in its own namespace either" \
  prints "$(printf 'get,list *.custom.metrics.k8s.io\nget,list *.external.metrics.k8s.io')" rights_of "$token" metrics-router
expect "Nor in kube-system" \
  prints "$(printf 'get,list *.custom.metrics.k8s.io\nget,list *.external.metrics.k8s.io')" rights_of "$token" kube-system
expect "The adapter lets it in, by review of the token and of its rights" prints 200 asked_by "$token" "$pods/web-0/foo"
# Another token of it: what adapters are shown by the router is looked at in the end.
service_account_token metrics-router metrics-router-controller-manager > "$work/pod-again.token"
expect "It does not let in the pod's account" prints 403 asked_by "$work/pod-again.token" "$pods/web-0/foo"
api_service=/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.custom.metrics.k8s.io
review='{"spec":{"token":"any"}}'
access='{"spec":{"user":"any","nonResourceAttributes":{"path":"/","verb":"get"}}}'
accounts=/api/v1/namespaces/metrics-router/serviceaccounts
sources=/apis/metricsrouter.io.metricsrouter.io/v1alpha1/metricssources
expect "A shown token cannot patch an APIService" \
  prints_match '^403 ' as_holder "$token" PATCH "$api_service" '{"spec":{"insecureSkipTLSVerify":true}}'
expect "A shown token cannot read a Secret of the router" \
  prints_match '^403 ' as_holder "$token" GET /api/v1/namespaces/metrics-router/secrets
expect "A shown token cannot write the status of a source" \
  prints_match '^403 ' as_holder "$token" PATCH "$sources/prometheus/status" '{"status":{"synced":false}}'
expect "A shown token cannot write a source" \
  prints_match '^403 ' as_holder "$token" PATCH "$sources/prometheus" '{"spec":{"priority":1}}'
expect "A shown token cannot have a token reviewed" \
  prints_match '^403 ' as_holder "$token" POST /apis/authentication.k8s.io/v1/tokenreviews "$review"
expect "A shown token cannot ask what others may do" \
  prints_match '^403 ' as_holder "$token" POST /apis/authorization.k8s.io/v1/subjectaccessreviews "$access"
expect "A shown token cannot take the lease" \
  prints_match '^403 ' as_holder "$token" PATCH \
  /apis/coordination.k8s.io/v1/namespaces/metrics-router/leases/metrics-router '{"spec":{"holderIdentity":"me"}}'
for account in metrics-router metrics-router-controller-manager; do
  expect "A shown token cannot have a token of $account made" \
    prints_match '^403 ' as_holder "$token" POST "$accounts/$account/token" '{"spec":{}}'
done

chapter "The autoscaler's account"

autoscaler_account=system:serviceaccount:kube-system:horizontal-pod-autoscaler
expect "It reads custom metrics, as the account that adapters see does" \
  prints_match '"value": ?"1500m"' kubectl get --raw "$pods/*/foo" --as="$autoscaler_account"
expect "And external ones" \
  fails_with 'external metric missing is not provided' \
  kubectl get --raw /apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/missing --as="$autoscaler_account"
expect "It may not write a source" \
  fails_with '(^|[[:space:]])no' kubectl auth can-i create metricssources --as="$autoscaler_account"

chapter "People, by the roles that the component adds to those of Kubernetes"

show kubectl create clusterrolebinding vera --clusterrole=view --user=vera
show kubectl create clusterrolebinding edda --clusterrole=edit --user=edda
show kubectl create clusterrolebinding ada --clusterrole=admin --user=ada
show kubectl create rolebinding nina -n my-ns --clusterrole=edit --user=nina
expect "Without the component nobody but administrators sees sources" fails_with '[Ff]orbidden' kubectl get ms --as=vera
show kubectl apply -f deploy/kustomize/components/aggregate-roles/roles.yaml
for person in vera edda ada; do
  eventually 20 "$person, who may view the cluster, sees sources" prints_match prometheus kubectl get ms --as="$person"
done
change=(patch ms prometheus --type=merge -p '{"metadata":{"annotations":{"seen":"yes"}}}')
expect "Who may view changes none" fails_with '[Ff]orbidden' kubectl "${change[@]}" --as=vera
eventually 20 "Who may edit the cluster changes them" prints_match 'patched' kubectl "${change[@]}" --as=edda
eventually 20 "So does its admin" prints_match 'patched' kubectl "${change[@]}" --as=ada
expect "Neither writes their status" \
  fails_with '(^|[[:space:]])no' kubectl auth can-i patch metricssources --subresource=status --as=edda
expect "Who may edit one namespace sees none" fails_with '[Ff]orbidden' kubectl get ms --as=nina
kubectl delete -f deploy/kustomize/components/aggregate-roles/roles.yaml > /dev/null
kubectl delete clusterrolebinding vera edda ada > /dev/null

chapter "Without the right to tokens for sources"

expect "The processes tell how long the one that they have is good" \
  prints_match 'metrics_router_backend_token_expiry_seconds [67][0-9]{3}' \
  curl -sf "http://127.0.0.1:$server_metrics_port/metrics"
show kubectl delete rolebinding metrics-router-backend-token -n metrics-router
eventually 5 "The right is gone" prints_match '^403 ' as_holder "$work/router.token" POST "$accounts/metrics-router/token" '{"spec":{}}'
restart_both
eventually 10 "The server is not ready, and says what is missing" \
  prints_match '^500 .*\[-\]backend-token failed' ask '/readyz?verbose'
eventually 5 "A source that wants a token is not asked, and the answer says why and what to do" \
  prints_match '^503 .*prometheus: the token for backends: .*ServiceAccount metrics-router/metrics-router: no token can be had.*metrics-router-backend-token' \
  ask "$pods/*/foo" --cert "$pki/admin.crt" --key "$pki/admin.key"
eventually 20 "So does the condition of the source, whose routes stay" \
  prints_match '^CredentialsUnavailable the token for backends: .*metrics-router-backend-token does.*stays routed' \
  kubectl get ms prometheus -o 'jsonpath={.status.conditions[0].reason} {.status.conditions[0].message}'
show kubectl apply -f deploy/kustomize/base/rbac.yaml
eventually 60 "With the right the server gets its token by itself" \
  prints_match '^200 .*1500m' ask "$pods/*/foo" --cert "$pki/admin.crt" --key "$pki/admin.key"
eventually 60 "The controller too" prints_match 'prometheus .* true +476' kubectl get ms prometheus
eventually 5 "The server is ready" prints '200 ok' ask /readyz
