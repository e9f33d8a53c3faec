# shellcheck shell=bash
# Keys and certificates. Keys are made once per state folder; certificates are signed anew at each start (milliseconds),
# since the machine's address may have changed. RSA, because some Java clients need an extra library for EC keys.

CERTIFICATE_DAYS=3650

# make_pki NODE_IP
make_pki() {
  mkdir -p "$PKI"
  chmod 700 "$PKI"
  make_keys ca service-accounts admin kube-controller-manager kube-scheduler kube-apiserver kube-apiserver-kubelet-client
  [[ -s $PKI/ca.crt ]] || self_sign_ca
  sign admin '/O=system:masters/CN=admin' clientAuth
  sign kube-controller-manager '/CN=system:kube-controller-manager' clientAuth
  sign kube-scheduler '/CN=system:kube-scheduler' clientAuth
  sign kube-apiserver-kubelet-client '/O=system:masters/CN=kube-apiserver-kubelet-client' clientAuth
  sign kube-apiserver '/CN=kube-apiserver' serverAuth \
    "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:localhost,IP:127.0.0.1,IP:10.96.0.1,IP:$1"
}

# make_node_credentials NODE_IP
make_node_credentials() {
  local server=kubelet$NODE_SUFFIX client=kubelet-client$NODE_SUFFIX
  make_keys "$server" "$client"
  sign "$client" "/O=system:nodes/CN=system:node:$NODE_NAME" clientAuth
  sign "$server" "/CN=$NODE_NAME" serverAuth "DNS:$NODE_NAME,DNS:localhost,IP:127.0.0.1,IP:$1"
  write_kubeconfig "$PKI/$server.kubeconfig" "$client"
}

# make_keys KEY...
make_keys() {
  local key making=()
  for key; do
    [[ ! -s $PKI/$key.key ]] || continue
    (openssl genrsa -out "$PKI/.$key" 2048 2>/dev/null && mv "$PKI/.$key" "$PKI/$key.key") &
    making+=($!)
  done
  for key in "${making[@]}"; do wait "$key" || die "openssl could not make a key in $PKI"; done
}

self_sign_ca() {
  openssl req -x509 -new -key "$PKI/ca.key" -subj "/CN=csi4j-cluster-$NAME" -days "$CERTIFICATE_DAYS" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -out "$PKI/ca.crt"
}

# sign CERTIFICATE SUBJECT USAGE [NAMES]
sign() {
  local extensions="extendedKeyUsage=$3"
  [[ $# -lt 4 ]] || extensions+=$'\n'"subjectAltName=$4"
  openssl req -new -key "$PKI/$1.key" -subj "$2" |
    openssl x509 -req -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -days "$CERTIFICATE_DAYS" \
      -set_serial "0x$(openssl rand -hex 8)" -extfile <(printf '%s\n' "$extensions") -out "$PKI/$1.crt" 2>/dev/null
}

# write_kubeconfig FILE CERTIFICATE: complete in itself, so that it can be copied.
write_kubeconfig() {
  local credentials
  printf -v credentials 'client-certificate-data: %s\n    client-key-data: %s' \
    "$(base64 -w0 "$PKI/$2.crt")" "$(base64 -w0 "$PKI/$2.key")"
  (umask 077 && kubeconfig "$credentials" >"$1.new")
  mv "$1.new" "$1"
}

# kubeconfig CREDENTIALS: prints a kubeconfig with these lines (indented by four) as the user's credentials.
kubeconfig() {
  cat <<YAML
apiVersion: v1
kind: Config
current-context: $NAME
contexts:
- name: $NAME
  context:
    cluster: $NAME
    user: $NAME
clusters:
- name: $NAME
  cluster:
    server: $API_URL
    certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")
users:
- name: $NAME
  user:
    $1
YAML
}
