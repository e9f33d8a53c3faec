# shellcheck shell=bash
# The node: containerd and kubelet in a mount and a PID namespace of their own. Mounts inside are not seen outside, and
# whatever runs inside ends with the namespace's process 1, whose record is `node`. A second node is the same once more, with
# folders, bridge, pod network, ports, cgroup root and records of its own (`use_node`).

NODE_WAIT_S=90
CGROUP_WAIT_S=15
# What runs inside sees folders of the state folder at the places that manifests and tests have written in.
INSIDE=(kubelet:/var/lib/kubelet containerd/run:/run/containerd cni:/var/lib/cni log/pods:/var/log/pods
  log/containers:/var/log/containers)

node_pid() { pid_of "node$NODE_SUFFIX"; }

# start_node_runtime: namespaces and containerd; needs no API server.
start_node_runtime() {
  make_node_folders
  await_ending "node$NODE_SUFFIX"
  node_pid >/dev/null || start_namespaces
  ensure "containerd$NODE_SUFFIX" "$(c_path enter)" "$(node_pid)" "$(program_path containerd)" --config "$NODE_STATE/containerd/config.toml"
}

start_namespaces() {
  local pid
  clean_node
  touch "$STATE/run/with-node$NODE_SUFFIX"
  # Both describe what ran in the namespaces that are gone; what they hold would be taken for live pods.
  rm -rf --one-file-system "$NODE_STATE/containerd/run" "$NODE_STATE/cni/networks" "$NODE_STATE/cni/results"
  make_node_folders
  remember_sysctls
  make_cgroups
  STARTED=1
  setsid unshare --mount --pid --fork --kill-child "$LIB/node-init" "$NAME" "$STATE" "$NODE_NUMBER" "$(c_path pause)" \
    >>"$LOGS/node$NODE_SUFFIX.log" 2>&1 </dev/null 9>&- &
  pid=$!
  record "node-parent$NODE_SUFFIX" "$pid" - || die "the node ended at once; $(log_tail "node$NODE_SUFFIX")"
  until node_pid >/dev/null; do
    pid_of "node-parent$NODE_SUFFIX" >/dev/null || die "the node ended at once; $(log_tail "node$NODE_SUFFIX")"
    sleep 0.02
  done
  step "node $NODE_NAME has its namespaces (process $(node_pid))"
}

make_node_folders() {
  local pair program
  for pair in "${INSIDE[@]}"; do mkdir -p "$NODE_STATE/${pair%:*}" "${pair#*:}"; done
  mkdir -p "$STATE/bin" "$NODE_STATE"/{cni/bin,cni/net.d,containerd/root,kubelet-plugins}
  for program in "${CNI_PROGRAMS[@]}"; do ln -sfn "$(program_path "$program")" "$NODE_STATE/cni/bin/$program"; done
  for program in containerd-shim-runc-v2 ctr; do ln -sfn "$(program_path "$program")" "$STATE/bin/$program"; done
  ln -sfn "$(control_plane_program kubectl)" "$STATE/bin/kubectl"
  cni_config | write_new "$NODE_STATE/cni/net.d/10-csi4j.conflist"
  containerd_config | write_new "$NODE_STATE/containerd/config.toml"
  kubelet_config | write_new "$NODE_STATE/kubelet.yaml"
}

# write_new FILE: writes what comes in, all at once, since a running containerd watches its folder.
write_new() {
  cat >"$1.new"
  mv "$1.new" "$1"
}

