# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# The containers that the user has running.

most_entries=100

# patiently SECONDS COMMAND...: what hangs is ended, where the system has a timeout.
patiently() {
  if [ -n "$has_timeout" ]; then
    set -- timeout "$@"
  else
    shift
  fi
  LC_ALL=C "$@" 2>/dev/null </dev/null
}
has_timeout=
if timeout 10 true >/dev/null 2>&1; then has_timeout=yes; fi

# list_containers RUNTIME: a line "ID NAME IMAGE PORTS" for each, with tabs between them. Only where it answers without
# a password.
list_containers() {
  command -v "$1" >/dev/null 2>&1 || return 0
  patiently 5 "$1" ps --no-trunc --format '{{.ID}}	{{.Names}}	{{.Image}}	{{.Ports}}' |
    LC_ALL=C awk -F '\t' -v most="$most_entries" '$1 ~ /^[0-9a-f]+$/ && length($1) <= 64 && ++count <= most'
}

# main_processes RUNTIME ID...: a line "ID PID" for each.
main_processes() {
  [ $# -gt 1 ] || return 0
  runtime=$1
  shift
  patiently 5 "$runtime" inspect --format '{{.Id}} {{.State.Pid}}' "$@" | LC_ALL=C awk '
    NF == 2 && $1 ~ /^[0-9a-f]+$/ && $2 ~ /^[1-9][0-9]*$/'
}

# leads_container PID ID: it is the first process of that container, here: what runs containers may do so on another
# machine or among pids of its own, where this is the pid of something else. Of all that a container runs, only the first
# comes of something outside; a parent in another container's pids ("0") proves nothing.
leads_container() {
  [ ${#2} -eq 64 ] || return 1
  set -f
  # shellcheck disable=SC2086 # split on purpose
  set -- "$1" "$2" ${stat##*) }
  set +f
  [ "${4:-0}" -gt 0 ] 2>/dev/null && grep -q -F "$2" "$proc/$1/cgroup" 2>/dev/null &&
    [ "$(cat "$proc/$1/cgroup" 2>/dev/null)" != "$(cat "$proc/$4/cgroup" 2>/dev/null)" ]
}

# proven_processes RUNTIME ID...: a line "RUNTIME ID PID TICKS" for each, with what main_processes tells where it is so.
proven_processes() {
  main_processes "$@" | while read -r id pid; do
    proc_stat "$pid"
    if is_alive && leads_container "$pid" "$id"; then echo "$1 $id $pid $ticks"; else echo "$1 $id - -"; fi
  done
}

# find_containers: $containers has "RUNTIME ID PID TICKS" lines, and $about_containers those that list_containers gives.
# What is called docker may be podman, and both tell the same.
find_containers() {
  containers=
  about_containers=
  for runtime in podman docker; do
    found=$(printf '%s.\n%s\n' "$about_containers" "$(list_containers "$runtime")" | LC_ALL=C awk -F '\t' '
      !listing { if ($0 == ".") listing = 1; else told[$1]; next }
      NF && !($1 in told)')
    [ -n "$found" ] || continue
    about_containers="$about_containers$found
"
    # shellcheck disable=SC2046 # words without blanks
    containers="$containers$(proven_processes "$runtime" $(printf '%s\n' "$found" | cut -f 1))
"
  done
}

# tell_containers: those that run.
tell_containers() {
  while read -r runtime id pid of_ticks; do
    [ -n "$pid" ] || continue
    owner='other'
    # shellcheck disable=SC3067 # all shells that are a /bin/sh know it
    if [ -O "$proc/$pid" ]; then owner='own'; fi
    say container "$runtime" "$id" "$pid" "$of_ticks" "$owner"
    printf '%s\n' "$about_containers" | LC_ALL=C awk -F '\t' -v id="$id" '
      $1 == id { print substr($0, length(id) + 2, 1000); exit }' | od -An -v -tx1
  done <<END
$containers
END
}
