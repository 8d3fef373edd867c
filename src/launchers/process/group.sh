# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329,SC2013
# group_of PGID ID: $members is how many live processes the group has, $proven the pids among them that
# carry REMOTE_OPS_ID=ID in their environment. A pid is not given out again while a group is named after
# it, so one proven member proves the group; a group in which nobody proves anything may be a stranger's.
group_of() {
  members=0
  proven=
  for member in $(
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v pgid="$1" '
      # A command name with a newline splits the record: the pid is on its first line, the fields follow
      # the last ")".
      /^[0-9]+ \(/ { pid = $1 }
      { fields = $0
        if (!sub(/^.*\) /, "", fields)) next
        split(fields, field, " ")
        if (field[3] == pgid && field[1] !~ /^[ZXx]$/) print pid }'
  ); do
    members=$((members + 1))
    if tr '\0' '\n' 2>/dev/null <"/proc/$member/environ" | grep -q -x "REMOTE_OPS_ID=$2"; then
      proven="$proven $member"
    fi
  done
}
