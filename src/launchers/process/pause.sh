# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Suspends an operation, or lets it go on. Stdin: nonce, then ID MACHINE BOOT PID TICKS stop|continue.
# Answers: paused COUNT | running COUNT | awake COUNT | asleep | leaderless | ended | absent | other-machine | no-proc
# Signals only while the leader is proven to be the operation's, and answers what was seen afterwards.

receive
read -r id known_machine known_boot pid known_ticks wish || exit 1
whether_adopted "$runs/$id"

if [ "$machine" != "$known_machine" ] || elsewhere "$runs/$id"; then
  say other-machine
  finish
fi
first_line "$runs/$id/ident"
if [ -n "$line" ] && [ "$line" != "$known_machine $known_boot $pid $known_ticks" ]; then
  # Somebody else's identity lies there: whoever is meant, it is not proven.
  say absent
  finish
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
group_of "$pid" "$id"
if [ "$boot" != "$known_boot" ] || { [ -z "$proven" ] && { [ "$eyes" = proc ] || ! leads; }; }; then
  say absent
  finish
fi
# Without its leader nobody could tell afterwards that it is suspended, nor keep its exit code.
if ! leads; then
  say leaderless
  finish
fi

# patience: fails once five seconds are over.
patience() {
  now
  [ "${uptime%%.*}" -lt "$until_second" ] || return 1
  sleep 0.1 2>/dev/null || sleep 1
}

# suspended: nobody is awake, twice: while one was looked at, another may have started a third.
suspended() {
  signal STOP
  group_of "$pid" "$id"
  [ "$awake" -eq 0 ] || return 1
  group_of "$pid" "$id"
  [ "$awake" -eq 0 ]
}

now
until_second=$((${uptime%%.*} + 5))
case $wish in
  stop)
    until suspended; do
      if ! leads; then
        say absent
        finish
      fi
      if ! patience; then
        say awake "$awake"
        finish
      fi
    done
    say paused "$members"
    ;;
  continue)
    signal CONT
    while leads; do
      case $state in
        [Tt]) ;;
        *)
          say running "$members"
          finish
          ;;
      esac
      if ! patience; then
        say asleep
        finish
      fi
    done
    say absent
    ;;
esac
finish
