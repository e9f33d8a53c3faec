# shellcheck shell=bash
# What a cluster left on the machine. Each function prints one line per thing; nothing printed means nothing left.

CONTROL_PLANE_RECORDS=(etcd kube-apiserver kube-controller-manager kube-scheduler)
NODE_RECORDS=(node node-parent containerd kubelet)

leftovers() {
  left_programs "${CONTROL_PLANE_RECORDS[@]}"
  on_nodes "$(all_nodes)" left_of_node
  [[ $EUID != 0 ]] || left_mounts
}

# left_programs RECORD...
left_programs() {
  local program pid
  for program; do
    ! pid=$(pid_of "$program") || echo "process $pid ($program)"
  done
}

left_of_node() {
  left_programs "${NODE_RECORDS[@]/%/$NODE_SUFFIX}"
  [[ $EUID == 0 ]] || return 0
  left_processes
  left_loop_devices
  left_network
  left_cgroups
}

# Processes in the node's cgroups or namespaces, whatever their parent.
left_processes() {
  local process cgroup
  while read -r cgroup; do
    while read -r process; do echo "process $process in cgroup $cgroup"; done < <(sort -u "$cgroup"/cgroup.procs 2>/dev/null)
  done < <(cgroup_folders)
  [[ -s $STATE/run/namespaces$NODE_SUFFIX ]] || return 0
  for process in /proc/[0-9]*; do
    ! grep -qxF -e "$(readlink "$process/ns/mnt" 2>/dev/null)" -e "$(readlink "$process/ns/pid" 2>/dev/null)" \
      "$STATE/run/namespaces$NODE_SUFFIX" || echo "process ${process#/proc/} in namespaces of $NODE_NAME: $(tr '\0' ' ' 2>/dev/null <"$process/cmdline" | cut -c1-80)"
  done
}

left_mounts() {
  awk -v state="$STATE/" 'index($5 "/", state) == 1 { print "mount " $5 }' /proc/self/mountinfo
}

left_loop_devices() {
  local device
  while read -r device; do echo "loop device $device"; done < <(own_loop_devices)
}

left_network() {
  local chain
  ! ip link show "$BRIDGE" >/dev/null 2>&1 || echo "bridge $BRIDGE"
  ip -o link show type veth 2>/dev/null | awk -v bridge="$BRIDGE" '
    { for (i = 1; i < NF; i++) if ($i == "master" && $(i + 1) == bridge) print "interface " $2 " of bridge " bridge }'
  while read -r chain; do echo "iptables chain $chain"; done < <(own_chains)
}

left_cgroups() {
  local cgroup
  while read -r cgroup; do echo "cgroup $cgroup"; done < <(cgroup_folders)
}
