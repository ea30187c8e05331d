# What kubelet does for the server's container where there are no nodes: it keeps the volume `serving-certificate` in step
# with the Secret.
# shellcheck shell=bash

serving_secret=/api/v1/namespaces/metrics-router/secrets/metrics-router-serving-certificate

# serving_folder REPLICA - where its server has the volume.
serving_folder() { echo "$work/serving-$1"; }

# mount_secret FOLDER - the whole of it is swapped at once, by a link, as the Deployment has it: two keys, which may both
# be missing.
mount_secret() {
  local folder=$1 secret version key
  secret=$(api GET "$serving_secret" 2> /dev/null) || return 0
  version=$(jq -r .metadata.resourceVersion <<< "$secret")
  [[ ! -e $folder/..$version ]] || return 0
  mkdir -p "$folder/..$version"
  for key in tls.crt tls.key; do
    ! jq -e --arg key "$key" '.data[$key]' <<< "$secret" > /dev/null \
      || jq -j --arg key "$key" '.data[$key] | @base64d' <<< "$secret" > "$folder/..$version/$key"
  done
  ln -sfn "..$version" "$folder/..data_tmp"
  mv -T "$folder/..data_tmp" "$folder/..data"
  for key in tls.crt tls.key; do
    if [[ -e $folder/..$version/$key ]]; then ln -sfn "..data/$key" "$folder/$key"; else rm -f "$folder/$key"; fi
  done
}

# start_kubelet REPLICA SECONDS - it looks that often, for half an hour at most.
start_kubelet() { launch "kubelet-$1" keep_mounting "$(serving_folder "$1")" "$2"; }

keep_mounting() {
  local end=$((SECONDS + 1800))
  while ((SECONDS < end)); do
    mount_secret "$1"
    sleep "$2"
  done
}

# served_certificate - of the server, in a few words.
served_certificate() {
  openssl s_client -connect "127.0.0.1:$server_port" -servername metrics-apiserver.metrics-router.svc < /dev/null 2> /dev/null \
    | openssl x509 -noout -issuer
}

# authority_of_secret KEY - the common name of the certificate under that key; nothing where there is none.
authority_of_secret() {
  api GET "$serving_secret" | jq -r --arg key "$1" '.data[$key] // "" | @base64d' \
    | { openssl x509 -noout -subject 2> /dev/null || true; } | sed -n 's/.*CN *= *//p'
}

# trusted_by API-SERVICE - the common names of the authorities in its caBundle, and whether it skips verification.
trusted_by() {
  kubectl get apiservice "$1" -o json | jq -r '"\(.spec.insecureSkipTLSVerify // false) \(.spec.caBundle // "" | @base64d)"' \
    | { read -r skips first && { echo "$first"; cat; } | openssl crl2pkcs7 -nocrl -certfile /dev/stdin 2> /dev/null \
        | openssl pkcs7 -print_certs -noout | sed -n 's/^subject=.*CN *= *//p' | sort | paste -sd' ' \
        | sed "s/^/skips: $skips, trusts: /"; }
}

# is_served_by_another AUTHORITY - the server shows a certificate of the Secret's authority, which is not this one.
is_served_by_another() {
  local authority
  authority=$(authority_of_secret ca.crt)
  [[ -n $authority && $authority != "$1" ]] && seen=$(served_certificate) && [[ $seen == *"$authority" ]]
}

keys_of_secret() { api GET "$serving_secret" | jq -c '.data | keys'; }