cni_config() {
  cat <<JSON
{
  "cniVersion": "1.0.0",
  "name": "$CNI_NETWORK",
  "plugins": [
    {
      "type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "ipMasq": false, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "dataDir": "/var/lib/cni/networks",
        "ranges": [[{"subnet": "$POD_NETWORK"}]], "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
JSON
}

# restrict_oom_score_adj: a root without CAP_SYS_RESOURCE may not lower the score.
containerd_config() {
  cat <<TOML
version = 3
root = '$NODE_STATE/containerd/root'
state = '/run/containerd'

[grpc]
address = '/run/containerd/containerd.sock'

[plugins.'io.containerd.nri.v1.nri']
disable = true

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '$PAUSE_IMAGE'

[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ['$NODE_STATE/cni/bin']
conf_dir = '$NODE_STATE/cni/net.d'

[plugins.'io.containerd.cri.v1.runtime'.containerd]
default_runtime_name = 'runc'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
SystemdCgroup = false
BinaryName = '$(PATH=$PROGRAM_PATH command -v runc)'
Root = '/run/containerd/runc'
TOML
}

# Its iptables chains are switched off: nothing here uses them, and several kubelets would share them.
kubelet_config() {
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
port: $KUBELET_PORT
healthzPort: $KUBELET_HEALTH_PORT
authentication:
  anonymous: {enabled: false}
  x509: {clientCAFile: $PKI/ca.crt}
authorization: {mode: AlwaysAllow}
tlsCertFile: $PKI/kubelet$NODE_SUFFIX.crt
tlsPrivateKeyFile: $PKI/kubelet$NODE_SUFFIX.key
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: $CGROUP_ROOT
failCgroupV1: false
failSwapOn: false
makeIPTablesUtilChains: false
# A volume that is attached is mounted only after the node's next status report, which by default comes every 10 s.
nodeStatusUpdateFrequency: 1s
resolvConf: ""
volumePluginDir: $NODE_STATE/kubelet-plugins
# What comes once a minute and after ever longer pauses by default, tests wait for.
volumeStatsAggPeriod: 5s
crashLoopBackOff: {maxContainerRestartPeriod: 1s}
maxPods: 200
kubeAPIQPS: 500
kubeAPIBurst: 1000
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
YAML
}

declare -A KUBELET_BEGUN=()

start_kubelet() {
  local gates
  mapfile -t gates < <(gates_of kubelet)
  KUBELET_BEGUN[$NODE_NUMBER]=
  pid_of "kubelet$NODE_SUFFIX" >/dev/null || KUBELET_BEGUN[$NODE_NUMBER]=$(date -u +%FT%TZ)
  ensure "kubelet$NODE_SUFFIX" "$(c_path enter)" "$(node_pid)" "$(program_path kubelet)" --config="$NODE_STATE/kubelet.yaml" \
    --kubeconfig="$PKI/kubelet$NODE_SUFFIX.kubeconfig" --hostname-override="$NODE_NAME" --node-ip="$NODE_IP" \
    --root-dir="$KUBELET_ROOT" "${gates[@]}"
}

await_containerd() {
  await "containerd$NODE_SUFFIX" "$NODE_WAIT_S" 'containerd answers' \
    "$(program_path ctr)" --address "$NODE_STATE/containerd/run/containerd.sock" version
  step "containerd$NODE_SUFFIX ready"
}

await_node() {
  await "kubelet$NODE_SUFFIX" "$NODE_WAIT_S" "node $NODE_NAME is Ready" node_is_ready
  step "node $NODE_NAME Ready"
}

# Ready, said by this kubelet and not by one that ran before it, and open for pods.
node_is_ready() {
  local node ready='"type":"Ready","status":"True","lastHeartbeatTime":"([^"]*)"'
  node=$(api "/api/v1/nodes/$NODE_NAME?pretty=0")
  [[ $node =~ $ready && ! ${BASH_REMATCH[1]} < ${KUBELET_BEGUN[$NODE_NUMBER]} && $node != *'"taints":'* ]]
}

# node_environment: the lines of cluster.env that a node adds; those of the second node end in _2.
node_environment() {
  local key=${NODE_SUFFIX/-/_}
  cat <<ENV
NODE_NAME$key=$NODE_NAME
NODE_PID$key=$(node_pid)
CONTAINERD_PID$key=$(pid_of "containerd$NODE_SUFFIX")
KUBELET_PID$key=$(pid_of "kubelet$NODE_SUFFIX")
KUBELET_PORT$key=$KUBELET_PORT
KUBELET_ROOT$key=$KUBELET_ROOT
KUBELET_ROOT_OUTSIDE$key=$NODE_STATE/kubelet
CONTAINERD_SOCKET$key=$NODE_STATE/containerd/run/containerd.sock
BRIDGE$key=$BRIDGE
POD_NETWORK$key=$POD_NETWORK
CGROUP_ROOT$key=$CGROUP_ROOT
ENV
}

# stop_node: process 1 takes all of its namespace with it.
stop_node() {
  local pid
  if pid=$(node_pid); then
    kill -KILL "$pid"
    wait_gone "node$NODE_SUFFIX" "$KILL_WAIT_S" || die "could not end the node (pid $pid): it survived SIGKILL for $KILL_WAIT_S s"
  fi
  clean_node
  step "node $NODE_NAME ended"
}

# clean_node: removes what a node that is gone has left on the machine.
clean_node() {
  local record
  for record in kubelet containerd node-parent; do stop "$record$NODE_SUFFIX"; done
  rm -f "$STATE"/run/{node,node.starting,namespaces}"$NODE_SUFFIX"
  [[ -e $STATE/run/with-node$NODE_SUFFIX ]] || return 0
  detach_loop_devices
  ! ip link show "$BRIDGE" >/dev/null 2>&1 || ip link delete "$BRIDGE"
  remove_chains
  remove_cgroups
  restore_sysctls
  rm -f "$STATE/run/with-node$NODE_SUFFIX"
}

# --- loop devices ----------------------------------------------------------------------------------------------------

# own_loop_devices: prints those whose backing file lies in the node's folders. By inode, too: inside the node the file had
# another path, and the kernel shows the path of a mount that is gone in its own way. Before them come those with which
# kubelet holds raw block volumes: loop devices on these loop devices.
own_loop_devices() {
  local device inode file own=()
  while read -r device inode file; do
    if [[ $file == "$NODE_STATE"/@(kubelet|containerd)/* ]] || holds_inode "$inode" "$device"; then own+=("$device"); fi
  done < <(losetup --list --noheadings --output NAME,BACK-INO,BACK-FILE 2>/dev/null)
  for device in "${own[@]}"; do loop_devices_on "$device"; done
  ((!${#own[@]})) || printf '%s\n' "${own[@]}"
}

# loop_devices_on DEVICE
loop_devices_on() {
  local device inode numbers wanted
  wanted=$(stat --format=%i "$1")
  while read -r device inode numbers; do
    [[ $inode != "$wanted" || $numbers != "$(mountpoint -d /dev)" ]] || echo "$device"
  done < <(losetup --list --noheadings --output NAME,BACK-INO,BACK-MAJ:MIN 2>/dev/null)
}

# holds_inode INODE DEVICE
holds_inode() {
  local numbers
  numbers=$(losetup --list --noheadings --output BACK-MAJ:MIN "$2" 2>/dev/null | tr -d ' ')
  [[ $numbers == "$(mountpoint -d "$(df --output=target "$STATE" | tail -n 1)")" ]] &&
    [[ -n $(find "$NODE_STATE/kubelet" "$NODE_STATE/containerd" -xdev -type f -inum "$1" -print -quit 2>/dev/null) ]]
}

detach_loop_devices() {
  local device
  for device in $(own_loop_devices); do losetup --detach "$device" 2>/dev/null || true; done
}

# --- network ---------------------------------------------------------------------------------------------------------

# own_rules: the nat rules that portmap made for pods of this cluster; and its entry rules when no pod of another network
# uses them.
own_rules() {
  local rules
  rules=$(iptables-save -t nat 2>/dev/null || true)
  grep -F "name: \\\"$CNI_NETWORK\\\"" <<<"$rules" || true
  others_map_ports "$rules" || grep -- '^-A .* -j CNI-HOSTPORT-' <<<"$rules" || true
}

# own_chains: the chains that these rules are in or jump to.
own_chains() {
  local rules
  rules=$(iptables-save -t nat 2>/dev/null || true)
  grep -F "name: \\\"$CNI_NETWORK\\\"" <<<"$rules" | sed -n 's/.* -j \(CNI-DN-[^ ]*\).*/\1/p' | sort -u || true
  others_map_ports "$rules" || sed -n 's/^:\(CNI-HOSTPORT-[^ ]*\) .*/\1/p' <<<"$rules"
}

# others_map_ports RULES: does a pod of another network have a host port?
others_map_ports() {
  grep '^-A CNI-HOSTPORT-DNAT ' <<<"$1" | grep -qvF "name: \\\"$CNI_NETWORK\\\""
}

remove_chains() {
  local rules chains
  mapfile -t rules < <(own_rules)
  mapfile -t chains < <(own_chains)
  ((${#rules[@]} + ${#chains[@]})) || return 0
  {
    echo '*nat'
    ((!${#rules[@]})) || printf '%s\n' "${rules[@]/#-A /-D }"
    ((!${#chains[@]})) || { printf -- '-F %s\n' "${chains[@]}" && printf -- '-X %s\n' "${chains[@]}"; }
    echo COMMIT
  } | iptables-restore --noflush --wait=10
}

# --- cgroups ---------------------------------------------------------------------------------------------------------

# cgroup_hierarchies: one mount with cgroup v2, one per controller with v1.
cgroup_hierarchies() {
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    echo /sys/fs/cgroup
  else
    for hierarchy in /sys/fs/cgroup/*/cgroup.procs; do dirname "$hierarchy"; done
  fi
}

# cgroup_folders: every cgroup of the cluster, inner ones first.
cgroup_folders() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do
    [[ ! -d $hierarchy$CGROUP_ROOT ]] || find "$hierarchy$CGROUP_ROOT" -depth -type d
  done
}

# kubelet refuses a root that does not exist in every hierarchy.
make_cgroups() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do mkdir -p "$hierarchy$CGROUP_ROOT"; done
}

# remove_cgroups: they can go when the last process in them is gone, which takes the kernel a moment.
remove_cgroups() {
  local deadline=$((SECONDS + CGROUP_WAIT_S)) cgroup
  while [[ -n $(cgroup_folders) ]] && ((SECONDS < deadline)); do
    for cgroup in $(cgroup_folders); do rmdir "$cgroup" 2>/dev/null || true; done
    [[ -z $(cgroup_folders) ]] || sleep 0.1
  done
}

# --- kernel settings -------------------------------------------------------------------------------------------------

# kubelet and the bridge plugin change these for the whole machine. The first node remembers them, the last one to end
# restores them.
SYSCTLS=(vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys
  kernel/keys/root_maxbytes net/ipv4/ip_forward)
SHARED=/run/csi4j-cluster

remember_sysctls() {
  local boot name lock
  mkdir -p "$SHARED/nodes"
  exec {lock}>"$SHARED/lock"
  flock "$lock"
  boot=$(</proc/sys/kernel/random/boot_id)
  if [[ $(head -n 1 "$SHARED/sysctls" 2>/dev/null) != "$boot" ]]; then
    {
      echo "$boot"
      for name in "${SYSCTLS[@]}"; do echo "$name $(<"/proc/sys/$name")"; done
    } >"$SHARED/sysctls.new"
    mv "$SHARED/sysctls.new" "$SHARED/sysctls"
  fi
  echo "$STATE" >"$SHARED/nodes/$INDEX$NODE_SUFFIX"
  exec {lock}>&-
}

restore_sysctls() {
  local name value lock
  [[ -d $SHARED ]] || return 0
  exec {lock}>"$SHARED/lock"
  flock "$lock"
  rm -f "$SHARED/nodes/$INDEX$NODE_SUFFIX"
  if [[ -e $SHARED/sysctls ]] && ! other_nodes; then
    tail -n +2 "$SHARED/sysctls" | while read -r name value; do
      [[ $(<"/proc/sys/$name") == "$value" ]] || echo "$value" >"/proc/sys/$name"
    done
    rm -rf "$SHARED"
  fi
  exec {lock}>&-
}

# other_nodes: does another node run, of this cluster or another?
other_nodes() {
  local file record
  for file in "$SHARED"/nodes/*; do
    [[ -e $file ]] || continue
    for record in "$(<"$file")"/run/{node,node-[2-9]}; do
      ! recorded_pid "$record" >/dev/null || return 0
    done
  done
  return 1
}
