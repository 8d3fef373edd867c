# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# What the machine does, and what its operations use: counters, of which who asked makes rates by two readings. Told
# anew each time, only when asked for, and not at all where there is no /proc:
#   sample host UPTIME CORES LOAD TICKS IDLE TOTAL_KB FREE_KB RECEIVED SENT
#   sample use INDEX TICKS KB: of all processes of that operation, by its number in the request
#   sample disk TOTAL_KB FREE_KB
#   sample sockets UPTIME ok|cut, and "sample socket INDEX INODE BYTES" for each connection of an operation
#   sample gpus UPTIME ok|failed|hung|waiting ASKED, "sample gpu FIELDS", "sample app INDEX FIELDS" ("-" for no
#   operation of those asked about) and "sample problem WORDS". ASKED is the uptime since which somebody waits for the
#   next answer.
# What is not known is "-".

# leaders_of: $leaders, "INDEX PID" for each operation that details are asked of and whose leader or group is proven
# to live by what was just told.
leaders_of() {
  leaders=
  set -f
  IFS=$newline
  for request in $table; do
    unset IFS
    set -- $request
    if [ "$7" = - ]; then continue; fi
    eval "set -- $1 \$told_${part}_$1"
    # "op ID DIRECTORY EXIT CLAIM MACHINE BOOT PID TICKS STATE NOW_TICKS MEMBERS ..." behind the number.
    if [ "$8" != "$boot" ] || ! plain "$9"; then continue; fi
    case ${11}:${10} in
      [ST]:"${12}") leaders="$leaders$1 $9$newline" ;;
      *) case ${13} in [1-9]*) leaders="$leaders$1 $9$newline" ;; esac ;;
    esac
  done
  unset IFS
  set +f
}

