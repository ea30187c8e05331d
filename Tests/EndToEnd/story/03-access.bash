# Who may read a metric: through the aggregator, and of the router itself.
# shellcheck shell=bash

chapter "Reading metrics, with rights and without"

pods=/apis/custom.metrics.k8s.io/v1beta2/namespaces/my-ns/pods
show kubectl create namespace my-ns
show kubectl apply -f - << MANIFEST
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pod-metrics, namespace: my-ns}
rules:
  - apiGroups: [custom.metrics.k8s.io]
    resources: [pods/foo]
    verbs: [get]
MANIFEST
show kubectl create rolebinding alice -n my-ns --role=pod-metrics --user=alice
eventually 5 "Alice, who may read it, gets the metric" \
  prints_match '"value": ?"1500m"' kubectl get --raw "$pods/*/foo" --as=alice
expect "Bob, who may not, is refused" \
  fails_with '[Ff]orbidden' kubectl get --raw "$pods/*/foo" --as=bob
expect "The older version of the API has the older shape" \
  prints_match '"metricName": ?"foo"' kubectl get --raw "${pods/v1beta2/v1beta1}/*/foo"
expect "The newer version of the API has the newer shape" \
  prints_match '"metric": ?\{' kubectl get --raw "$pods/*/foo"
expect "One object is asked for by its name" prints 1500m value "$pods/web-0/foo"
expect "An object of another API group has a metric" \
  prints 7 value /apis/custom.metrics.k8s.io/v1beta2/namespaces/my-ns/deployments.apps/web/depth
expect "A namespace has a metric" prints 3 value /apis/custom.metrics.k8s.io/v1beta2/namespaces/my-ns/metrics/foo
expect "A metric that nobody lists is not found, in the words of the README" \
  fails_with 'custom metric missing is not provided by any metrics backend' kubectl get --raw "$pods/*/missing"
expect "An external metric alike" \
  fails_with 'external metric missing is not provided by any metrics backend' \
  kubectl get --raw /apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/missing
expect "The server's log says who served a metric" \
  prints_match 'custom metric pods/foo\(namespaced\) served by https://prometheus-metrics-apiserver.custom-metrics.svc:443' \
  cat "$work/logs/server.log"

chapter "The rights of the router's own ServiceAccount, which adapters ask about"

router=system:serviceaccount:metrics-router:metrics-router
expect "It reads custom metrics" prints_match '"value": ?"1500m"' kubectl get --raw "$pods/*/foo" --as="$router"
expect "It reads external metrics" \
  fails_with 'external metric missing is not provided' \
  kubectl get --raw /apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/missing --as="$router"
for right in 'list secrets' 'list services' 'create metricssources' 'update metricssources' 'list configmaps' 'list pods'; do
  read -r verb resource <<< "$right"
  expect "It may not $right" fails_with '(^|[[:space:]])no' kubectl auth can-i "$verb" "$resource" -n kube-system --as="$router"
done
pod=system:serviceaccount:metrics-router:metrics-router-controller-manager
for right in 'get secrets/metrics-router-serving-certificate' 'patch secrets/metrics-router-serving-certificate'; do
  read -r verb resource <<< "$right"
  expect "The pod's own ServiceAccount may $right" prints yes kubectl auth can-i "$verb" "$resource" -n metrics-router --as="$pod"
done
expect "It may patch the APIService v1beta1.custom.metrics.k8s.io" \
  prints_match 'yes$' kubectl auth can-i patch apiservices/v1beta1.custom.metrics.k8s.io --as="$pod"
for right in 'list secrets' 'create secrets' 'delete secrets/metrics-router-serving-certificate' 'get secrets/another' \
  'patch apiservices/v1beta1.metrics.k8s.io' 'create apiservices' 'delete apiservices/v1beta1.custom.metrics.k8s.io'; do
  read -r verb resource <<< "$right"
  expect "Nor may it $right" \
    fails_with '(^|[[:space:]])no' kubectl auth can-i "$verb" "$resource" -n metrics-router --as="$pod"
done

chapter "Asking the router itself: it trusts nobody's word for who he is"

make_certificate alice cluster-ca /CN=alice clientAuth
make_certificate bob cluster-ca /CN=bob clientAuth
make_certificate not-the-front-proxy front-proxy-ca /CN=somebody-else clientAuth
kubectl create serviceaccount reader -n my-ns > /dev/null
kubectl create rolebinding reader -n my-ns --role=pod-metrics --serviceaccount=my-ns:reader > /dev/null
echo "Authorization: Bearer $(service_account_token my-ns reader)" > "$work/reader.header"
expect "A client certificate of somebody who may: 200" \
  prints_match '^200 ' ask "$pods/*/foo" --cert "$pki/alice.crt" --key "$pki/alice.key"
expect "A client certificate of somebody who may not: 403" \
  prints_match '^403 .*cannot get resource' ask "$pods/*/foo" --cert "$pki/bob.crt" --key "$pki/bob.key"
eventually 15 "The token of a ServiceAccount that may: 200" \
  prints_match '^200 ' ask "$pods/*/foo" -H "@$work/reader.header"
expect "A token that is none: 401" prints_match '^401 ' ask "$pods/*/foo" -H 'Authorization: Bearer none'
expect "Nobody in particular: 403" prints_match '^403 .*system:anonymous' ask "$pods/*/foo"
expect "A header that names an administrator, without the front proxy's certificate: 403" \
  prints_match '^403 .*system:anonymous' ask "$pods/*/foo" -H 'X-Remote-User: admin' -H 'X-Remote-Group: system:masters'
expect "The same with a certificate of the right authority and the wrong name" \
  prints_match '^40[13] ' ask "$pods/*/foo" -H 'X-Remote-User: admin' -H 'X-Remote-Group: system:masters' \
  --cert "$pki/not-the-front-proxy.crt" --key "$pki/not-the-front-proxy.key"
