# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Who listens where. The kernel's own table tells the sockets, and the open files of processes who has them: names
# and command lines, which anybody makes up, are told and never parsed.

# sockets: a line "ADDRESS PORT UID INODE" for each socket that listens, "-" for what is not told. Fails where nothing
# can be seen: then no port is known to be free. A table without its heading was not read. ss and netstat say nothing when
# they may not look, so they are believed once they show any TCP socket, and hosts that are reached have one.
sockets() {
  if [ -r "$proc/net/tcp" ]; then
    cat "$proc/net/tcp" "$proc/net/tcp6" 2>/dev/null | LC_ALL=C awk '
      function hex(text, at, sum) {
        for (at = 1; at <= length(text); at++) sum = sum * 16 + index("0123456789ABCDEF", substr(text, at, 1)) - 1
        return sum + 0
      }
      # Each word of four bytes is told the wrong way round.
      function address(text, at, word, list) {
        for (at = 1; at < length(text); at += 8) {
          word = substr(text, at, 8)
          word = substr(word, 7, 2) substr(word, 5, 2) substr(word, 3, 2) substr(word, 1, 2)
          if (length(text) == 8) {
            return hex(substr(word, 1, 2)) "." hex(substr(word, 3, 2)) "." hex(substr(word, 5, 2)) "." hex(substr(word, 7, 2))
          }
          list = list (at > 1 ? ":" : "") tolower(substr(word, 1, 4)) ":" tolower(substr(word, 5, 4))
        }
        return list
      }
      $2 == "local_address" { seen = 1 }
      $4 == "0A" && split($2, part, ":") == 2 { print address(part[1]), hex(part[2]), $8, $10 }
      END { exit !seen }'
  elif command -v ss >/dev/null 2>&1; then
    table=$(LC_ALL=C ss -tane 2>/dev/null) || return 1
    printf '%s\n' "$table" | LC_ALL=C awk '
      NF > 4 && $1 != "State" { seen = 1 }
      $1 == "LISTEN" {
        port = address = $4
        sub(/^.*:/, "", port)
        sub(/:[^:]*$/, "", address)
        gsub(/[][]|%.*$/, "", address)
        if (address == "*") address = "::"
        uid = 0
        inode = "-"
        for (at = 6; at <= NF; at++) {
          if ($at ~ /^uid:[0-9]+$/) uid = substr($at, 5)
          if ($at ~ /^ino:[0-9]+$/) inode = substr($at, 5)
        }
        if (port ~ /^[0-9]+$/) print address, port, uid, inode
      }
      END { exit !seen }'
  else
    table=$(LC_ALL=C netstat -an 2>/dev/null) || return 1
    printf '%s\n' "$table" | LC_ALL=C awk '
      $1 ~ /^tcp/ { seen = 1 }
      $1 ~ /^tcp/ && $6 ~ /^LISTEN/ {
        port = address = $4
        sub(/^.*[.:]/, "", port)
        sub(/[.:][^.:]*$/, "", address)
        sub(/%.*$/, "", address)
        if (address == "*") address = $1 ~ /6$/ ? "::" : "0.0.0.0"
        if (port ~ /^[0-9]+$/) print address, port, "-", "-"
      }
      END { exit !seen }'
  fi
}

# holders: a line "INODE PID FD" for each process that has a socket open, as far as they are ours to see. Where there
# is no /proc: "PORT PID -".
holders() {
  if [ "$eyes" = ps ]; then
    lsof -nP -iTCP -sTCP:LISTEN -Fpn 2>/dev/null | LC_ALL=C awk '
      /^p[0-9]+$/ { pid = substr($0, 2) }
      /^n.*:[0-9]+$/ { sub(/^.*:/, ""); if (!(($0, pid) in told)) print $0, pid, "-"; told[$0, pid] }'
    return
  fi
  # It looks through all processes faster than ls does. What it is made to say of a pid is looked up below.
  # shellcheck disable=SC2046 # numbers
  set -- $(ss -tlnp 2>/dev/null | LC_ALL=C awk '
    { while (match($0, /pid=[0-9]+/)) { print substr($0, RSTART + 4, RLENGTH - 4); $0 = substr($0, RSTART + RLENGTH) } }' |
    sort -u)
  if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # numbers
    set -- $(cd "$proc" && echo [0-9]*)
  fi
  folders=
  for holder in "$@"; do folders="$folders $proc/$holder/fd"; done
  # Of one folder alone, ls does not say which it is.
  # shellcheck disable=SC2012,SC2086 # only what is written before a name is read
  LC_ALL=C ls -ln "$proc/self/fd" $folders 2>/dev/null | LC_ALL=C awk '
    /^\/proc\/[0-9]+\/fd:$/ { split($0, part, "/"); pid = part[3]; next }
    /^\/proc\/self\/fd:$/ { pid = ""; next }
    pid != "" && /^l[^>]* [0-9]+ -> socket:\[[0-9]+\]$/ {
      inode = $NF
      gsub(/[^0-9]/, "", inode)
      if (!((inode, pid) in told)) print inode, pid, $(NF - 2)
      told[inode, pid]
    }'
}

