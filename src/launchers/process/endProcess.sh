# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Ends one process of the user, and nothing else. Stdin: nonce, then MACHINE BOOT PID TICKS GRACE_SECONDS.
# Answers: dead TERM|KILL | gone | alive | other-machine | other-boot | foreign UID, with the user's name in hex
#   | protected | no-proc | refused, with what the system said in hex
# Identity and user are checked by the script that signals, and the identity again before each signal.

receive
read -r known_machine known_boot pid known_ticks grace || exit 1
case $pid in
  '' | 0 | *[!0-9]*) exit 1 ;;
esac
if [ "$machine" != "$known_machine" ]; then
  say other-machine
  finish
fi
# Machines that were set up from one image share an id: another boot alone is no proof that it has ended.
if [ "$boot" != "$known_boot" ]; then
  say other-boot
  finish
fi
if [ "$pid" = 1 ]; then
  say protected
  finish
fi
if [ -z "$uptime" ]; then
  say no-proc
  finish
fi

# is_there: the process that is meant lives.
is_there() {
  proc_stat "$pid"
  is_alive && [ "$ticks" = "$known_ticks" ]
}

if ! is_there; then
  say gone
  finish
fi
about "$pid"
if [ "$uid" != "$(id -u)" ]; then
  user_name "$uid"
  say foreign "$uid"
  tell_words -
  finish
fi

# Whoever this script came by would take it along: the way to the host.
ancestor=$$
for step in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
  case $ancestor in '' | - | 0 | 1) break ;; esac
  if [ "$ancestor" = "$pid" ]; then
    say protected
    finish
  fi
  about "$ancestor"
  ancestor=$parent
done

# wait_for_end SECONDS: fails when it lives on.
wait_for_end() {
  now
  until_second=$((${uptime%%.*} + $1))
  while is_there; do
    now
    [ "${uptime%%.*}" -lt "$until_second" ] || return 1
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# send NAME: what the system refuses is told, unless it has ended meanwhile.
send() {
  is_there || return 0
  problem=$(kill -"$1" "$pid" 2>&1) || ! is_there || {
    say refused
    printf '%s' "$problem" | od -An -v -tx1 -N 500
    finish
  }
}

how=TERM
send TERM
# What is suspended hears nothing.
send CONT
if ! wait_for_end "$grace"; then
  how=KILL
  send KILL
  if ! wait_for_end 5; then
    say alive
    finish
  fi
fi
say dead "$how"
finish
