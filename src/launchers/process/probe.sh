# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Looks at operations. Stdin: nonce, then a line each: ID PID TICKS BOOT PORT DETAIL ("-" when unknown).
# Answers a line each, MEMBERS being a count, "unproven", or "-" when it was not looked up: op ID DIRECTORY EXIT CLAIM MACHINE BOOT PID TICKS STATE NOW_TICKS MEMBERS KILLED ENDED
# and, in between, "progress ID" and "ports HEX..." with their data.

# exit_of DIRECTORY: $code is a number, "-" when there is no file, "bad" when it holds no number.
exit_of() {
  code=-
  [ -f "$1/exit_code" ] || return 0
  first_line "$1/exit_code"
  case $line in
    '' | *[!0-9]* | ????*) code=bad ;;
    *) code=$line ;;
  esac
  if [ "$code" != bad ] && [ "$code" -gt 255 ]; then code=bad; fi
}

# answer MEMBERS: the line of the operation under way.
answer() {
  killed=-
  ended=-
  if [ -e "$dir/claim/signalled" ]; then killed=signalled; fi
  if [ -e "$dir/claim/killed" ]; then killed=killed; fi
  first_line "$dir/claim/ended"
  ended=${line:--}
  say op "$id" "$present" "$code" "$claim" "$i_machine" "$i_boot" "$i_pid" "$i_ticks" \
    "${state:--}" "${ticks:--}" "$1" "$killed" "$ended"
  if [ -f "$dir/progress.json" ] && { [ "$detail" = detail ] || [ "$code" != - ]; }; then
    say progress "$id"
    hex "$dir/progress.json" 16384
  fi
}

# look: everything about one operation but its group.
look() {
  dir=$runs/$id
  present=no
  claim=no
  i_machine=- i_boot=- i_pid=$pid i_ticks=$known_ticks
  state=- ticks=-
  [ -d "$dir" ] && [ -x "$dir" ] && present=yes
  [ -d "$dir/claim" ] && claim=yes
  exit_of "$dir"
  first_line "$dir/ident"
  if [ -n "$line" ]; then
    read -r i_machine i_boot i_pid i_ticks <<EOF
$line
EOF
  else
    i_boot=$known_boot
  fi
  if elsewhere "$dir"; then i_machine=$i_machine@$line; fi
  case $i_pid in
    '' | *[!0-9]*) ;;
    *) proc_stat "$i_pid" ;;
  esac
}

absent=
ports=
while read -r id pid known_ticks known_boot port detail; do
  look
  [ "$port" = - ] || ports=yes
  case $code in
    - | bad) coded=no ;;
    *) coded=yes ;;
  esac
  if [ $coded = no ] && [ "$i_pid" != - ] && [ "$i_boot" = "$boot" ] &&
    ! { is_alive && [ "$ticks" = "$i_ticks" ]; }; then
    absent="$absent$id $pid $known_ticks $known_boot $detail
"
  else
    answer -
  fi
done

# The leader is gone. Its group may live on, and exit_code may have been written meanwhile: look again,
# at the group first.
if [ -n "$absent" ]; then
  while read -r id pid known_ticks known_boot detail; do
    [ -n "$id" ] || continue
    first_line "$runs/$id/ident"
    leader=${line#* * }
    leader=${leader%% *}
    proc_stat "${leader:-$pid}"
    if [ -n "$state" ] && is_alive; then
      members=0 # its pid belongs to another process now, so no group is named after it
    else
      group_of "${leader:-$pid}" "$id"
      if [ "$members" -gt 0 ] && [ -z "$proven" ]; then members=unproven; fi
    fi
    look
    answer "$members"
  done <<EOF
$absent
EOF
fi

if [ -n "$ports" ]; then
  say ports "$(awk '$4 == "0A" { sub(/.*:/, "", $2); printf "%s ", $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)"
fi
finish
