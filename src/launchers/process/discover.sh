# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What the user has running that was not started by us. Stdin: nonce, then SECONDS and NAMES, encoded: programs that run
# for so long are told, those of these names never. Answers, with "more COUNT" for what is left out:
#   process PID PARENT TICKS PORT,... GPU_MIB, with the working folder and the command line in hex, a NUL behind each
#     word; "-" for what there is none of, "?" for memory that the driver does not tell; PARENT is the nearest of its
#     ancestors that is told as well and in the same session, or a container's
#   container RUNTIME ID PID TICKS own|other, with name, image and ports in hex, a tab between them; PID and TICKS "-"
#     where its main process is not to be seen among those of this machine
#   tmux AGE WINDOWS ATTACHED, with the name in hex; no-proc: this host does not show its processes

most_processes=300
most_ports=500
longest_command=2000

receive
read -r least && read -r names && read -r complete || exit 1
[ "$complete" = complete ] || exit 1
least=$(decode "$least")
names=$(decode "$names")
case $least in '' | *[!0-9]*) exit 1 ;; esac
if [ "$eyes" != proc ] || [ -z "$uptime" ]; then
  say no-proc
  finish
fi

# ports_of_processes: a line "L PID PORT" for each port on which a process of ours listens.
ports_of_processes() {
  printf '%s\n.\n%s\n' "$(holders)" "$(sockets)" | LC_ALL=C awk -v most="$most_ports" '
    !listing && $0 == "." { listing = 1; next }
    !listing { if (NF == 3) list[$1] = list[$1] " " $2 " " $3; next }
    NF == 4 && $4 in list {
      count = split(list[$4], part, " ")
      for (at = 1; at < count; at += 2) if (++told <= most) print part[at], part[at + 1], $4, $2
    }' | while read -r pid fd inode port; do
    if [ "$(readlink "$proc/$pid/fd/$fd" 2>/dev/null)" = "socket:[$inode]" ]; then echo "L $pid $port"; fi
  done
}

# memory_on_gpus: a line "G PID MIB" for each process that computes on one; MIB may be "-". As it was gathered, at most a
# minute ago: a driver that hangs is not waited for.
memory_on_gpus() {
  command -v nvidia-smi >/dev/null 2>&1 || return 0
  await gpus 5
  slow_file gpus
  now
  [ -f "$file" ] || return 0
  LC_ALL=C awk -v boot="$boot" -v now="$uptime" '
    NR == 1 { if ($1 != boot || now - $2 > 60) exit }
    sub(/^app /, "") && split($0, field, /, */) == 3 && field[2] ~ /^[0-9]+$/ {
      print "G", field[2], field[3] ~ /^[0-9]+$/ ? field[3] : "-"
    }' "$file"
}

