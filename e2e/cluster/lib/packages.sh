# shellcheck shell=bash
# Debian packages. Only what is missing is installed; on other systems the same programs must be there already.

CONTROL_PLANE_PACKAGES=(curl iproute2 openssl)
NODE_PACKAGES=(btrfs-progs busybox-static conntrack e2fsprogs ethtool gcc iptables libc6-dev runc socat util-linux xfsprogs)

# install_packages PACKAGE...
install_packages() {
  local package missing=() log=$LOGS/packages.log
  command -v dpkg-query >/dev/null || return 0
  for package; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  [[ $EUID == 0 ]] || die "these Debian packages are missing and only root can install them: ${missing[*]}"
  {
    apt-get update &&
      DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 9>&- </dev/null || die "could not install ${missing[*]}; last lines of $log:
$(tail -n 8 "$log")"
  step "packages installed: ${missing[*]}"
}
