# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Looks at tasks. Stdin: nonce, the id of an operation a line, "complete".
# Answers: pueue failed CODE, with its words in hex | pueue ok, and then what it has of the operations:
#   task NUMBER STATE {...} | group {...} | strange | whole
# now SECONDS, and "claimed ID" for each that a supervisor has begun, or that was called off.

receive
table=$(cat)
[ "${table##*"$newline"}" = complete ] || exit 1
table=${table%complete}

if ask_status "$table"; then
  say pueue ok
  tell "$listing"
else
  say pueue failed "$(why "$said")"
  words "$said"
fi
say now "$(date +%s)"
for id in $table; do
  if [ -d "$runs/$id/claim" ]; then say claimed "$id"; fi
done
finish