# tell_sessions: of tmux.
tell_sessions() {
  command -v tmux >/dev/null 2>&1 || return 0
  sessions=$(patiently 5 tmux -u list-sessions -F '#{session_created} #{session_windows} #{session_attached} #{session_name}' |
    head -n "$most_entries")
  seconds=$(date +%s)
  while read -r created windows attached name; do
    case $created$windows$attached in '' | *[!0-9]*) continue ;; esac
    [ ${#created} -le 12 ] || continue
    say tmux $((seconds - created)) "$windows" "$attached"
    printf '%s' "$name" | head -c 200 | od -An -v -tx1
  done <<END
$sessions
END
}

# choose: "PID PARENT TICKS PORTS MIB" for each process that is to be told: servers and what is on GPUs first, then the
# youngest. What belongs to an operation is not: it bears its id, its identity is in a run directory, or it comes of
# such a process or lives in the session of one.
choose() {
  {
    printf '%s\n' "$containers" | awk 'NF == 4 && $3 != "-" { print "C", $3 }'
    ports_of_processes
    memory_on_gpus
    # Names of none that can be read are no error.
    grep -l 'REMOTE_OPS_ID=' "$proc"/[0-9]*/environ 2>/dev/null | sed 's|^.*/\([0-9]*\)/environ$|O \1|'
    cat "$runs"/*/ident 2>/dev/null | awk -v boot="$boot" 'NF == 4 && $2 == boot { print "I", $3, $4 }'
    # shellcheck disable=SC2012 # names of numbers
    LC_ALL=C ls -ldn "$proc"/[0-9]* 2>/dev/null | awk -v uid="$(id -u)" '
      $3 == uid { sub(/^.*\//, ""); print "U", $0 }'
    echo S
    cat "$proc"/[0-9]*/stat 2>/dev/null
  } | names=$names LC_ALL=C awk -v now="$uptime" -v least="$least" -v most="$most_processes" '
    # A command name may hold anything, and what looks like another line: the pid is on its first line, and only the
    # line with all the fields, behind the last ")", ends it.
    function take(name, fields, field) {
      fields = $0
      if (!within) {
        if (!match($0, /^[0-9]+ \(/)) return
        within = 1
        pid = $1
        name = substr($0, RLENGTH + 1)
        sub(/\) [^)]*$/, "", name)
        names[pid] = name
      }
      if (!sub(/^.*\) /, "", fields) || split(fields, field, " ") < 20) return
      within = 0
      if (field[1] ~ /^[ZXx]$/) return
      parent[pid] = field[2]
      session[pid] = field[4]
      ticks[pid] = field[20]
    }
    function is_marked(at) {
      return at in bears || (at in run && run[at] == ticks[at])
    }
    function is_ours(at, steps, leader) {
      for (; at in parent && steps < 100; steps++) {
        leader = session[at]
        if (is_marked(at) || leader in bears) return 1
        if (leader in run && (!(leader in ticks) || run[leader] == ticks[leader])) return 1
        at = parent[at]
      }
      return 0
    }
    function is_told(at) {
      if (!(at in mine) || at in container || names[at] in never || at + 0 < 2 || is_ours(at)) return 0
      return at in ports || at in memory || now - ticks[at] / 100 >= least
    }
    # What has a session of its own stands on its own, unless a container holds it.
    function above(at, steps, within) {
      within = session[at]
      for (at = parent[at]; at in parent && steps < 100; steps++) {
        if (at in container || (at in told && session[at] == within)) return at
        at = parent[at]
      }
      return "-"
    }
    BEGIN { count = split(ENVIRON["names"], list, " "); for (at = 1; at <= count; at++) never[list[at]] }
    !stats && $0 == "S" { stats = 1; next }
    stats { take(); next }
    $1 == "C" { container[$2] }
    $1 == "L" { if (!(($2, $3) in seen)) ports[$2] = ports[$2] ($2 in ports && ports[$2] != "" ? "," : "") $3; seen[$2, $3] }
    $1 == "G" { memory[$2] = $3 == "-" ? memory[$2] : memory[$2] + $3; if (memory[$2] == "") memory[$2] = "-" }
    $1 == "O" { bears[$2] }
    $1 == "I" { run[$2] = $3 }
    $1 == "U" { mine[$2] }
    END {
      for (at in parent) if (is_told(at)) told[at]
      for (at in told) {
        rank = at in ports || at in memory ? 0 : 1
        print rank, ticks[at], at, above(at), ticks[at], at in ports ? ports[at] : "-", at in memory ? (memory[at] == "-" ? "?" : memory[at]) : "-"
      }
    }' | sort -k 1,1n -k 2,2nr | LC_ALL=C awk -v most="$most_processes" '
    NR <= most { print $3, $4, $5, $6, $7 }
    END { if (NR > most) print "more", NR - most }'
}

tell_processes() {
  chosen=$(choose)
  while read -r pid parent of_ticks ports memory; do
    case $pid in
      '') continue ;;
      more)
        say more "$parent"
        continue
        ;;
    esac
    # Kernel threads have none.
    command=$(head -c "$longest_command" "$proc/$pid/cmdline" 2>/dev/null | od -An -v -tx1)
    [ -n "$command" ] || continue
    folder=$(readlink "$proc/$pid/cwd" 2>/dev/null)
    proc_stat "$pid"
    if ! is_alive || [ "$ticks" != "$of_ticks" ]; then continue; fi
    say process "$pid" "$parent" "$ticks" "$ports" "$memory"
    printf '%s\0' "$folder" | head -c 1000 | od -An -v -tx1
    printf '%s\n' "$command"
  done <<END
$chosen
END
}

if command -v nvidia-smi >/dev/null 2>&1; then gather gpus 4; fi
find_containers
tell_processes
tell_containers
tell_sessions
finish
