# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What every script of ours needs to know of the machine it runs on. Only shell builtins: no process is
# started, so a probe of a thousand operations stays cheap.

# first_line FILE: its first line in $line; empty when there is none.
first_line() {
  line=
  if [ -f "$1" ]; then
    { IFS= read -r line <"$1"; } 2>/dev/null
  fi
  return 0
}

# now: seconds since boot, in $uptime; empty where there is no /proc.
now() {
  first_line /proc/uptime
  uptime=${line%% *}
}

# this_machine: $machine and $boot, each "-" when the system does not say, and $node, its name: machines
# set up from one image share a machine id.
this_machine() {
  first_line /etc/machine-id
  machine=${line%% *}
  if [ -z "$machine" ]; then
    first_line /var/lib/dbus/machine-id
    machine=${line%% *}
  fi
  if [ -z "$machine" ]; then
    machine=$(uname -n)
  fi
  first_line /proc/sys/kernel/random/boot_id
  boot=${line%% *}
  first_line /proc/sys/kernel/hostname
  node=$line
  machine=${machine:--}
  boot=${boot:--}
}

# proc_stat PID: $state, $pgrp and $ticks (start time, field 22) of a process; $state is empty when there
# is no such process. A command name may hold blanks, newlines and ")": fields count after the last ")".
proc_stat() {
  state=
  pgrp=
  ticks=
  [ -r "/proc/$1/stat" ] || return 0
  stat=
  { while IFS= read -r line; do stat="$stat $line"; done <"/proc/$1/stat"; } 2>/dev/null
  case $stat in
    *') '*) ;;
    *) return 0 ;;
  esac
  set -f
  # shellcheck disable=SC2086 # split on purpose
  set -- ${stat##*) }
  set +f
  [ $# -ge 20 ] || return 0
  state=$1
  pgrp=$3
  ticks=${20}
}

# is_alive: the process that proc_stat saw runs (or sleeps, or is suspended). Zombies are dead.
is_alive() {
  case $state in
    '' | Z | X | x) return 1 ;;
    *) return 0 ;;
  esac
}

# elsewhere RUN_DIRECTORY: it was started on a machine of another name (the home directory is shared).
elsewhere() {
  first_line "$1/claim/node"
  [ -n "$line" ] && [ "$line" != "$node" ]
}