# readings: all of it, and ". COUNT" at the end.
readings() {
  {
    printf '%s.\n' "$leaders"
    if [ -n "$leaders" ]; then
      set +f
      cat "$proc"/[0-9]*/stat 2>/dev/null
    fi
  } | LC_ALL=C root=$root proc=$proc boot=$boot gpus=$gpus_file disk=$disk_file sockets=$sockets_file asked=$asked behind=$behind awk '
    function say(text) {
      gsub(/[^ -~]/, "?", text)
      print "sample " text
      count++
    }
    # The counters of what is not a machine of its own: a bridge, a tunnel, a bond or the end of a container passes
    # on what a device has counted.
    function network(file, line, name, at, field, real, all, in_all, out_all, any) {
      file = ENVIRON["proc"] "/net/dev"
      while ((getline line < file) > 0) {
        at = index(line, ":")
        if (!at) continue
        name = substr(line, 1, at - 1)
        gsub(/ /, "", name)
        if (name == "lo" || split(substr(line, at + 1), field, " ") < 9) continue
        if ((getline line < ("/sys/class/net/" name "/device/uevent")) >= 0) {
          real = 1
          received += field[1]
          sent += field[9]
        } else if (name !~ /^(veth|docker|br-|virbr|cni|flannel|cali|tun|tap|wg|bond|team|dummy|ifb|sit|ip6|gre|vxlan)/) {
          any = 1
          in_all += field[1]
          out_all += field[9]
        }
        close("/sys/class/net/" name "/device/uevent")
      }
      close(file)
      if (real) return sprintf("%.0f %.0f", received, sent)
      return any ? sprintf("%.0f %.0f", in_all, out_all) : "- -"
    }
    function processors(file, line, field, at) {
      file = ENVIRON["proc"] "/stat"
      while ((getline line < file) > 0) {
        if (line !~ /^cpu/) break
        split(line, field, " ")
        if (field[1] != "cpu") { cores++; continue }
        # What guests had is among what users had.
        for (at = 2; at <= 9; at++) total += field[at]
        idle = field[5] + field[6]
      }
      close(file)
    }
    function memory(file, line, field) {
      file = ENVIRON["proc"] "/meminfo"
      while ((getline line < file) > 0) {
        split(line, field, " ")
        kb[field[1]] = field[2]
      }
      close(file)
      if (!("MemAvailable:" in kb)) kb["MemAvailable:"] = kb["MemFree:"] + kb["Buffers:"] + kb["Cached:"]
      return sprintf("%.0f %.0f", kb["MemTotal:"], kb["MemAvailable:"])
    }
    function page_size(file, line, field) {
      file = ENVIRON["proc"] "/self/smaps"
      while (!kilobytes && (getline line < file) > 0) {
        if (line ~ /^KernelPageSize:/ && split(line, field, " ")) kilobytes = field[2]
      }
      close(file)
    }
    function opened(file, head, field) {
      if (file == "" || (getline head < file) <= 0) return ""
      return split(head, field, " ") == 2 && field[1] == ENVIRON["boot"] ? field[2] : ""
    }
    function owner_of(pid) { return pid in owner ? owner[pid] : "-" }
    function tell_gpus(file, since, line, field) {
      file = ENVIRON["gpus"]
      if (file == "") return
      since = opened(file)
      if (since == "") { say("gpus - waiting " ENVIRON["asked"]); return }
      while ((getline line < file) > 0) {
        if (line ~ /^gpus /) say("gpus " since " " substr(line, 6) " " ENVIRON["asked"])
        else if (line ~ /^app /) {
          split(substr(line, 5), field, /, */)
          say("app " owner_of(field[2]) " " substr(line, 5))
        } else if (line ~ /^(gpu|problem) /) say(line)
      }
      close(file)
    }
    function tell_sockets(file, since, line, field, fields, at, mine) {
      file = ENVIRON["sockets"]
      since = opened(file)
      if (since == "") return
      while ((getline line < file) > 0) {
        fields = split(line, field, " ")
        if (field[1] == "sockets") say("sockets " since " " field[2])
        for (at = 4; field[1] == "socket" && at <= fields; at++) {
          mine = owner_of(field[at])
          if (mine == "-") continue
          if (++connections <= 500) say("socket " mine " " field[2] " " field[3])
          break
        }
      }
      close(file)
      if (connections > 500) say("sockets " since " cut")
    }
    BEGIN {
      getline uptime < (ENVIRON["proc"] "/uptime")
      sub(/ .*/, "", uptime)
      if (ENVIRON["behind"] > 0) uptime = sprintf("%.2f", uptime + ENVIRON["behind"])
      getline load < (ENVIRON["proc"] "/loadavg")
      sub(/ .*/, "", load)
      processors()
      page_size()
    }
    !ready && $0 == "." { ready = 1; next }
    !ready { leader[$2] = $1; order[++operations] = $1; next }
    # A command name with newlines splits the record, and may look like another: the pid is on its first line, and
    # only the line with all the fields, behind the last ")", ends it.
    !within { if (!/^[0-9]+ \(/) next; pid = $1; within = 1 }
    {
      fields = $0
      if (!sub(/^.*\) /, "", fields) || split(fields, field, " ") < 22) next
      within = 0
      of = pid in leader ? pid : field[3] in leader ? field[3] : field[4]
      if (!(of in leader)) next
      index_of = leader[of]
      owner[pid] = index_of
      # A zombie has used what it has used.
      ticks[index_of] += field[12] + field[13] + field[14] + field[15]
      pages[index_of] += field[22]
    }
    END {
      say("host " uptime " " cores " " load sprintf(" %.0f %.0f ", total, idle) memory() " " network())
      for (at = 1; at <= operations; at++) {
        of = order[at]
        if (of in ticks) {
          say("use " of sprintf(" %.0f ", ticks[of]) (kilobytes ? sprintf("%.0f", pages[of] * kilobytes) : "-"))
        }
      }
      if (opened(ENVIRON["disk"]) != "" && (getline line < ENVIRON["disk"]) > 0) say(line)
      tell_sockets()
      tell_gpus()
      print ". " count + 0
    }' 2>/dev/null
}

# sample: tells a reading, and begins to gather for the next.
sample() {
  if [ "$eyes" != proc ]; then return; fi
  set -f
  gpus_file=
  asked=-
  slow_file disk
  disk_file=$file
  slow_file sockets
  sockets_file=$file
  if command -v nvidia-smi >/dev/null 2>&1; then
    if ! is_gathered gpus; then asked=$begun; fi
    gpus_file=$file
  fi
  found=$(readings)
  number=${found##*"$newline. "}
  case $found:$number in
    *"$newline. $number:$number")
      printf '%s\n' "${found%"$newline. $number"}"
      lines=$((lines + number))
      ;;
  esac
  gather disk 60
  if [ -n "$gpus_file" ]; then gather gpus 4; fi
  if [ -n "$leaders" ] && command -v ss >/dev/null 2>&1; then gather sockets 2; fi
  set +f
}
