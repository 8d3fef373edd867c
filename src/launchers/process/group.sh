# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329,SC2013
# living_groups PGID...: a line "PGID:PID" for each live process of these groups, and "." when all of them
# were seen: without it nothing is known.
living_groups() {
  if [ "$eyes" = ps ]; then
    ps -A -o pid= -o pgid= -o state= 2>/dev/null | awk -v wanted="$*" '
      BEGIN { split(wanted, list, " "); for (at in list) groups[list[at]] = 1 }
      { seen = 1 }
      $3 !~ /^[ZXx]/ && $2 in groups { print $2 ":" $1 }
      END { if (seen) print "." }'
  else
    cat "$proc"/[0-9]*/stat 2>/dev/null | awk -v wanted="$*" '
      BEGIN { split(wanted, list, " "); for (at in list) groups[list[at]] = 1 }
      # A command name with a newline splits the record: the pid is on its first line, the fields follow
      # the last ")".
      /^[0-9]+ \(/ { pid = $1; seen = 1 }
      { fields = $0
        if (!sub(/^.*\) /, "", fields)) next
        split(fields, field, " ")
        if (field[3] in groups && field[1] !~ /^[ZXx]$/) print field[3] ":" pid }
      END { if (seen) print "." }'
  fi
}

# group_in LISTING PGID ID: $members is how many live processes the group has, $proven the pids among them
# that carry REMOTE_OPS_ID=ID in their environment. A pid is not given out again while a group is named
# after it, so one proven member proves the group; a group in which nobody proves anything may be a
# stranger's. One that could not be looked at counts as a stranger.
group_in() {
  members=0
  proven=
  case $1 in
    *.) ;;
    *)
      members=1
      return
      ;;
  esac
  for pair in $1; do
    [ "${pair%%:*}" = "$2" ] || continue
    member=${pair#*:}
    members=$((members + 1))
    if tr '\0' '\n' 2>/dev/null <"$proc/$member/environ" | grep -q -x "REMOTE_OPS_ID=$3"; then
      proven="$proven $member"
    fi
  done
}

# group_of PGID ID: the same, as of now.
group_of() {
  group_in "$(living_groups "$1")" "$1" "$2"
}
