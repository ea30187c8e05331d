# The pod that a Deployment describes, as `podman kube play` can run it: from the Deployment as the API server returns
# it, with its defaults. What is changed is what README.md lists, and nothing else.
#
#   jq -f pod.jq --arg folders FOLDER --arg api_server_host HOST --arg api_server_port PORT

def is_played: .emptyDir or .secret;

.spec.template
| {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {name: "metrics-router", labels: .metadata.labels},
    spec: (
      .spec
      # There is no scheduler and no ServiceAccount to go by.
      | del(.serviceAccountName, .serviceAccount, .schedulerName, .dnsPolicy, .automountServiceAccountToken)
      | .hostNetwork = true
      | .volumes |= map(
          if is_played | not then error("volume \(.name): nobody plays \(keys - ["name"] | first)") else . end
          | if .secret then {name, hostPath: {path: "\($folders)/\(.name)", type: "Directory"}} else . end
        )
      | .volumes += [
          {name: "kube-api-access", hostPath: {path: "\($folders)/kube-api-access", type: "Directory"}},
          {name: "resolv-conf", hostPath: {path: "\($folders)/resolv.conf", type: "File"}}
        ]
      | .containers |= map(
          .image |= "localhost/\(.)"
          | .imagePullPolicy = "Never"
          # On the host's network there is nothing to map ports to.
          | del(.startupProbe, .livenessProbe, .readinessProbe, .ports)
          | .env += [
              {name: "KUBERNETES_SERVICE_HOST", value: $api_server_host},
              {name: "KUBERNETES_SERVICE_PORT", value: $api_server_port}
            ]
          | .volumeMounts += [
              {name: "kube-api-access", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true},
              {name: "resolv-conf", mountPath: "/etc/resolv.conf", readOnly: true}
            ]
        )
    )
  }
