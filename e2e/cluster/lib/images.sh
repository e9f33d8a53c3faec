# shellcheck shell=bash
# Container images without a registry and without an engine: a docker-archive is a tar file of a manifest, a config and
# one layer. Nothing in it depends on the time, so the same content gives the same bytes.

PAUSE_IMAGE=registry.k8s.io/pause:3.10.1
IMAGES=(pause busybox)
EXTRA_IMAGES=(agnhost glibc)

# describe_image IMAGE: sets image_tags, image_binary (what it is made of), image_entrypoint and image_command (JSON).
describe_image() {
  image_entrypoint=null image_command=null
  case $1 in
    pause)
      image_tags=("$PAUSE_IMAGE" registry.k8s.io/pause:3.10.2) image_binary=$(c_path pause)
      image_entrypoint='["/pause"]' ;;
    busybox)
      # Kubernetes' own name, which its tests use, that of an image which they use for its shell, and one for people.
      image_tags=(registry.k8s.io/e2e-test-images/{busybox:1.37.0-1,nginx:1.15-4} docker.io/library/busybox:1.37)
      image_binary=$(busybox_path) image_command='["sh"]' ;;
    agnhost)
      image_tags=(registry.k8s.io/e2e-test-images/agnhost:2.63.0) image_binary=$(program_path agnhost)
      image_entrypoint='["/agnhost"]' image_command='["pause"]' ;;
    glibc)
      # Of that image the storage suite uses a dd that knows oflag=nocache.
      image_tags=(registry.k8s.io/e2e-test-images/glibc-dns-testing:2.0.0) image_binary=$(readlink -f "$(command -v dd)")
      image_command='["sh"]' ;;
    *) return 1 ;;
  esac
}

busybox_path() {
  command -v busybox >/dev/null || die 'busybox is missing: install the Debian package busybox-static'
  readlink -f "$(command -v busybox)"
}

# image_path IMAGE: where its archive lies; it need not exist yet.
image_path() {
  local hash
  describe_image "$1"
  hash=$({ sha256sum <"$image_binary"; printf '%s\n' "${image_tags[@]}"; cat "$LIB/images.sh"; } | sha256sum)
  printf '%s/images/%s-%s.tar\n' "$CACHE" "$1" "${hash:0:10}"
}

# build_images IMAGE...
build_images() {
  local image path lock
  for image; do
    [[ $image != agnhost ]] || build_programs agnhost
    path=$(image_path "$image")
    [[ ! -e $path ]] || continue
    mkdir -p "$CACHE"/{images,lock}
    exec {lock}>"$CACHE/lock/${path##*/}"
    flock "$lock"
    [[ -e $path ]] || build_image "$image" "$path"
    exec {lock}>&-
  done
}

build_image() {
  local folder
  describe_image "$1"
  folder=$(mktemp -d "$CACHE/images/.$1.XXXXXX")
  mkdir "$folder/root"
  fill_image "$1" "$folder/root"
  pack_layer "$folder/root" "$folder/layer.tar"
  image_config "$(sha256sum <"$folder/layer.tar")" >"$folder/config.json"
  image_manifest >"$folder/manifest.json"
  tar --create --file "$2.$BASHPID" --directory "$folder" manifest.json config.json layer.tar
  rm -rf "$folder"
  mv "$2.$BASHPID" "$2"
  step "image $1 built"
}

# fill_image IMAGE ROOT
fill_image() {
  [[ $1 != pause && $1 != agnhost ]] || install -m 755 "$image_binary" "$2/$1"
  [[ $1 == pause ]] || fill_busybox "$2"
  [[ $1 != glibc ]] || fill_glibc "$2"
}

# This machine's own dd, with the libraries that it is linked to; and its shell, since that of busybox would take its own dd.
fill_glibc() {
  local program library
  rm "$1"/bin/{dd,sh}
  install -m 755 "$image_binary" "$1/bin/dd"
  install -m 755 "$(readlink -f /bin/sh)" "$1/bin/sh"
  for program in dd sh; do
    for library in $(ldd "$1/bin/$program" | grep -o '/[^ ]*'); do install -D -m 755 "$library" "$1$library"; done
  done
}

# One link per applet. The list has busybox itself in it, which must stay the program.
fill_busybox() {
  local busybox applet
  busybox=$(busybox_path)
  mkdir -p "$1"/{bin,dev,etc,home,proc,root,sys,usr,var}
  mkdir -m 1777 "$1/tmp"
  ln -s ../bin "$1/usr/bin"
  ln -s bin "$1/sbin"
  install -m 755 "$busybox" "$1/bin/busybox"
  for applet in $("$busybox" --list); do
    [[ $applet == busybox ]] || ln -s busybox "$1/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$1/etc/group"
}

# pack_layer ROOT FILE
pack_layer() {
  tar --create --file "$2" --directory "$1" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 .
}

# image_config LAYER_SHA256
image_config() {
  local architecture
  architecture=$(uname -m)
  case $architecture in x86_64) architecture=amd64 ;; aarch64) architecture=arm64 ;; esac
  cat <<JSON
{
  "created": "1970-01-01T00:00:00Z", "architecture": "$architecture", "os": "linux",
  "config": {
    "Env": ["PATH=/usr/local/bin:/usr/bin:/bin:/sbin"], "Entrypoint": $image_entrypoint, "Cmd": $image_command
  },
  "rootfs": {"type": "layers", "diff_ids": ["sha256:${1%% *}"]}
}
JSON
}

image_manifest() {
  local tags
  tags=$(printf '"%s", ' "${image_tags[@]}")
  printf '[{"Config": "config.json", "RepoTags": [%s], "Layers": ["layer.tar"]}]\n' "${tags%, }"
}

# load_archive FILE: imports it into the node's containerd.
load_archive() {
  "$(program_path ctr)" --address "$NODE_STATE/containerd/run/containerd.sock" --namespace k8s.io images import "$1" >>"$LOGS/images.log" 2>&1 ||
    die "could not import $1; $(log_tail images)"
}

# load_images IMAGE...: imports those that this containerd has not got yet.
load_images() {
  local image path marker
  mkdir -p "$NODE_STATE/containerd/loaded"
  for image; do
    path=$(image_path "$image")
    marker=$NODE_STATE/containerd/loaded/${path##*/}
    [[ ! -e $marker ]] || continue
    load_archive "$path"
    touch "$marker"
    step "image $image loaded into $NODE_NAME"
  done
}
