# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# Ends the tasks of an operation. Stdin: nonce, then ID MACHINE GRACE_SECONDS RUNS_ID.
# Answers: dead | sealed | ended | look | alive COUNT | unasked CODE, with pueue's words in hex | other-machine
# Numbers of tasks are given out again: right before each act it is the label that tells whose they are.

receive
read -r id known_machine grace known_runs || exit 1
if { [ "$known_machine" != - ] && [ "$machine" != "$known_machine" ]; } ||
  { [ "$known_runs" != - ] && [ "$runs_id" != "$known_runs" ]; }; then
  say other-machine
  finish
fi
run=$runs/$id
if [ -f "$run/exit_code" ]; then
  say ended
  finish
fi

# Whatever pueue starts from here on finds the claim taken, and whoever looks finds that we did it.
sealed=
if mkdir -p "$run" 2>/dev/null && mkdir "$run/claim" 2>/dev/null; then sealed=yes; fi
printf '' 2>/dev/null >"$run/claim/killed"

# ours STATES: the numbers of our tasks in one of these states, as of now.
ours() {
  if ! ask_status "$id"; then
    if [ -n "$sealed" ]; then
      say sealed
    else
      say unasked "$(why "$said")"
      words "$said"
    fi
    finish
  fi
  numbers=$(printf '%s\n' "$listing" | awk -v states=" $1 " '$1 == "task" && index(states, " " $3 " ") { print $2 }')
}

now
began=${uptime%%.*}
seen=
asked=
while :; do
  ours 'Queued Stashed Locked'
  for number in $numbers; do call remove "$number" >/dev/null 2>&1; done
  ours 'Running Paused'
  if [ -z "$numbers" ]; then
    waiting=$(printf '%s\n' "$listing" | grep -c -E '^task [0-9]+ (Queued|Stashed|Locked) ')
    [ "$waiting" -gt 0 ] || break
  fi
  now
  took=$((${uptime%%.*} - began))
  if [ "$took" -ge $((grace + 15)) ]; then
    say alive "$(printf '%s\n' $numbers | grep -c .)"
    finish
  fi
  for number in $numbers; do
    seen=yes
    if [ "$took" -ge "$grace" ]; then
      call kill "$number" >/dev/null 2>&1
    elif [ "$asked" != "$number" ]; then
      call kill --signal SIGTERM "$number" >/dev/null 2>&1
      call kill --signal SIGCONT "$number" >/dev/null 2>&1
      asked=$number
    fi
  done
  sleep 0.3 2>/dev/null || sleep 1
done
if [ -n "$sealed" ]; then
  say sealed
elif [ -n "$seen" ]; then
  say dead
else
  say look
fi
finish
