# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# Suspends the task of an operation or lets it go on; one that waits is stashed or enqueued. Stdin: nonce, then
# ID MACHINE RUNS_ID pause|go.
# Answers: done STATE | look | none | unasked CODE, with pueue's words in hex | refused, with them | other-machine

receive
read -r id known_machine known_runs wish || exit 1
if { [ "$known_machine" != - ] && [ "$machine" != "$known_machine" ]; } ||
  { [ "$known_runs" != - ] && [ "$runs_id" != "$known_runs" ]; }; then
  say other-machine
  finish
fi
if [ -f "$runs/$id/exit_code" ]; then
  say look
  finish
fi

# shows STATE: the process that leads it is as pueue says, which may be ahead of it; so is what has not begun.
shows() {
  first_line "$runs/$id/ident"
  if [ -z "$line" ] || [ -z "$eyes" ]; then return 0; fi
  read -r _ _ pid known_ticks <<EOF
$line
EOF
  proc_stat "$pid"
  [ "$ticks" = "$known_ticks" ] || return 1
  case $1-$state in
    Paused-[Tt]) ;;
    Paused-* | Running-[TtZXx]) return 1 ;;
  esac
}

# With a claim, those that wait will do nothing.
states='Running Paused Queued Stashed'
if [ -d "$runs/$id/claim" ]; then states='Running Paused'; fi
reply=
acted=
tries=0
while :; do
  if ! ask_status "$id"; then
    say unasked "$(why "$said")"
    words "$said"
    finish
  fi
  task=$(printf '%s\n' "$listing" | awk -v states=" $states " '$1 == "task" && index(states, " " $3 " ") { print $2, $3; exit }')
  number=${task% *}
  said_state=${task#* }
  case $wish-$said_state in
    *-) act= ;;
    pause-Running) act=pause ;;
    pause-Queued) act=stash ;;
    go-Paused) act=start ;;
    go-Stashed) act=enqueue ;;
    *)
      act='wait'
      if shows "$said_state"; then
        say 'done' "$said_state"
        finish
      fi
      ;;
  esac
  if [ -z "$act" ]; then
    say none
    finish
  fi
  if [ $tries -ge 50 ]; then
    say refused
    words "$reply"
    finish
  fi
  # Once for each state that it is found in: pueue takes a moment.
  if [ "$act" != wait ] && [ "$acted" != "$act" ]; then
    reply=$(call "$act" "$number" 2>&1 | told)
    acted=$act
  fi
  tries=$((tries + 1))
  sleep 0.1 2>/dev/null || sleep 1
done
