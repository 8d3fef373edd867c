# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# The answer of every script is one framed block: the caller's nonce, who we are, lines, their count.
# A reader that misses any part of it throws the block away.

umask=$(umask)
umask 077
root=${HOME:?}/.remote-ops
runs=$root/runs
lines=0

# say WORD...: one line of the answer.
say() {
  lines=$((lines + 1))
  printf '%s\n' "$*"
}

# hex FILE MAX_BYTES: its content, as lines that begin with a blank. They do not count as lines.
hex() {
  od -An -v -tx1 -N "$2" "$1" 2>/dev/null
}

# decode TEXT: undoes the caller's encoding of a field, "=" and printable octal escapes.
decode() {
  printf %b "${1#=}"
}

finish() {
  printf 'remote-ops end %s %s\n' "$nonce" "$lines"
  exit 0
}

IFS= read -r nonce || exit 1
this_machine
now
# On a line of its own, also behind a banner without a newline.
printf '\nremote-ops begin %s %s %s %s\n' "$nonce" "$machine" "$boot" "${uptime:--}"
