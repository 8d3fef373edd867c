# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# What may take long to tell, or hang: GPUs, the file system of the run directories, connections. It is gathered in
# the background, and the next look tells what came of it: no look waits. What was told and who gathers lies in
# files beside the run directories, for others and for whoever comes after a lost connection: of a driver that
# hangs for good, one process of ours hangs, not one for each look.
# A file begins with a line "BOOT UPTIME", the one of who gathers is "BOOT UPTIME PID TICKS".

# slow_file NAME: its $file on this node.
slow_file() {
  case $node in
    '' | *[!A-Za-z0-9.-]*) file=$root/.$1-here ;;
    *) file=$root/.$1-$node ;;
  esac
}

# is_gathered NAME: nobody gathers it now. Otherwise $begun is since when, in seconds of uptime.
is_gathered() {
  slow_file "$1"
  first_line "$file.begun"
  set -- $line
  [ "$1" = "$boot" ] || return 0
  case ${2%%.*}:$3:$4 in
    *[!0-9:]* | :* | *::* | *:) return 0 ;;
  esac
  begun=${2%%.*}
  proc_stat "$3"
  ! is_alive || [ "$ticks" != "$4" ]
}

# is_late NAME SECONDS: somebody has been gathering it for so long.
is_late() {
  if is_gathered "$1"; then return 1; fi
  now
  [ $((${uptime%%.*} - begun)) -ge "$2" ]
}

# await NAME SECONDS: until it is gathered. Fails where somebody has been at it for so long.
await() {
  waited=0
  until is_gathered "$1"; do
    if is_late "$1" "$2" || [ $waited -ge $(($2 * 4)) ]; then return 1; fi
    sleep 0.25 2>/dev/null || sleep 1
    waited=$((waited + 1))
  done
}

# gather NAME SECONDS: begins unless somebody is at it, or began less than so long ago. Where nothing can be
# written, nothing is begun.
gather() {
  now
  slow_file "$1"
  first_line "$file.begun"
  began=${line#* }
  began=${began%% *}
  began=${began%%.*}
  case $line:$began in
    "$boot "*:*[!0-9]* | "$boot "*:) ;;
    "$boot "*) if [ $((${uptime%%.*} - began)) -lt "$2" ]; then return 0; fi ;;
  esac
  [ -d "$root" ] || mkdir -p "$root" 2>/dev/null
  is_gathered "$1" && { printf '%s\n' "$boot $uptime" >"$file.begun"; } 2>/dev/null || return 0
  {
    # By a name of its own: two may have begun at once.
    if gather_"$1" 2>/dev/null >"$file.$$"; then mv -f "$file.$$" "$file"; else rm -f "$file.$$"; fi
  } </dev/null >/dev/null 2>&1 &
  gatherer=$!
  proc_stat $gatherer
  { printf '%s\n' "$boot $uptime $gatherer ${ticks:--}" >"$file.begun"; } 2>/dev/null
}

# bounded COMMAND...
bounded() {
  if timeout 10 true 2>/dev/null; then set -- timeout 10 "$@"; fi
  LC_ALL=C "$@" 2>/dev/null </dev/null
}

# gather_gpus: "gpus ok", and lines "gpu FIELDS" and "app FIELDS"; "gpus failed" with "problem WORDS", "gpus hung".
gather_gpus() {
  fields=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,power.limit
  state=ok
  # Old drivers do not know of MIG.
  listed=$(ask_smi "--query-gpu=$fields,mig.mode.current") || state=$?
  if [ $state != ok ] && [ $state -ne 124 ]; then
    state=ok
    listed=$(ask_smi "--query-gpu=$fields") || state=$?
  fi
  apps=
  if [ $state = ok ]; then apps=$(ask_smi --query-compute-apps=gpu_uuid,pid,used_memory) || apps=; fi
  now
  echo "$boot $uptime"
  case $state in
    ok)
      echo gpus ok
      printf '%s\n' "$listed" | head -n 64 | cut -c 1-300 | sed 's/^/gpu /'
      if [ -n "$apps" ]; then printf '%s\n' "$apps" | head -n 512 | cut -c 1-200 | sed 's/^/app /'; fi
      ;;
    124 | 143) echo gpus hung ;;
    *)
      echo gpus failed
      printf '%s\n' "$listed" | head -n 3 | cut -c 1-200 | sed 's/^/problem /'
      ;;
  esac
}

gather_disk() {
  # Before anything was started there is no such folder.
  if [ -d "$runs" ]; then folder=$runs; else folder=$root; fi
  disk=$(bounded df -P -k "$folder") || return
  echo "$boot $uptime"
  # Names of devices and of folders may hold blanks.
  printf '%s\n' "$disk" | LC_ALL=C awk '
    match($0, / [0-9]+ +[0-9]+ +[0-9]+ +[0-9]+% /) {
      split(substr($0, RSTART, RLENGTH), kilobytes, " ")
      print "disk", kilobytes[1], kilobytes[3]
      exit
    }'
}

# gather_sockets: "socket INODE BYTES PID..." for each TCP connection with another machine whose processes are to be seen.
# What stays on this one is no network traffic of the host either.
gather_sockets() {
  now
  sockets=$(bounded ss -tinpe) || return
  echo "$boot $uptime"
  printf '%s\n' "$sockets" | LC_ALL=C awk -v most=2000 '
    # Old versions put no brackets around IPv6 addresses.
    function address(end) {
      sub(/:[^:]*$/, "", end)
      gsub(/%[^]]*|[][]/, "", end)
      return end
    }
    function stays(ours, theirs) {
      ours = address(ours)
      theirs = address(theirs)
      return ours == theirs || theirs == "::1" || theirs ~ /^(::ffff:)?127\./
    }
    /^[A-Z]/ {
      inode = pids = ""
      if (stays($4, $5)) next
      text = $0
      if (match(text, /ino:[0-9]+/)) inode = substr(text, RSTART + 4, RLENGTH - 4)
      while (length(pids) < 60 && match(text, /pid=[0-9]+/)) {
        pids = pids " " substr(text, RSTART + 4, RLENGTH - 4)
        text = substr(text, RSTART + RLENGTH)
      }
      next
    }
    inode == "" || pids == "" { next }
    {
      bytes = 0
      if (match($0, /bytes_acked:[0-9]+/)) bytes += substr($0, RSTART + 12, RLENGTH - 12)
      if (match($0, /bytes_received:[0-9]+/)) bytes += substr($0, RSTART + 15, RLENGTH - 15)
      if (++count <= most) printf "socket %s %.0f%s\n", inode, bytes, pids
      inode = ""
    }
    END { print (count > most ? "sockets cut" : "sockets ok") }'
}
