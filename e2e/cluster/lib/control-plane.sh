# shellcheck shell=bash
# etcd, kube-apiserver, kube-controller-manager and kube-scheduler as plain processes on 127.0.0.1. Where there are nodes, the
# API server listens on all addresses: pods reach it at the machine's own, through their bridge.

START_WAIT_S=60

# control_plane_program PROGRAM: its path; $KUBEBUILDER_ASSETS wins where it has the program.
control_plane_program() {
  if [[ -n ${KUBEBUILDER_ASSETS:-} && -x $KUBEBUILDER_ASSETS/$1 ]]; then
    realpath -- "$KUBEBUILDER_ASSETS/$1"
  else
    program_path "$1"
  fi
}

# own_address: the machine's first global IPv4 address; kubelet refuses a loopback address.
own_address() {
  local address
  address=$(ip -4 -o address show up scope global | awk '$2 !~ /^(csi4j|docker|br-|veth)/ {sub("/.*", "", $4); print $4; exit}')
  [[ -n $address ]] || die 'this machine has no IPv4 address besides loopback; kubelet needs one'
  echo "$address"
}

make_credentials() {
  local program
  make_pki "$NODE_IP"
  write_kubeconfig "$ADMIN_KUBECONFIG" admin
  for program in kube-controller-manager kube-scheduler; do write_kubeconfig "$PKI/$program.kubeconfig" "$program"; done
}

await_api() {
  await etcd "$START_WAIT_S" 'etcd is healthy' curl --noproxy '*' --fail --silent --max-time 2 "$ETCD_URL/readyz"
  step 'etcd ready'
  await kube-apiserver "$START_WAIT_S" 'the API server is ready' api /readyz
  step "kube-apiserver ready at $API_URL"
}

# Once the default service account exists, the token and service account controllers work: pods can be created.
await_controllers() {
  await kube-controller-manager "$START_WAIT_S" 'the default service account exists' \
    api /api/v1/namespaces/default/serviceaccounts/default
  pid_of kube-scheduler >/dev/null || die "kube-scheduler ended; $(log_tail kube-scheduler)"
  step 'kube-controller-manager and kube-scheduler running'
}

# api PATH: GET as administrator; fails on anything but success.
api() {
  curl --noproxy '*' --fail --silent --max-time 5 --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" "$API_URL$1"
}

start_etcd() {
  mkdir -p "$STATE/etcd"
  chmod 700 "$STATE/etcd"
  ensure etcd "$(control_plane_program etcd)" --name="$NAME" --data-dir="$STATE/etcd" --unsafe-no-fsync \
    --listen-client-urls="$ETCD_URL" --advertise-client-urls="$ETCD_URL" \
    --listen-peer-urls="http://127.0.0.1:$ETCD_PEER_PORT" \
    --initial-advertise-peer-urls="http://127.0.0.1:$ETCD_PEER_PORT" \
    --initial-cluster="$NAME=http://127.0.0.1:$ETCD_PEER_PORT" \
    --quota-backend-bytes=8589934592 --auto-compaction-mode=periodic --auto-compaction-retention=10m
}

start_apiserver() {
  local raised=() switched address=127.0.0.1
  [[ -z $NODES ]] || address=0.0.0.0
  [[ $RAISED_LIMITS == 0 ]] || raised=(--max-requests-inflight=4000 --max-mutating-requests-inflight=4000
    --enable-priority-and-fairness=false)
  mapfile -t switched < <(gates_of kube-apiserver)
  [[ -z $RUNTIME_CONFIG ]] || switched+=(--runtime-config="$RUNTIME_CONFIG")
  ensure kube-apiserver "$(control_plane_program kube-apiserver)" \
    --etcd-servers="$ETCD_URL" --bind-address="$address" --secure-port="$API_PORT" \
    --advertise-address="$NODE_IP" --endpoint-reconciler-type=none \
    --client-ca-file="$PKI/ca.crt" --tls-cert-file="$PKI/kube-apiserver.crt" \
    --tls-private-key-file="$PKI/kube-apiserver.key" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$PKI/service-accounts.key" \
    --service-account-signing-key-file="$PKI/service-accounts.key" \
    --service-cluster-ip-range=10.96.0.0/16 \
    --kubelet-client-certificate="$PKI/kube-apiserver-kubelet-client.crt" \
    --kubelet-client-key="$PKI/kube-apiserver-kubelet-client.key" \
    --kubelet-preferred-address-types=InternalIP "${raised[@]}" "${switched[@]}"
}

start_controllers() {
  local gates
  mapfile -t gates < <(gates_of kube-controller-manager)
  # The controller manager's default limits (20 and 30) are the first bottleneck of any load test of ours.
  ensure kube-controller-manager "$(control_plane_program kube-controller-manager)" \
    --kubeconfig="$PKI/kube-controller-manager.kubeconfig" --leader-elect=false --secure-port=0 \
    --use-service-account-credentials=true \
    --service-account-private-key-file="$PKI/service-accounts.key" --root-ca-file="$PKI/ca.crt" \
    --kube-api-qps="${CSI4J_KCM_QPS:-500}" --kube-api-burst="${CSI4J_KCM_BURST:-1000}" "${gates[@]}"
  mapfile -t gates < <(gates_of kube-scheduler)
  ensure kube-scheduler "$(control_plane_program kube-scheduler)" \
    --kubeconfig="$PKI/kube-scheduler.kubeconfig" --leader-elect=false --secure-port=0 \
    --kube-api-qps="${CSI4J_SCHEDULER_QPS:-500}" --kube-api-burst="${CSI4J_SCHEDULER_BURST:-1000}" "${gates[@]}"
}

stop_control_plane() {
  local program
  # etcd last: the others write to it while they end.
  for program in kube-scheduler kube-controller-manager kube-apiserver etcd; do stop "$program"; done
}
