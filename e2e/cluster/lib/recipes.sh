# shellcheck shell=bash
# Which program is built from what. A program's file name in the cache carries its version and a hash of its recipe,
# so that a change of version, flags or dependencies builds anew and nothing else does.

KUBERNETES=v1.36.1
ETCD=v3.7.3
CONTAINERD=v2.2.9
CNI_PLUGINS=v1.9.1
CSI_TEST=v5.6.0
HELM=v3.19.5

CONTROL_PLANE_PROGRAMS=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl)
CNI_PROGRAMS=(bridge loopback host-local portmap)
NODE_PROGRAMS=(kubelet containerd containerd-shim-runc-v2 ctr "${CNI_PROGRAMS[@]}")
EXTRA_PROGRAMS=(csi-sanity agnhost kube-proxy helm)

# recipe PROGRAM: sets the recipe_* variables, or returns 1 when there is no such program.
recipe() {
  recipe_tags='' recipe_ldflags='-s -w' recipe_requires=()
  case $1 in
    etcd) recipe_of go.etcd.io/etcd/server/v3 "$ETCD" go.etcd.io/etcd/server/v3 ;;
    kube-apiserver | kube-controller-manager | kube-scheduler | kubelet | kubectl | kube-proxy)
      recipe_of_kubernetes "cmd/$1" ;;
    agnhost) recipe_of_kubernetes test/images/agnhost ;;
    containerd | containerd-shim-runc-v2 | ctr)
      recipe_of github.com/containerd/containerd/v2 "$CONTAINERD" "github.com/containerd/containerd/v2/cmd/$1"
      # The versions that its go.mod asks for are not on every module proxy; these are, and are newer.
      recipe_requires=('github.com/cilium/ebpf v0.17.3'
        'go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp v1.40.0')
      recipe_ldflags+=" -X github.com/containerd/containerd/v2/version.Version=$CONTAINERD" ;;
    bridge | loopback) recipe_of_cni "main/$1" ;;
    host-local) recipe_of_cni "ipam/$1" ;;
    portmap) recipe_of_cni "meta/$1" ;;
    csi-sanity)
      recipe_of github.com/kubernetes-csi/csi-test/v5 "$CSI_TEST" github.com/kubernetes-csi/csi-test/v5/cmd/csi-sanity ;;
    helm)
      recipe_of helm.sh/helm/v3 "$HELM" helm.sh/helm/v3/cmd/helm
      recipe_ldflags+=" -X helm.sh/helm/v3/internal/version.version=$HELM" ;;
    *) return 1 ;;
  esac
}

recipe_of() { recipe_module=$1 recipe_version=$2 recipe_package=$3; }

recipe_of_cni() {
  recipe_of github.com/containernetworking/plugins "$CNI_PLUGINS" "github.com/containernetworking/plugins/plugins/$1"
}

recipe_of_kubernetes() {
  recipe_of k8s.io/kubernetes "$KUBERNETES" "k8s.io/kubernetes/$1"
  # etcd 3.6.8, which its go.mod asks for, is not on every module proxy.
  recipe_requires=('go.etcd.io/etcd/api/v3 v3.6.10' 'go.etcd.io/etcd/client/pkg/v3 v3.6.10'
    'go.etcd.io/etcd/client/v3 v3.6.10')
  local major minor variable=k8s.io/component-base/version
  IFS=. read -r major minor _ <<<"${KUBERNETES#v}"
  # Without these it reports v0.0.0-master, and clients that look at the server's version go wrong.
  recipe_ldflags+=" -X $variable.gitVersion=$KUBERNETES -X $variable.gitMajor=$major -X $variable.gitMinor=$minor"
}

# program_path PROGRAM: where the built program lies; it need not exist yet.
program_path() {
  recipe "$1"
  local hash
  hash=$(printf '%s\n' "$recipe_module" "$recipe_package" "$recipe_tags" "$recipe_ldflags" \
    "${recipe_requires[@]}" "$(declare -f write_go_mod kubernetes_directives go_build)" | sha256sum)
  printf '%s/bin/%s-%s-%s\n' "$CACHE" "$1" "$recipe_version" "${hash:0:10}"
}

# write_go_mod FILE: a module of its own per program. `go install package@version` would ask the proxy for sub-paths
# that some proxies refuse, and ignores replace directives, without which Kubernetes does not build.
write_go_mod() {
  local line
  {
    printf 'module csi4j.io/e2e/cluster/program\n\ngo 1.26.0\n\nrequire %s %s\n' "$recipe_module" "$recipe_version"
    for line in "${recipe_requires[@]}"; do printf 'require %s\n' "$line"; done
    [[ $recipe_module != k8s.io/kubernetes ]] || kubernetes_directives
  } >"$1"
}

# Kubernetes' staging modules are published with version v0.<minor>.<patch>; its go.mod points to its own folders, which
# are not part of the published module.
kubernetes_directives() {
  local upstream staging_version=v0.${KUBERNETES#v1.}
  upstream=$(GOWORK=off GOFLAGS=-mod=mod go mod download -json "k8s.io/kubernetes@$KUBERNETES" |
    sed -n 's/^[[:space:]]*"GoMod": "\(.*\)".*/\1/p')
  sed -n '/^godebug /p' "$upstream"
  sed -n "s|^[[:space:]]*\(k8s.io/[a-z0-9-]*\) => \./staging/.*|replace \1 => \1 $staging_version|p" "$upstream"
}

# go_build PROGRAM OUT: builds in a folder of its own. Static (no cgo), so that the result runs in any root file system.
# Never `go mod tidy`: it wants the dependencies of other modules' tests, which some proxies do not have.
go_build() {
  local folder=$CACHE/build/$1
  recipe "$1"
  rm -rf "$folder" && mkdir -p "$folder" && write_go_mod "$folder/go.mod" && cd "$folder" &&
    GOWORK=off GOFLAGS='-mod=mod -buildvcs=false' CGO_ENABLED=0 \
      nice -n 10 go build -trimpath -tags "$recipe_tags" -ldflags "$recipe_ldflags" -o "$2" "$recipe_package"
}
