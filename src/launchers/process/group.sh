# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329,SC2013
# living_groups PGID...: a line "PGID:OWN:STATE:PID" for each live process of these groups and of the sessions
# named like them (`timeout` makes a group OWN of its own), and "." when all of them were seen: without it
# nothing is known.
living_groups() {
  if [ "$eyes" = ps ]; then
    ps -A -o pid= -o pgid= -o state= 2>/dev/null | awk -v wanted="$*" '
      BEGIN { split(wanted, list, " "); for (at in list) groups[list[at]] = 1 }
      { seen = 1 }
      $3 !~ /^[ZXx]/ && $2 in groups { print $2 ":" $2 ":" substr($3, 1, 1) ":" $1 }
      END { if (seen) print "." }'
  else
    cat "$proc"/[0-9]*/stat 2>/dev/null | awk -v wanted="$*" '
      BEGIN { split(wanted, list, " "); for (at in list) groups[list[at]] = 1 }
      # A command name with newlines splits the record, and may look like another: the pid is on its first line, and
      # only the line with all the fields, behind the last ")", ends it.
      !within { if (!/^[0-9]+ \(/) next; pid = $1; within = 1 }
      { fields = $0
        if (!sub(/^.*\) /, "", fields) || split(fields, field, " ") < 20) next
        within = 0
        seen = 1
        if (field[1] ~ /^[ZXx]$/) next
        group = field[3] in groups ? field[3] : field[4]
        if (group in groups) print group ":" field[3] ":" field[1] ":" pid }
      END { if (seen) print "." }'
  fi
}

# group_in LISTING PGID ID: $members is how many live processes the group has, $awake how many of them are not
# suspended, $groups the groups that they are in, and $proven the pids among them that carry REMOTE_OPS_ID=ID in
# their environment. A pid is not given out again while a group or session is named after it, so one proven member
# proves the group; a group in which nobody proves anything may be a stranger's. One that could not be looked at
# counts as a stranger.
group_in() {
  members=0
  awake=0
  groups=
  proven=
  case $1 in
    *.) ;;
    *)
      members=1
      awake=1
      return
      ;;
  esac
  for pair in $1; do
    [ "${pair%%:*}" = "$2" ] || continue
    member=${pair##*:}
    pair=${pair#*:}
    members=$((members + 1))
    case $pair in *:[Tt]:*) ;; *) awake=$((awake + 1)) ;; esac
    case " $groups " in *" ${pair%%:*} "*) ;; *) groups="$groups ${pair%%:*}" ;; esac
    if tr '\0' '\n' 2>/dev/null <"$proc/$member/environ" | grep -q -x "REMOTE_OPS_ID=$3"; then
      proven="$proven $member"
    fi
  done
}

# group_of PGID ID: the same, as of now.
group_of() {
  if [ -n "$adopted" ]; then
    adopted_group
    return
  fi
  group_in "$(living_groups "$1")" "$1" "$2"
}

# group_alone LISTING PGID: of a listing only the group itself, without others of a session of that name.
group_alone() {
  for pair in $1; do
    case $pair in "$2:$2:"* | .) printf ' %s' "$pair" ;; esac
  done
}

# adopted_group: the same for one that was started elsewhere (adopt.sh). It bears no mark of ours, and may be in the
# group of the shell that it was started from: it is its process and, once that was proven to lead a group, that group.
adopted_group() {
  if leads; then
    own_group=
    if [ "$pgrp" = "$pid" ]; then own_group=yes; fi
    found=" $pid"
  else
    found=
    if [ "$state" = '?' ]; then
      members=1 awake=1 groups='' proven=''
      return
    fi
    # Its pid is another's now: no group is named after it any more.
    if is_alive; then own_group=; fi
  fi
  if [ -n "$own_group" ]; then
    group_in "$(group_alone "$(living_groups "$pid")" "$pid")" "$pid" "$id"
  else
    members=0 awake=0 groups=
    if [ -n "$found" ]; then
      members=1
      case $state in [Tt]) ;; *) awake=1 ;; esac
    fi
  fi
  proven=$found
}

# leads: the process with our pid is the one that we started.
leads() {
  proc_stat "$pid"
  is_alive && [ "$ticks" = "$known_ticks" ]
}

# signal NAME: to all $groups of the session while its leader is proven; else to the proven members. Of one that was
# adopted to its own group, or to its process alone.
signal() {
  if [ -n "$adopted" ]; then
    adopted_group
    if [ -n "$own_group" ]; then
      kill -"$1" -"$pid" 2>/dev/null
    elif [ -n "$proven" ]; then
      kill -"$1" "$pid" 2>/dev/null
    fi
  elif leads; then
    kill -"$1" -"$pid" 2>/dev/null
    for group in $groups; do
      [ "$group" = "$pid" ] || kill -"$1" -"$group" 2>/dev/null
    done
  else
    group_of "$pid" "$id"
    for member in $proven; do
      kill -"$1" "$member" 2>/dev/null
    done
  fi
}
