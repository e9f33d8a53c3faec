# shellcheck shell=bash
# Building into the cache. Each result has a lock of its own, so that two builds at once share the work.

C_PROGRAMS=(enter pause)

# c_path PROGRAM: where the static C program lies; lib/PROGRAM.c is its source.
c_path() {
  local hash
  hash=$(sha256sum <"$LIB/$1.c")
  printf '%s/bin/%s-%s-%s\n' "$CACHE" "$1" "$(uname -m)" "${hash:0:10}"
}

# built_path PROGRAM
built_path() {
  if [[ -e $LIB/$1.c ]]; then c_path "$1"; else program_path "$1"; fi
}

# build_programs PROGRAM...: builds what is missing. With VERBOSE=1 it names what was cached, too.
build_programs() {
  local program
  for program; do
    if [[ -x $(built_path "$program") ]]; then
      [[ ${VERBOSE:-0} == 0 ]] || printf ' cached  %s\n' "$program"
    else
      build_locked "$program"
    fi
  done
}

build_locked() {
  local path begun lock
  path=$(built_path "$1")
  mkdir -p "$CACHE"/{bin,build,lock,log}
  exec {lock}>"$CACHE/lock/${path##*/}"
  flock "$lock"
  begun=$(now_us)
  if [[ -x $path ]]; then
    step "$1 built by another process"
  else
    need_compiler "$1"
    build_one "$1" "$path" >"$CACHE/log/$1.log" 2>&1 || die "could not build $1; last lines of $CACHE/log/$1.log:
$(tail -n 12 "$CACHE/log/$1.log" | cut -c1-400)"
    printf '%5s s  %s built\n' "$(seconds_since "$begun")" "$1"
  fi
  exec {lock}>&-
}

need_compiler() {
  if [[ -e $LIB/$1.c ]]; then
    command -v gcc >/dev/null || die "building $1 needs gcc, which is not on the PATH"
  else
    command -v go >/dev/null || die "building $1 needs Go 1.26 or newer, which is not on the PATH"
  fi
}

# build_one PROGRAM PATH: the result gets its name only when it is complete. (`set -e` is off where a caller says `||`.)
build_one() {
  local out=$2.$BASHPID
  if [[ -e $LIB/$1.c ]]; then
    gcc -static -O2 -Wall -Wextra -Werror -o "$out" "$LIB/$1.c" && mv "$out" "$2"
  else
    (go_build "$1" "$out") && mv "$out" "$2"
  fi
}
