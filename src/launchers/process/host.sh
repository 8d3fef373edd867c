# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What every script of ours needs to know of the machine it runs on. Where there is a /proc, only shell
# builtins: no process is started, so a look at a thousand operations stays cheap.

proc=/proc

# How processes are looked up: in /proc; where there is none (macOS, BSD) by ps; empty: not at all.
eyes=
if [ -r "$proc/self/stat" ]; then
  eyes=proc
elif [ -n "$(ps -o lstart= -p $$ 2>/dev/null)" ]; then
  eyes='ps'
fi

# first_line FILE: its first line in $line; empty when there is none.
first_line() {
  line=
  if [ -f "$1" ]; then
    { IFS= read -r line <"$1"; } 2>/dev/null
  fi
  return 0
}

# now: seconds since boot, in $uptime; seconds on the host's clock where ps gives start times on it; empty
# where processes cannot be looked up.
now() {
  first_line "$proc/uptime"
  uptime=${line%% *}
  if [ "$eyes" = ps ]; then uptime=$(date +%s); fi
  if [ "$behind" -gt 0 ]; then uptime=$((${uptime%%.*} + behind)).${uptime#*.}; fi
}
behind=0

# hardware: a name for this machine where it keeps no machine id: FreeBSD's, macOS's, or what it is called.
hardware() {
  sysctl -n kern.hostuuid 2>/dev/null && return
  ioreg -rd1 -c IOPlatformExpertDevice 2>/dev/null |
    awk -F '"' '/IOPlatformUUID/ { print $4; found = 1 } END { exit !found }' 2>/dev/null && return
  uname -n
}

# boot_session: a word that changes with each boot and at no other time. kern.boottime will not do: it moves
# when the clock is set, which would look like a restart. Without one, pid and start time, which ps gives
# with its date, have to tell: a process of an earlier boot has other ones.
boot_session() {
  sysctl -n kern.bootsessionuuid 2>/dev/null || echo any-boot
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
    : "${hardware:=$(hardware)}"
    machine=${hardware%% *}
  fi
  first_line "$proc/sys/kernel/random/boot_id"
  boot=${line%% *}
  first_line "$proc/sys/kernel/hostname"
  node=$line
  if [ "$eyes" = ps ]; then
    : "${session:=$(boot_session)}" "${name:=$(uname -n)}"
    boot=${session%% *}
    node=$name
  fi
  machine=${machine:--}
  boot=${boot:--}
}

# proc_stat PID: $state, $pgrp and $ticks (start time, field 22) of a process; $state is empty when there
# is no such process. A command name may hold blanks, newlines and ")": fields count after the last ")".
proc_stat() {
  state=
  pgrp=
  ticks=
  if [ "$eyes" = ps ]; then
    ps_stat "$1"
    return
  fi
  [ -r "$proc/$1/stat" ] || return 0
  stat=
  { while IFS= read -r line; do stat="$stat $line"; done <"$proc/$1/stat"; } 2>/dev/null
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

# ps_stat PID: the same from ps, the start time in UTC as words joined by "_". $state is "?" when ps fails,
# which is not to say that there is no such process.
ps_stat() {
  found=$(LC_ALL=C TZ=UTC0 ps -o state= -o pgid= -o lstart= -p "$1" 2>/dev/null)
  ps_status=$?
  set -f
  # shellcheck disable=SC2086 # split on purpose
  set -- $found
  set +f
  if [ $# -eq 0 ] && [ $ps_status -eq 1 ]; then return 0; fi
  state='?'
  if [ $# -eq 7 ] && [ $ps_status -eq 0 ]; then
    state=${1%"${1#?}"}
    pgrp=$2
    ticks=${3}_${4}_${5}_${6}_$7
  fi
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

# whether_adopted RUN_DIRECTORY: $adopted is set for an operation that was started elsewhere (adopt.sh).
whether_adopted() {
  adopted=
  own_group=
  if [ -f "$1/adopted" ]; then adopted=yes; fi
}

# only_here DIRECTORY: it lies on a file system that no other machine writes to. What others write can be seen
# late; a kind of file system that is not known may be of that sort.
only_here() {
  kind=$(directory=$(cd "$1" 2>/dev/null && pwd -P) awk '
    BEGIN { directory = ENVIRON["directory"] "/" }
    {
      point = $2
      gsub(/\\040/, " ", point)
      if (point != "/") point = point "/"
      # Of several on one point, the last one is to be seen.
      if (index(directory, point) == 1 && length(point) >= longest) { longest = length(point); kind = $3 }
    }
    END { print kind }' "$proc/self/mounts" 2>/dev/null)
  case $kind in
    ext[234] | xfs | btrfs | zfs | f2fs | jfs | reiserfs | bcachefs | overlay | tmpfs | ramfs | fuseblk) return 0 ;;
    *) return 1 ;;
  esac
}

# In a container of LXC, /proc may tell the container's uptime, while start times are counted from the boot of its machine:
# it lies before that of this script, which has just begun, then. $behind is how many seconds later it begins, by a
# process that is started now.
if [ "$eyes" = proc ]; then
  now
  proc_stat $$
  case $ticks:$uptime in
    ???*:[0-9]*)
      if [ "${ticks%??}" -gt "${uptime%%.*}" ]; then
        ticks=$(proc_stat self && echo "$ticks")
        behind=$((${ticks%??} - ${uptime%%.*}))
      fi
      ;;
  esac
fi
