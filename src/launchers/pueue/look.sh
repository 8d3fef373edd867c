# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# Looks at tasks. Stdin: nonce, OTHERS as tasks_of takes it, the id of an operation a line, "complete".
# Answers: pueue failed CODE, with its words in hex | pueue ok, and then what it has of the operations, and of others:
#   task NUMBER STATE {...} | other NUMBER STATE {...} | more COUNT | group {...} | strange | whole
#   daemon NAME, where the one that answers can be told from others
#   handed ID same|other|unknown|none, for each that has not begun: to this daemon or another one
# now SECONDS, and "claimed ID" for each that a supervisor has begun, or that was called off.

receive
IFS= read -r others || exit 1
table=$(cat)
[ "${table##*"$newline"}" = complete ] || exit 1
table=${table%complete}

answered=
if ask_status "$table" "$others"; then
  answered=yes
  this_daemon
  say pueue ok
  tell "$listing"
  if [ -n "$daemon" ]; then say daemon "$daemon"; fi
else
  say pueue failed "$(why "$said")"
  words "$said"
fi
say now "$(date +%s)"
for id in $table; do
  if [ -d "$runs/$id/claim" ]; then
    say claimed "$id"
  elif [ -n "$answered" ]; then
    handed "$id"
    say handed "$id" $handed
  fi
done
finish
