# shellcheck shell=bash
# Long-running programs of a cluster. A record is a line `boot-id pid start-time command-hash` in $STATE/run/PROGRAM; a
# program is ours only while all of boot, pid and start time hold, so a recycled pid is never taken for it.

# The API server waits for its watchers when it is asked to end; nobody here needs that.
TERM_WAIT_S=5
KILL_WAIT_S=20
# Of the kernel's include/linux/sched.h and of /proc/PID/status.
PF_EXITING=0x4
SIGKILL_BIT=0x100

PROGRAM_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# start_time PID: clock ticks since boot at which it was started; fails when there is no such process or it is a zombie.
start_time() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  stat=${stat##*) }
  [[ $stat != [ZX]* ]] || return 1
  # shellcheck disable=SC2086 # a list of numbers
  set -- $stat
  echo "${20}"
}

# record PROGRAM PID COMMAND_HASH
record() {
  local begun
  begun=$(start_time "$2") || return 1
  printf '%s %s %s %s\n' "$(</proc/sys/kernel/random/boot_id)" "$2" "$begun" "$3" >"$STATE/run/.$1"
  mv "$STATE/run/.$1" "$STATE/run/$1"
}

# pid_of PROGRAM: prints the pid of the recorded program; fails when it is not running.
pid_of() { recorded_pid "$STATE/run/$1"; }

# recorded_pid FILE
recorded_pid() {
  local boot pid begun
  [[ -s $1 ]] || return 1
  read -r boot pid begun _ <"$1" || return 1
  [[ $boot == "$(</proc/sys/kernel/random/boot_id)" && $begun == "$(start_time "$pid")" ]] || return 1
  echo "$pid"
}

# await_ending PROGRAM: when it has been killed but has not gone yet, waits until it has. Process 1 of the node goes only
# after all of its namespace, which takes a moment in which it still looks alive.
await_ending() {
  local pid
  ! pid=$(pid_of "$1") || ! is_ending "$pid" || wait_gone "$1" "$KILL_WAIT_S" || die "$1 (pid $pid) does not end"
}

# is_ending PID: is it on its way out, or has it a SIGKILL pending?
is_ending() {
  local stat pending
  { stat=$(<"/proc/$1/stat") && pending=$(awk '/^(SigPnd|ShdPnd):/ { print $2 }' "/proc/$1/status"); } 2>/dev/null || return 0
  stat=${stat##*) }
  # shellcheck disable=SC2086 # a list of numbers
  set -- $stat
  ! (($7 & PF_EXITING)) || return 0
  for stat in $pending; do
    ! ((0x$stat & SIGKILL_BIT)) || return 0
  done
  return 1
}

# ensure PROGRAM COMMAND...: leaves it alone when it is running with this very command, else (re)starts it.
# Sets STARTED=1 when it had to start something.
ensure() {
  local program=$1 hash running='' pid
  shift
  hash=$(printf '%s\n' "$@" | sha256sum)
  hash=${hash:0:16}
  await_ending "$program"
  if pid_of "$program" >/dev/null; then
    read -r _ _ _ running <"$STATE/run/$program"
    [[ $running != "$hash" ]] || return 0
    step "$program has other flags now: restarting it"
    stop "$program"
  fi
  STARTED=1
  # It records itself before it becomes the program, so nothing runs unrecorded when this command is killed here. A session
  # of its own keeps a terminal's Ctrl-C away from it, a clean environment keeps proxies and the like away.
  (
    record "$program" "$BASHPID" "$hash"
    exec setsid env -i HOME="$HOME" PATH="$STATE/bin:$PROGRAM_PATH" "$@"
  ) >>"$LOGS/$program.log" 2>&1 </dev/null 9>&- &
  pid=$!
  until [[ $(pid_of "$program") == "$pid" ]]; do
    start_time "$pid" >/dev/null || die "$program ended at once; $(log_tail "$program")"
    sleep 0.01
  done
}

# stop PROGRAM: SIGTERM, and SIGKILL after a while. Returns when it is gone.
stop() {
  local pid
  if pid=$(pid_of "$1"); then
    kill -TERM "$pid" 2>/dev/null || true
    wait_gone "$1" "$TERM_WAIT_S" || {
      kill -KILL "$pid" 2>/dev/null || true
      wait_gone "$1" "$KILL_WAIT_S" || die "could not end $1 (pid $pid): it survived SIGKILL for $KILL_WAIT_S s"
    }
  fi
  rm -f "$STATE/run/$1"
}

# wait_gone PROGRAM SECONDS
wait_gone() {
  local deadline=$((SECONDS + $2))
  while pid_of "$1" >/dev/null; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# await PROGRAM SECONDS WHAT COMMAND...: polls COMMAND until it succeeds, while PROGRAM lives.
await() {
  local program=$1 seconds=$2 what=$3 deadline=$((SECONDS + $2))
  shift 3
  until "$@" >/dev/null 2>&1; do
    pid_of "$program" >/dev/null || die "$program ended before $what; $(log_tail "$program")"
    ((SECONDS < deadline)) || die "$what: not within $seconds s; $(log_tail "$program")"
    sleep 0.1
  done
}

log_tail() {
  printf 'last lines of %s:\n' "$LOGS/$1.log"
  tail -n 15 "$LOGS/$1.log" | cut -c1-400
}
