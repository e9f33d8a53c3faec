# shellcheck shell=bash
# Sourced by ./mvnw and ./csi4j: sets JAVA_HOME to a JDK 25 or newer, or ends with one line that says what to install.

jdk_major() { # prints the feature release of the JDK in folder $1, nothing if there is none
  [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

is_new_enough() {
  case "$(jdk_major "$1")" in
    '' | [0-9] | 1[0-9] | 2[0-4]) return 1 ;;
  esac
}

find_jdk() {
  local on_path candidate
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*25* /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /opt/*jdk*; do
    if [ -n "$candidate" ] && is_new_enough "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "$(basename "$0"): needs a JDK 25 or newer and found none in JAVA_HOME, on the PATH or below /usr/lib/jvm: install one (for example Temurin 25) or set JAVA_HOME" >&2
  exit 1
}

find_jdk
