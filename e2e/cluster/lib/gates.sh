# shellcheck shell=bash
# Feature gates and API groups that `up` switches by flag. Kubernetes' programs do not start with a gate or a group that they do
# not know, and tell only their logs: hence the checks before.

FEATURE_GATES=
RUNTIME_CONFIG=

# check_switches FLAG VALUE NAME EXAMPLE: NAME is what a name looks like.
check_switches() {
  [[ $2 =~ ^$3=(true|false)(,$3=(true|false))*$ ]] || bad_flag "$1" "$2" "NAME=true or NAME=false, several with commas, such as $4"
}

# known_gates PROGRAM: the alpha and beta gates that it can switch, by its own help.
known_gates() {
  "$(control_plane_program "$1")" --help 2>&1 | sed -n 's/^.*[ :]\([A-Za-z0-9]*\)=true|false (\(ALPHA\|BETA\|DEPRECATED\).*/\1/p'
}

# gates_of PROGRAM: --feature-gates with those that were asked for and that it knows; nothing when there are none.
gates_of() {
  local known gate gates=
  [[ -n $FEATURE_GATES ]] || return 0
  known=" $(known_gates "$1" | paste -sd' ') "
  for gate in ${FEATURE_GATES//,/ }; do
    [[ $known != *" ${gate%=*} "* ]] || gates+=,$gate
  done
  [[ -z $gates ]] || echo "--feature-gates=${gates#,}"
}

# check_gates: some program must know each of them.
check_gates() {
  local known gate program
  [[ -n $FEATURE_GATES ]] || return 0
  known=" $(for program in kube-apiserver kube-controller-manager kube-scheduler kubelet; do known_gates "$program"; done | paste -sd' ') "
  for gate in ${FEATURE_GATES//,/ }; do
    [[ $known == *" ${gate%=*} "* ]] ||
      bad_flag --feature-gates "$gate" "alpha and beta gates of Kubernetes $KUBERNETES; \`$(control_plane_program kube-apiserver) --help\` lists them"
  done
}

# check_groups: the API server complains of groups that it does not know before it looks at anything else.
check_groups() {
  local folder said
  [[ -n $RUNTIME_CONFIG ]] || return 0
  folder=$(mktemp -d)
  said=$("$(control_plane_program kube-apiserver)" --runtime-config="$RUNTIME_CONFIG" --cert-dir="$folder" 2>&1 || true)
  rm -rf "$folder"
  [[ ! $said =~ unknown\ api\ groups\ ([a-z0-9./-]+) ]] ||
    bad_flag --runtime-config "${BASH_REMATCH[1]}" "groups of Kubernetes $KUBERNETES; \`kubectl api-versions\` lists those that are on"
}
