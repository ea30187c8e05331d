# The keys and certificates of a cluster, as kubeadm would lay them out, in $pki.
# shellcheck shell=bash

make_cluster_certificates() {
  pki=$work/pki
  mkdir -p "$pki"
  make_authority cluster-ca metrics-router-test-cluster
  make_authority front-proxy-ca metrics-router-test-front-proxy
  make_certificate apiserver cluster-ca /CN=kube-apiserver serverAuth \
    "IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc"
  make_certificate front-proxy-client front-proxy-ca /CN=front-proxy-client clientAuth
  make_certificate admin cluster-ca /O=system:masters/CN=admin clientAuth
  make_certificate controller-manager cluster-ca /CN=system:kube-controller-manager clientAuth
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$pki/service-accounts.key" 2>> "$pki/openssl.log"
  openssl pkey -in "$pki/service-accounts.key" -pubout -out "$pki/service-accounts.pub"
}

# make_authority NAME COMMON-NAME
make_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$2" \
    -keyout "$pki/$1.key" -out "$pki/$1.crt" 2>> "$pki/openssl.log"
}

# make_certificate NAME AUTHORITY SUBJECT USAGE [ALTERNATIVE-NAMES]
make_certificate() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$3" \
    -keyout "$pki/$1.key" -out "$pki/$1.csr" 2>> "$pki/openssl.log"
  {
    echo "basicConstraints=critical,CA:FALSE"
    echo "keyUsage=critical,digitalSignature"
    echo "extendedKeyUsage=$4"
    [[ -z ${5-} ]] || echo "subjectAltName=$5"
  } > "$pki/$1.ext"
  openssl x509 -req -days 2 -in "$pki/$1.csr" -CA "$pki/$2.crt" -CAkey "$pki/$2.key" -CAcreateserial \
    -extfile "$pki/$1.ext" -out "$pki/$1.crt" 2>> "$pki/openssl.log"
}

# make_kubeconfig FILE CREDENTIAL... - a CREDENTIAL is a line of a kubeconfig's user: `tokenFile: /path`.
make_kubeconfig() {
  local file=$1 line
  shift
  {
    cat << YAML
apiVersion: v1
kind: Config
current-context: test
clusters:
  - name: test
    cluster:
      server: https://127.0.0.1:$apiserver_port
      certificate-authority: $pki/cluster-ca.crt
contexts:
  - name: test
    context: {cluster: test, user: test}
users:
  - name: test
    user:
YAML
    for line in "$@"; do printf '      %s\n' "$line"; done
  } > "$file"
}

# certificate_kubeconfig FILE NAME - for who holds the certificate of that name.
certificate_kubeconfig() {
  make_kubeconfig "$1" "client-certificate: $pki/$2.crt" "client-key: $pki/$2.key"
}
