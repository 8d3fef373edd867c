# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# The answer of every script is one framed block: the caller's nonce, who we are, lines, their count.
# A reader that misses any part of it throws the block away.

umask=$(umask)
umask 077
root=${HOME:?}/.remote-ops
runs=$root/runs

# begin: the block that answers $nonce.
begin() {
  lines=0
  this_machine
  now
  first_line "$runs/.id"
  runs_id=${line%% *}
  # On a line of its own, also behind a banner without a newline.
  printf '\nremote-ops begin %s %s %s %s %s\n' "$nonce" "$machine" "$boot" "${uptime:--}" "${runs_id:--}"
}

# receive: takes the nonce of the only request and begins the answer.
receive() {
  IFS= read -r nonce || exit 1
  begin
}

# say WORD...: one line of the answer.
say() {
  lines=$((lines + 1))
  printf '%s\n' "$*"
}

# decode TEXT: undoes the caller's encoding of a field, "=" and printable octal escapes.
decode() {
  printf %b "${1#=}"
}

# end: of the block.
end() {
  printf 'remote-ops end %s %s\n' "$nonce" "$lines"
}

finish() {
  end
  exit 0
}
