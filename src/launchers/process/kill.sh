# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Ends an operation. Stdin: nonce, then ID MACHINE BOOT PID TICKS GRACE_SECONDS RUNS_ID.
# Answers: dead | alive COUNT | sealed | claimed | ended | absent | other-machine | no-proc
# Signals only what is proven to be the operation: its leader by start time, or group members by their
# environment.

receive
read -r id known_machine known_boot pid known_ticks grace known_runs || exit 1
if [ "$known_runs" = - ]; then known_runs=$runs_id; fi
whether_adopted "$runs/$id"

# identified: takes the identity from the run directory, where it came after what is known to the caller.
identified() {
  first_line "$runs/$id/ident"
  [ -n "$line" ] || return 1
  read -r known_machine known_boot pid known_ticks <<EOF
$line
EOF
}

# mark: tells a supervisor that has not begun not to, and lookers that the end was our doing.
mark() {
  # Not ":", whose failed redirection would end the shell: the run directory may be gone.
  printf '' 2>/dev/null >"$runs/$id/claim/killed"
}

if [ "$known_machine" != - ] && { [ "$machine" != "$known_machine" ] || elsewhere "$runs/$id"; }; then
  say other-machine
  finish
fi
if [ "$pid" != - ]; then
  first_line "$runs/$id/ident"
  if [ -n "$line" ] && [ "$line" != "$known_machine $known_boot $pid $known_ticks" ]; then
    # Somebody else's identity lies there: whoever is meant, it is not proven.
    say absent
    finish
  fi
elif ! identified; then
  # Not launched as far as is known: taking the claim keeps a launch still under way from starting it.
  if [ -d "$runs" ] && [ "$runs_id" = "$known_runs" ] && mkdir -p "$runs/$id" && mkdir "$runs/$id/claim"; then
    mark
    say sealed
    finish
  fi 2>/dev/null
  # The supervisor tells its identity, then looks for the mark; we the other way round: one sees the other.
  mark
  if ! identified; then
    say claimed
    finish
  fi
fi
case $pid in
  '' | 0 | 1 | *[!0-9]*)
    say absent
    finish
    ;;
esac
if [ -z "$uptime" ]; then
  say no-proc
  finish
fi
if [ -f "$runs/$id/exit_code" ]; then
  say ended
  finish
fi
if [ "$boot" != "$known_boot" ]; then
  say absent
  finish
fi

# One that was adopted is proven by its start time. Where environments can be read, somebody in the group of another has to say
# that it is this operation.
group_of "$pid" "$id"
if [ -z "$proven" ] && { [ "$eyes" = proc ] || ! leads; }; then
  say absent
  finish
fi

# wait_for_death SECONDS: waits until $members, the live processes of the group, is 0.
wait_for_death() {
  now
  until_second=$((${uptime%%.*} + $1))
  while :; do
    group_of "$pid" "$id"
    [ "$members" -gt 0 ] || return 0
    now
    [ "${uptime%%.*}" -lt "$until_second" ] || return 0
    sleep 0.1 2>/dev/null || sleep 1
  done
}

mark
signal TERM
signal CONT
wait_for_death "$grace"
if [ "$members" -gt 0 ]; then
  signal KILL
  wait_for_death 5
fi
if [ "$members" -gt 0 ]; then
  say alive "$members"
else
  say dead
fi
finish
