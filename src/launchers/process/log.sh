# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Reads a part of an operation's log. Stdin: nonce, then ID OFFSET MAX_BYTES; a negative offset counts
# from the end. Answers: log SIZE OFFSET, and the bytes in hex; or none.

receive
read -r id offset most || exit 1
log=$runs/$id/log
if [ ! -f "$log" ]; then
  say none
  finish
fi
# Not wc: the one of busybox reads all of it, and counts to 4 GiB only.
# shellcheck disable=SC2012,SC2046 # split on purpose; a name without blanks
set -- $(ls -lnL "$log")
size=$5
if [ "$offset" -lt 0 ]; then
  offset=$((size + offset))
  [ "$offset" -ge 0 ] || offset=0
fi
say log "$size" "$offset"
# dd seeks, in 64 bits everywhere; the tail of busybox does neither from the start of a file.
dd if="$log" bs=4096 skip=$((offset / 4096)) 2>/dev/null | tail -c "+$((offset % 4096 + 1))" | head -c "$most" | od -An -v -tx1
finish
