# shellcheck shell=bash
# What every command of this folder stands on: messages, options, and the names, ports and folders of one cluster.

CACHE=${CSI4J_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/csi4j}
COMMAND=${0##*/}

INDEX_MAX=63
FIRST_PORT=26440
PORTS_PER_CLUSTER=10
# Each takes two of these ports.
NODES_MAX=3

die() {
  printf '%s: %s\n' "$COMMAND" "$*" >&2
  exit 1
}

# bad_flag FLAG VALUE ALLOWED
bad_flag() {
  printf '%s: %s: "%s" is not allowed; allowed: %s (see %s --help)\n' "$COMMAND" "$1" "$2" "$3" "$COMMAND" >&2
  exit 2
}

# unknown_argument ARGUMENT ALLOWED
unknown_argument() {
  printf '%s: unknown argument "%s"; allowed: %s (see %s --help)\n' "$COMMAND" "$1" "$2" "$COMMAND" >&2
  exit 2
}

# whole_number TEXT LEAST MOST
whole_number() { [[ $1 =~ ^(0|[1-9][0-9]{0,8})$ ]] && (($1 >= $2 && $1 <= $3)); }

need_root() {
  [[ $EUID == 0 ]] || die "$1 needs root (this is user $(id -un)); --control-plane alone does not"
}

# --- time ------------------------------------------------------------------------------------------------------------

now_us() { printf '%s' "${EPOCHREALTIME//[.,]/}"; }

BEGUN_US=$(now_us)

# seconds_since MICROSECONDS: prints seconds with one decimal.
seconds_since() {
  local tenths=$((($(now_us) - $1 + 50000) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# step TEXT: one line of progress with the time since the command began.
step() { printf '%5s s  %s\n' "$(seconds_since "$BEGUN_US")" "$*"; }

# --- which cluster ---------------------------------------------------------------------------------------------------

CLUSTER_FLAGS='--name=NAME, --state=DIR, --help'
CLUSTER_HELP='  --name=NAME   the cluster; several can live side by side (default: environment CSI4J_CLUSTER, else csi4j)
  --state=DIR   its state folder (default ~/.local/state/csi4j/cluster/NAME; CSI4J_STATE is another ~/.local/state/csi4j)
  --help        this text'

NAME=${CSI4J_CLUSTER:-csi4j}
STATE=
INDEX=

# cluster_option ARGUMENT: takes --name=, --state= and --help (which every command has); returns 1 for anything else.
cluster_option() {
  case $1 in
    --name=*) NAME=${1#*=} ;;
    --state=*) STATE=${1#*=} ;;
    --name | --state) bad_flag "$1" '' "$1=VALUE" ;;
    --help | -h) help; exit 0 ;;
    *) return 1 ;;
  esac
}

# choose_cluster: checks the options and derives everything that is the cluster's own.
choose_cluster() {
  [[ $NAME =~ ^[a-z][a-z0-9-]{0,19}$ ]] ||
    bad_flag --name "$NAME" 'a small letter, then up to 19 small letters, digits or hyphens'
  STATE=${STATE:-${CSI4J_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/csi4j}/cluster/$NAME}
  [[ $STATE =~ ^[A-Za-z0-9/._+@-]+$ ]] ||
    bad_flag --state "$STATE" 'a path of letters, digits and / . _ + @ -'
  STATE=$(realpath -m -- "$STATE")
  # Unix sockets below it (kubelet's plugins) have room for 107 bytes.
  ((${#STATE} <= 60)) || bad_flag --state "$STATE" 'a path of at most 60 characters'
  choose_index
  cluster_names
}

# The index makes ports, pod network and bridge differ. `up` claims one and records it; then it stays with the state folder.
choose_index() {
  [[ -n $INDEX ]] || INDEX=$(cat "$STATE/index" 2>/dev/null || echo 0)
  whole_number "$INDEX" 0 "$INDEX_MAX" || bad_flag --index "$INDEX" "0 to $INDEX_MAX"
}

cluster_names() {
  local first=$((FIRST_PORT + INDEX * PORTS_PER_CLUSTER))
  ETCD_PORT=$((first + 1)) ETCD_PEER_PORT=$((first + 2))
  API_PORT=$((first + 3))
  ETCD_URL=http://127.0.0.1:$ETCD_PORT
  API_URL=https://127.0.0.1:$API_PORT
  ADMIN_KUBECONFIG=$STATE/admin.kubeconfig
  PKI=$STATE/pki
  LOGS=$STATE/log
  KUBELET_ROOT=/var/lib/kubelet
  use_node 1
}

# --- which node ------------------------------------------------------------------------------------------------------

# use_node NUMBER: derives everything that is the node's own. The first node's things have no number, those of others do.
use_node() {
  local first_port=$((API_PORT - 1 + 2 * $1))
  NODE_NUMBER=$1
  NODE_SUFFIX=$(node_suffix "$1")
  NODE_STATE=$STATE${NODE_SUFFIX:+/node$NODE_SUFFIX}
  NODE_NAME=$NAME-node$NODE_SUFFIX
  KUBELET_PORT=$first_port KUBELET_HEALTH_PORT=$((first_port + 1))
  BRIDGE=csi4j$INDEX$NODE_SUFFIX
  CNI_NETWORK=csi4j-cluster-$INDEX$NODE_SUFFIX
  POD_NETWORK=10.$((199 + $1)).$INDEX.0/24
  CGROUP_ROOT=/csi4j-cluster-$INDEX$NODE_SUFFIX
}

node_suffix() { (($1 == 1)) || echo "-$1"; }

# on_nodes NUMBERS COMMAND...: runs it as each of these nodes; afterwards names are the first node's again.
on_nodes() {
  local numbers=$1 number
  shift
  for number in $numbers; do
    use_node "$number"
    "$@"
  done
  use_node 1
}

# started_nodes: the numbers of those that `up` has started and nothing has cleaned away since, dead or alive.
started_nodes() {
  local number
  for number in $(all_nodes); do
    [[ ! -e $STATE/run/with-node$(node_suffix "$number") ]] || echo "$number"
  done
}

all_nodes() { seq "$NODES_MAX"; }

# lock_cluster: one `up` or `down` of a cluster at a time. File descriptor 9 holds the lock; what is started closes it.
lock_cluster() {
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock --nonblock 9 || { echo "waiting for another up or down of cluster $NAME"; flock 9; }
}
