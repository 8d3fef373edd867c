# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Reads a part of an operation's log. Stdin: nonce, then ID OFFSET MAX_BYTES; a negative offset counts
# from the end. Answers: log SIZE OFFSET, and the bytes in hex; or none.

read -r id offset most || exit 1
log=$runs/$id/log
if [ ! -f "$log" ]; then
  say none
  finish
fi
size=$(($(wc -c <"$log")))
if [ "$offset" -lt 0 ]; then
  offset=$((size + offset))
  [ "$offset" -ge 0 ] || offset=0
fi
say log "$size" "$offset"
tail -c "+$((offset + 1))" "$log" | head -c "$most" | od -An -v -tx1
finish