# about PID: of a process, what proc_stat tells, with $parent, $session, $session_ticks (when its leader was started),
# $uid and $operation, the id that it bears in its environment; "-" for what is not told.
about() {
  parent=-
  session=-
  session_ticks=-
  uid=-
  operation=-
  proc_stat "$1"
  if [ "$eyes" = ps ]; then
    # shellcheck disable=SC2046 # numbers
    set -- $(ps -o ppid= -o uid= -p "$1" 2>/dev/null)
    parent=${1:--}
    uid=${2:--}
    return
  fi
  holder=$1
  holder_state=$state
  holder_ticks=${ticks:--}
  set -f
  # shellcheck disable=SC2086 # split on purpose
  set -- ${stat##*) }
  set +f
  parent=${2:--}
  session=${4:--}
  case $session in
    - | 0) ;;
    *)
      proc_stat "$session"
      session_ticks=${ticks:--}
      ;;
  esac
  state=$holder_state
  ticks=$holder_ticks
  { while read -r key line _; do if [ "$key" = Uid: ]; then uid=$line; break; fi; done <"$proc/$holder/status"; } 2>/dev/null
  operation=$(tr '\0' '\n' 2>/dev/null <"$proc/$holder/environ" | sed -n 's/^REMOTE_OPS_ID=//p' 2>/dev/null | head -n 1)
  case $operation in
    '' | *[!A-Za-z0-9-]*) operation=- ;;
  esac
  [ ${#operation} -le 64 ] || operation=-
}

# user_name UID: $user, empty where nobody has that number.
user_name() {
  user=
  case $1 in
    '' | *[!0-9]*) return ;;
  esac
  eval "user=\${user_$1-}"
  [ -z "$user" ] || return 0
  user=$(getent passwd "$1" 2>/dev/null || awk -F : -v uid="$1" '$3 == uid { print; exit }' /etc/passwd 2>/dev/null)
  user=${user%%:*}
  eval "user_$1=\$user"
}

# tell_words PID: user, name and command line of a process, in hex, with a NUL behind each, cut to what fits a line.
tell_words() {
  {
    printf '%s\0' "$user"
    if [ "$1" != - ]; then
      if [ "$eyes" = ps ]; then
        ps -o comm= -p "$1"
        printf '\0'
        ps -o args= -p "$1" | head -c 1000
      else
        head -c 64 "$proc/$1/comm"
        printf '\0'
        head -c 1000 "$proc/$1/cmdline" | tr '\0' ' '
      fi
    fi
  } 2>/dev/null | od -An -v -tx1
}

# tell_listeners [PORT...]: for each socket that listens on one of the ports (on any, where none is named) and each
# process that has it, a line
# "listener ADDRESS PORT UID PID TICKS PARENT SESSION SESSION_TICKS OPERATION" and its words; PID and what follows it
# are "-" where no process can be seen. At most 500, then "more COUNT". $open has all sockets. Fails where nothing can
# be seen.
tell_listeners() {
  open=$(sockets) || return 1
  held=$(holders)
  listed=$(printf '%s\n.\n%s\n' "$held" "$open" | LC_ALL=C awk -v ports=" $* " -v most=500 -v eyes="$eyes" '
    !listing && $0 == "." { listing = 1; next }
    !listing { if (NF == 3) list[$1] = list[$1] " " $2 ":" $3; next }
    NF != 4 || (ports ~ /[0-9]/ && !index(ports, " " $2 " ")) { next }
    ++count > most { next }
    { key = eyes == "ps" ? $2 : $4; print $1, $2, $3, $4 (key in list ? list[key] : " -") }
    END { if (count > most) print "more", count - most }')
  while read -r address port socket_uid inode pairs; do
    case $address in
      '') continue ;;
      more)
        say more "$port"
        continue
        ;;
    esac
    seen=
    for pair in $pairs; do
      pid=${pair%%:*}
      fd=${pair#*:}
      [ "$pid" != - ] || continue
      if [ "$fd" != - ] && [ "$(readlink "$proc/$pid/fd/$fd" 2>/dev/null)" != "socket:[$inode]" ]; then continue; fi
      about "$pid"
      is_alive || continue
      seen=yes
      user_name "$uid"
      say listener "$address" "$port" "$uid" "$pid" "$ticks" "$parent" "$session" "$session_ticks" "$operation"
      tell_words "$pid"
    done
    if [ -z "$seen" ]; then
      user_name "$socket_uid"
      say listener "$address" "$port" "$socket_uid" - - - - - -
      tell_words -
    fi
  done <<END
$listed
END
}
